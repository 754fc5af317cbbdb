// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import io.millrace.format.Shard;
import java.util.Locale;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One unit of one epoch.
 *
 * @param epoch pass over the dataset, counted from 0
 * @param rank the unit's place in the epoch's order
 * @param units units of the epoch, which the order of the samples depends on
 * @param unitId the unit's place in the dataset
 * @param shard the shard that it belongs to
 * @param unit which of the shard's units
 * @param admit whether the reader's cache should keep what it reads for it
 * @param consumed samples of the unit, in its shuffled order, that were emitted or left out before
 * @param skipped how many of these were left out
 * @param incarnation counts the times that a restore found the dataset changed and began an epoch
 *     anew: splits of one before are of the dataset as it was, and must not be read
 */
@Internal
public record MillraceSplit(
    int epoch,
    long rank,
    long units,
    long unitId,
    Shard shard,
    int unit,
    boolean admit,
    long consumed,
    long skipped,
    int incarnation)
    implements SourceSplit {

  public MillraceSplit {
    if (epoch < 0 || rank < 0 || rank >= units || unitId < 0 || unitId >= units) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a split of epoch %d, rank %d, unit %d of %d",
              epoch,
              rank,
              unitId,
              units));
    }
    if (incarnation < 0) {
      throw new IllegalArgumentException("Cannot make a split of incarnation " + incarnation);
    }
    if (skipped < 0 || skipped > consumed) {
      throw new IllegalArgumentException(
          "Cannot make a split of which " + skipped + " of " + consumed + " samples were left out");
    }
    if (unit < 0 || unit >= shard.units() || consumed < 0 || consumed > shard.samplesIn(unit)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a split at sample %d of unit %d of shard %s, which has %d units",
              consumed,
              unit,
              shard.name(),
              shard.units()));
    }
  }

  /** Contains the epoch, so that the same unit of two epochs is two splits. */
  @Override
  public String splitId() {
    return epoch + "-" + rank;
  }

  /** Samples in the unit, emitted ones included. */
  public int samples() {
    return shard.samplesIn(unit);
  }

  /** Whether all its samples were emitted or left out. */
  public boolean isAtEnd() {
    return consumed == samples();
  }

  /** The same split at another cursor. */
  public MillraceSplit at(long newConsumed) {
    return at(newConsumed, skipped);
  }

  /** The same split at another cursor, so many samples before which were left out. */
  public MillraceSplit at(long newConsumed, long newSkipped) {
    return new MillraceSplit(
        epoch, rank, units, unitId, shard, unit, admit, newConsumed, newSkipped, incarnation);
  }

  /** The same split for a reader whose cache should keep what it reads for it, or should not. */
  public MillraceSplit admitted(boolean newAdmit) {
    return newAdmit == admit
        ? this
        : new MillraceSplit(
            epoch, rank, units, unitId, shard, unit, newAdmit, consumed, skipped, incarnation);
  }

  /** Flink logs every assignment: no more than a line, however many objects the unit has. */
  @Override
  public String toString() {
    return splitId() + " (unit " + unit + " of " + shard.name() + " from " + consumed + ")";
  }
}
