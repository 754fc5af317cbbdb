// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.ScanSelection;
import io.millrace.format.Shard;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which units of the dataset a scan reads. Used by the enumerator's thread alone. */
final class SelectedUnits {

  private final UnitTable table;

  /** By index; null if all are. */
  private final @Nullable BitSet shards;

  private final long count;

  /** Negative as long as nobody asked. */
  private long samples = -1;

  SelectedUnits(UnitTable table, ScanSelection selection) {
    this.table = table;
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

  UnitTable table() {
    return table;
  }

  /** How many units of each epoch are read. */
  long count() {
    return count;
  }

  /** Samples in them. Walks over the shards the first time. */
  long samples() {
    if (samples < 0) {
      samples =
          shards == null
              ? table.shards().samples()
              : shards.stream().mapToLong(index -> table.shards().get(index).samples()).sum();
    }
    return samples;
  }

  /** Bytes of each shard of the table, none of those that are not selected. */
  long[] storedBytes() {
    long[] bytes = table.storedBytes();
    for (int shard = 0; shards != null && shard < bytes.length; shard++) {
      bytes[shard] = shards.get(shard) ? bytes[shard] : 0;
    }
    return bytes;
  }

  boolean isAll() {
    return shards == null;
  }

  boolean has(long unitId) {
    return shards == null || shards.get(table.shardOf(unitId));
  }
}
