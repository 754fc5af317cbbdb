// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import java.util.Arrays;
import java.util.List;

/** Finds the shard and the unit in it that a unit of the dataset, by its number, is. */
final class UnitTable {

  private final List<Shard> shards;

  /** Number of the first unit of each shard, and one more: the number of units. */
  private final long[] firstUnits;

  UnitTable(DatasetManifest manifest) {
    shards = manifest.shards();
    firstUnits = new long[shards.size() + 1];
    int i = 0;
    for (Shard shard : shards) {
      firstUnits[i + 1] = firstUnits[i] + shard.units();
      i++;
    }
  }

  long units() {
    return firstUnits[shards.size()];
  }

  /** Place of a unit's shard in the manifest. */
  int shardOf(long unitId) {
    int found = Arrays.binarySearch(firstUnits, unitId);
    if (found < 0) {
      return -found - 2;
    }
    // Shards without samples have no unit: of those that begin here the last one holds it.
    while (firstUnits[found + 1] == unitId) {
      found++;
    }
    return found;
  }

  /** All of them, in order. */
  List<Shard> shards() {
    return shards;
  }

  Shard shard(int index) {
    return shards.get(index);
  }

  /** Which of its shard's units a unit is. */
  int unitInShard(long unitId, int shard) {
    return Math.toIntExact(unitId - firstUnits[shard]);
  }

  long[] storedBytes() {
    return shards.stream().mapToLong(Shard::storedBytes).toArray();
  }
}
