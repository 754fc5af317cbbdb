// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.GenerationListing;
import io.millrace.format.ShardList;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts the samples of a tree into generations, by the time at which their files were changed, and
 * groups those of each to shards. Files without a byte may be left out: they are about to be
 * written.
 */
final class TreeGenerations {

  private final ObjectLocation root;
  private final long[] known;
  private final long next;
  private final boolean takesEmpty;
  private final List<TorchShards> generations = new ArrayList<>();
  private long newest = Long.MIN_VALUE;

  /**
   * @param takesEmpty whether files without a byte are samples
   */
  TreeGenerations(ObjectLocation root, long[] known, long next, boolean takesEmpty) {
    this.takesEmpty = takesEmpty;
    this.root = root;
    this.known = known.clone();
    this.next = next;
    for (int i = 0; i <= known.length; i++) {
      generations.add(new TorchShards());
    }
  }

  /** Takes the next sample of the tree. */
  void add(String path, ObjectVersion version) throws IOException {
    long changed = version.modifiedMillis();
    if (changed <= 0) {
      throw new IOException(
          "Cannot tell new files of "
              + root
              + " from old ones: "
              + path
              + " has no modification time; leave scan.discovery.interval and"
              + " scan.restore.on-change = accept-new-shards out");
    }
    newest = Math.max(newest, changed);
    if (version.length() == 0 && !takesEmpty) {
      return;
    }
    for (int i = 0; i < known.length; i++) {
      if (changed <= known[i]) {
        generations.get(i).add(path, version);
        return;
      }
    }
    if (changed <= next) {
      generations.get(known.length).add(path, version);
    }
  }

  /**
   * What was found.
   *
   * @param descriptor of all shards
   */
  GenerationListing build(Bytes descriptor) {
    List<ShardList> lists = new ArrayList<>();
    for (TorchShards shards : generations) {
      lists.add(TorchShards.describe(shards.build(), descriptor, TorchShards.INFLATION));
    }
    return new GenerationListing(lists.subList(0, known.length), lists.get(known.length), newest);
  }
}
