// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.plan.EpochOrder;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Which epochs are read, and in which order.
 *
 * @param epochs number of epochs, {@link #UNBOUNDED} without an end
 * @param shuffle whether each epoch has an order of its own
 * @param seed the shuffle's seed
 */
@Internal
public record EpochSettings(int epochs, boolean shuffle, long seed) implements Serializable {

  /** Value of {@link #epochs} of a scan that goes on until it is cancelled. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  public EpochSettings {
    if (epochs < 1) {
      throw new IllegalArgumentException(
          "Cannot read " + epochs + " epochs: scan.epochs must be at least 1, or unbounded");
    }
  }

  public boolean isBounded() {
    return epochs != UNBOUNDED;
  }

  /** Whether an epoch is the scan's last one. */
  public boolean isLast(int epoch) {
    return isBounded() && epoch == epochs - 1;
  }

  /** The order of an epoch of this many units. */
  public EpochOrder order(int epoch, long units) {
    return shuffle ? EpochOrder.shuffled(seed, epoch, units) : EpochOrder.sequential(units);
  }
}
