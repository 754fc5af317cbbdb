// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.ScanSelection;
import io.millrace.format.Shard;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which units of the dataset a scan reads. Used by the enumerator's thread alone. */
final class SelectedUnits {

  private final UnitTable table;
  private final long limit;

  /** By index; null if all are. */
  private final @Nullable BitSet shards;

  private final long count;
  private long samples;

  SelectedUnits(UnitTable table, ScanSelection selection) {
    this.table = table;
    this.limit = selection.limit();
    if (selection.hasAllShards()) {
      shards = null;
      count = table.units();
      return;
    }
    BitSet selected = new BitSet();
    long units = 0;
    for (Shard shard : table.shards()) {
      if (selection.shards().has(shard.name())) {
        selected.set(shard.index());
        units += shard.units();
      }
    }
    shards = selected;
    count = units;
  }

  /** How many units of each epoch are read. */
  long count() {
    return count;
  }

  boolean isAll() {
    return shards == null;
  }

  boolean has(long unitId) {
    return shards == null || shards.get(table.shardOf(unitId));
  }

  /** Counts the samples of a unit that was assigned. */
  void assigned(int unitSamples) {
    samples += unitSamples;
  }

  /** Whether enough samples were assigned since the scan began or was restored. */
  boolean isEnough() {
    return samples >= limit;
  }
}
