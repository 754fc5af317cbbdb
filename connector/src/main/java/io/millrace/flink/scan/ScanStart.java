// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.plan.EpochPosition;
import java.io.Serializable;
import java.util.Locale;
import org.apache.flink.annotation.Internal;

/**
 * Where a scan begins that goes on from no checkpoint. What it reads has the orders, positions and
 * keys that it has in a scan from the beginning.
 *
 * @param epoch the first epoch that is read
 * @param position samples of that epoch at a lower {@link EpochPosition} are not read
 */
@Internal
public record ScanStart(int epoch, long position) implements Serializable {

  /** The first sample of the first epoch. */
  public static final ScanStart BEGINNING = new ScanStart(0, 0);

  public ScanStart {
    if (epoch < 0 || position < 0) {
      throw new IllegalArgumentException(
          "Cannot start at epoch "
              + epoch
              + ", position "
              + position
              + ": neither scan.start.epoch nor scan.start.position may be negative");
    }
  }

  /** Units of a lower rank are not read in the first epoch. */
  public long rank() {
    return EpochPosition.rank(position);
  }

  /** How many samples of the unit of {@link #rank} are not read. */
  public long place() {
    return EpochPosition.place(position);
  }

  public boolean isBeginning() {
    return equals(BEGINNING);
  }

  /**
   * Checks that the position's unit exists.
   *
   * @param units units of the epoch
   * @throws IllegalArgumentException naming them, and what to change
   */
  public void checkIn(long units) {
    if (position > 0 && rank() >= units) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot use scan.start.position = %d: it is in the unit of rank %d, but an epoch has %d units, of ranks from 0 on; take the epoch_position of a sample of this dataset, or set scan.start.epoch = %d and leave scan.start.position out for the epoch after",
              position,
              rank(),
              units,
              epoch + 1));
    }
  }
}
