// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import io.millrace.plan.EpochOrder;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Which epochs are read, and in which order.
 *
 * @param epochs number of epochs, {@link #UNBOUNDED} without an end
 * @param shuffle whether each epoch has an order of its own
 * @param seed the shuffle's seed
 * @param discovery how often shards are looked for that were added to the only epoch, which has no
 *     end then; null if they are not
 * @param selection which of them, and what of each
 */
@Internal
public record EpochSettings(
    int epochs, boolean shuffle, long seed, @Nullable Duration discovery, ScanSelection selection)
    implements Serializable {

  /** Value of {@link #epochs} of a scan that goes on until it is cancelled. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  public EpochSettings {
    if (epochs < 1) {
      throw new IllegalArgumentException(
          "Cannot read " + epochs + " epochs: scan.epochs must be at least 1, or unbounded");
    }
    if (discovery != null && epochs != 1) {
      throw new IllegalArgumentException(
          "Cannot use scan.discovery.interval = "
              + discovery
              + " with scan.epochs = "
              + (epochs == UNBOUNDED ? "unbounded" : String.valueOf(epochs))
              + ": a dataset to which shards are added is read once; leave scan.epochs out");
    }
  }

  /** Epochs of a dataset that does not grow. */
  public EpochSettings(int epochs, boolean shuffle, long seed) {
    this(epochs, shuffle, seed, null);
  }

  /** Everything of these epochs. */
  public EpochSettings(int epochs, boolean shuffle, long seed, @Nullable Duration discovery) {
    this(epochs, shuffle, seed, discovery, ScanSelection.ALL);
  }

  /** The same order, of which only a part is read. */
  public EpochSettings selecting(ScanSelection part) {
    return new EpochSettings(epochs, shuffle, seed, discovery, part);
  }

  /** The first epoch that is read at or after this one. */
  public OptionalInt from(int epoch) {
    OptionalInt found = selection.epochs().from(epoch);
    return epochs == UNBOUNDED || found.orElse(epochs) < epochs ? found : OptionalInt.empty();
  }

  /** How many epochs are read. */
  public long selected() {
    return selection.epochs().countBelow(epochs);
  }

  public boolean isBounded() {
    return epochs != UNBOUNDED && discovery == null;
  }

  /** How often shards are looked for that were added. */
  public Optional<Duration> discoveryInterval() {
    return Optional.ofNullable(discovery);
  }

  /** Whether no epoch after this one is read. */
  public boolean isLast(int epoch) {
    return from(epoch + 1).isEmpty();
  }

  /** The order of an epoch of this many units. */
  public EpochOrder order(int epoch, long units) {
    return shuffle ? EpochOrder.shuffled(seed, epoch, units) : EpochOrder.sequential(units);
  }
}
