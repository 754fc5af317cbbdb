// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetManifest;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import java.util.Arrays;

/**
 * Finds the shard and the unit in it that a unit of the dataset, by its number, is. Of a dataset
 * that grows it has one generation, and the numbers count from its first shard and unit.
 */
final class UnitTable {

  private final ShardList shards;
  private final GenerationStart start;
  private final int incarnation;

  /** Number of the first unit of each shard, and one more: the number of units. */
  private final long[] firstUnits;

  UnitTable(DatasetManifest manifest) {
    this(manifest.shards(), GenerationStart.FIRST);
  }

  /** A generation; its shards are numbered from 0. */
  UnitTable(ShardList shards, GenerationStart start) {
    this(shards, start, 0);
  }

  /** Of which splits have an incarnation. */
  UnitTable(ShardList shards, GenerationStart start, int incarnation) {
    this.shards = shards;
    this.start = start;
    this.incarnation = incarnation;
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

  /** A shard, with its number in the whole dataset. */
  Shard shard(int index) {
    Shard shard = shards.get(index);
    return start.shards() == 0 ? shard : shard.numbered(Math.addExact(start.shards(), index));
  }

  /**
   * A unit as a split of which nothing is consumed.
   *
   * @param rank its place in the epoch's order of this table
   */
  MillraceSplit split(int epoch, long rank, long unitId, boolean admit) {
    int shard = shardOf(unitId);
    long before = start.units();
    return new MillraceSplit(
        epoch,
        before + rank,
        before + units(),
        before + unitId,
        shard(shard),
        unitInShard(unitId, shard),
        admit,
        0,
        0,
        incarnation);
  }

  GenerationStart start() {
    return start;
  }

  /** Where a generation after this one begins. */
  GenerationStart end() {
    return new GenerationStart(
        start.generation() + 1,
        Math.addExact(start.shards(), shards.size()),
        start.units() + units());
  }

  ShardList shards() {
    return shards;
  }

  /** Which of its shard's units a unit is. */
  int unitInShard(long unitId, int shard) {
    return Math.toIntExact(unitId - firstUnits[shard]);
  }

  long[] storedBytes() {
    return shards.stream().mapToLong(Shard::storedBytes).toArray();
  }
}
