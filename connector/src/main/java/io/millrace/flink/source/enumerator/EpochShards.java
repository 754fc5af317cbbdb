// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.plan.EpochProgress;
import io.millrace.plan.EpochProgressSnapshot;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Which shards the epochs of a scan have, as a checkpoint holds it: some 90 bytes, and as many for
 * each restore that accepted new ones.
 *
 * @param generations the shards that were found at first, and those that were accepted by each
 *     restore; empty if shards that are added cannot be told from those that are there
 * @param ofEpoch how many of these generations the newest open epoch has; later ones have all
 * @param units units of that epoch, {@link #UNKNOWN} where a checkpoint does not tell
 * @param incarnation of its splits, as {@link
 *     io.millrace.flink.source.split.MillraceSplit#incarnation}
 */
@Internal
public record EpochShards(List<Generation> generations, int ofEpoch, long units, int incarnation) {

  static final long UNKNOWN = -1;

  /** Of a checkpoint that tells nothing. */
  static final EpochShards NONE = new EpochShards(List.of(), 0, UNKNOWN, 0);

  /**
   * Shards that were found together.
   *
   * @param manifest their digest
   * @param mark where they end, as {@link io.millrace.format.GrowingFormat} has it
   */
  public record Generation(ManifestDigest manifest, long mark) {}

  public EpochShards {
    generations = List.copyOf(generations);
    boolean has = ofEpoch > 0 || (ofEpoch == 0 && generations.isEmpty());
    if (!has || ofEpoch > generations.size() || units < UNKNOWN || incarnation < 0) {
      throw new IllegalArgumentException(
          "Cannot use shards of "
              + ofEpoch
              + " of "
              + generations.size()
              + " generations, "
              + units
              + " units, in incarnation "
              + incarnation);
    }
  }

  /** The same, of a newest open epoch that has so many generations and units. */
  EpochShards at(int generationsOfEpoch, long unitsOfEpoch) {
    return new EpochShards(generations, generationsOfEpoch, unitsOfEpoch, incarnation);
  }

  long[] marks() {
    return generations.stream().mapToLong(Generation::mark).toArray();
  }

  /** Shards of all generations. */
  int shards() {
    return generations.stream().mapToInt(generation -> generation.manifest().shards()).sum();
  }

  /** Whether all units of the newest open epoch are assigned, as far as is known. */
  boolean isAssigned(EpochProgressSnapshot progress) {
    return units != UNKNOWN && EpochProgress.restore(progress).isComplete(units);
  }
}
