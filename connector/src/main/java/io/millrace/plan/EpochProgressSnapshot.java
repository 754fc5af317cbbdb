// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Arrays;

/**
 * An immutable copy of an {@link EpochProgress}, for checkpoints: at most 32 KB and some bytes when
 * written, a few bytes when ranks were assigned in order. Equal progress gives equal snapshots.
 */
public final class EpochProgressSnapshot {
  private final int epoch;
  private final long watermark;
  private final long[] assigned;

  /**
   * @param epoch from 0
   * @param watermark the lowest unassigned rank
   * @param assigned bit i of word j tells whether rank {@code watermark + 64 · j + i} is assigned;
   *     words that are missing at the end are zero
   * @throws IllegalArgumentException if no progress can have these values: they were read from
   *     corrupt state
   */
  public EpochProgressSnapshot(int epoch, long watermark, long[] assigned) {
    if (epoch < 0 || watermark < 0) {
      throw new IllegalArgumentException(
          "Cannot restore progress of epoch "
              + epoch
              + " at watermark "
              + watermark
              + ": negative");
    }
    if (assigned.length > EpochProgress.WINDOW / Long.SIZE) {
      throw new IllegalArgumentException(
          "Cannot restore progress of epoch "
              + epoch
              + ": "
              + assigned.length
              + " words exceed the window");
    }
    if (assigned.length > 0 && (assigned[0] & 1) != 0) {
      throw new IllegalArgumentException(
          "Cannot restore progress of epoch "
              + epoch
              + ": rank "
              + watermark
              + " is the watermark and marked as assigned");
    }
    this.epoch = epoch;
    this.watermark = watermark;
    int length = assigned.length;
    while (length > 0 && assigned[length - 1] == 0) {
      length--;
    }
    this.assigned = Arrays.copyOf(assigned, length);
  }

  /** The epoch this is about. */
  public int epoch() {
    return epoch;
  }

  /** The lowest unassigned rank. */
  public long watermark() {
    return watermark;
  }

  /** A copy of the bitmap, without zero words at its end; see the constructor for its layout. */
  public long[] assigned() {
    return assigned.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EpochProgressSnapshot that
        && epoch == that.epoch
        && watermark == that.watermark
        && Arrays.equals(assigned, that.assigned);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * epoch + Long.hashCode(watermark)) + Arrays.hashCode(assigned);
  }

  @Override
  public String toString() {
    int ahead = Arrays.stream(assigned).mapToInt(Long::bitCount).sum();
    return "epoch "
        + epoch
        + ": ranks below "
        + watermark
        + " and "
        + ahead
        + " beyond are assigned";
  }
}
