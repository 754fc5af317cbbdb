// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.flink.scan.PartSummary;
import io.millrace.flink.scan.ShardNames;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.format.ShardObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what a selection of shards reads of a dataset. On the client only. */
final class SelectedDataset {

  private int shards;
  private long units;
  private long samples;
  private long storedBytes;

  /** By part, of one that is joined. */
  private final long[] partBytes;

  /** The objects of the shard before, by part: neighbours of a joined dataset share some. */
  private final List<Set<String>> before = new ArrayList<>();

  private SelectedDataset(int parts) {
    this.partBytes = new long[parts];
    for (int i = 0; i < parts; i++) {
      before.add(Set.of());
    }
  }

  /**
   * What is read of a dataset: the same, with the numbers and bytes of the selected shards. Its
   * largest unit stays, as it is what the memory is checked for. Walks over all shards.
   */
  static DatasetSummary of(DatasetSummary whole, ShardList all, ShardNames selected) {
    if (selected.equals(ShardNames.ALL)) {
      return whole;
    }
    SelectedDataset sum = new SelectedDataset(whole.parts().size());
    for (Shard shard : all) {
      if (selected.has(shard.name())) {
        sum.add(shard);
      }
    }
    List<PartSummary> parts = new ArrayList<>();
    for (PartSummary part : whole.parts()) {
      parts.add(part.withStoredBytes(sum.partBytes[parts.size()]));
    }
    return new DatasetSummary(
        whole.format(),
        whole.schema(),
        sum.shards,
        sum.units,
        sum.samples,
        sum.storedBytes,
        whole.largestUnitBytes(),
        parts);
  }

  private void add(Shard shard) {
    shards++;
    units += shard.units();
    samples += shard.samples();
    if (partBytes.length == 0) {
      storedBytes += shard.storedBytes();
      return;
    }
    List<Set<String>> now = new ArrayList<>();
    for (int part = 0; part < partBytes.length; part++) {
      now.add(new HashSet<>());
    }
    for (ShardObject object : shard.objects()) {
      int part = object.root();
      if (now.get(part).add(object.path()) && !before.get(part).contains(object.path())) {
        partBytes[part] += object.version().length();
        storedBytes += object.version().length();
      }
    }
    before.clear();
    before.addAll(now);
  }
}
