// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStatus;
import io.millrace.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One storage format of training data; found by {@link java.util.ServiceLoader}. Implementations
 * have a public constructor without arguments, keep no state and are thread-safe.
 */
public interface DatasetFormat extends ShardOpener {

  /** The name that users write, such as {@code mds}: lower case, unique among formats. */
  String name();

  /**
   * Whether a directory holds a dataset of this format, judged by what lies directly in it, without
   * reading any object.
   */
  boolean recognises(List<ObjectStatus> children);

  /**
   * Finds the shards of the dataset under a root. Every claim that can be checked without reading
   * samples is checked here: that the objects exist and have the lengths that the index says. May
   * block on the store.
   *
   * @throws io.millrace.storage.CorruptObjectException if the index is damaged or hostile, or an
   *     object's length is not what it says
   * @throws java.io.FileNotFoundException if the root, the index or an object of it is missing
   */
  DatasetManifest discover(ObjectStore store, ObjectLocation root) throws IOException;

  /**
   * Finds the same shards as {@link #discover}, though some of their objects are damaged or
   * missing: what is wrong with them shows when they are opened. A dataset without such faults is
   * the same both ways.
   */
  default DatasetManifest discoverLeniently(ObjectStore store, ObjectLocation root)
      throws IOException {
    return discover(store, root);
  }

  /**
   * A part of a shard as a shard of its own, where the format can cut it at no cost, such as a
   * group of files that are a sample each: with the same name and index, and {@link ShardCut#first}
   * telling where the part begins.
   *
   * @param first its first sample, counted in the shard that is given
   * @param count its samples, at least 1
   * @return empty if the format reads shards of this kind as they are
   */
  default Optional<Shard> slice(Shard shard, long first, long count) {
    return Optional.empty();
  }
}
