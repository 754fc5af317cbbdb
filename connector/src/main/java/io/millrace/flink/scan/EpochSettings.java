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
 * @param start where a scan begins that goes on from no checkpoint
 * @param barrier whether nothing of an epoch is read before all of the one before it was
 */
@Internal
public record EpochSettings(
    int epochs,
    boolean shuffle,
    long seed,
    @Nullable Duration discovery,
    ScanSelection selection,
    ScanStart start,
    boolean barrier)
    implements Serializable {

  /** Value of {@link #epochs} of a scan that goes on until it is cancelled. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Of a scan without an end; as many epochs again have numbers. */
  private static final int LAST_START = 1 << 30;

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
    checkStart(epochs, discovery, start);
  }

  private static void checkStart(int epochs, @Nullable Duration discovery, ScanStart start) {
    if (discovery != null && !start.isBeginning()) {
      throw new IllegalArgumentException(
          "Cannot use "
              + (start.epoch() > 0
                  ? "scan.start.epoch = " + start.epoch()
                  : "scan.start.position = " + start.position())
              + " with scan.discovery.interval = "
              + discovery
              + ": a dataset to which shards are added has one epoch, the order of which grows with"
              + " it; leave one of the two out");
    }
    if (epochs == UNBOUNDED && start.epoch() > LAST_START) {
      throw new IllegalArgumentException(
          "Cannot use scan.start.epoch = "
              + start.epoch()
              + " with scan.epochs = unbounded: it must be at most "
              + LAST_START
              + ", so that there are numbers for the epochs after it");
    }
    if (start.epoch() >= epochs) {
      throw new IllegalArgumentException(
          "Cannot use scan.start.epoch = "
              + start.epoch()
              + " with scan.epochs = "
              + epochs
              + ": epochs are counted from 0, so that the last one is "
              + (epochs - 1)
              + "; set scan.epochs to more than "
              + start.epoch()
              + ", or start at an earlier one");
    }
  }

  /** Epochs of a dataset that does not grow. */
  public EpochSettings(int epochs, boolean shuffle, long seed) {
    this(epochs, shuffle, seed, null);
  }

  /** Everything of these epochs, from the beginning on. */
  public EpochSettings(int epochs, boolean shuffle, long seed, @Nullable Duration discovery) {
    this(epochs, shuffle, seed, discovery, ScanSelection.ALL, ScanStart.BEGINNING, false);
  }

  /** The same order, of which only a part is read. */
  public EpochSettings selecting(ScanSelection part) {
    return new EpochSettings(epochs, shuffle, seed, discovery, part, start, barrier);
  }

  /** The same epochs, with or without a barrier between them. */
  public EpochSettings withBarrier(boolean between) {
    return new EpochSettings(epochs, shuffle, seed, discovery, selection, start, between);
  }

  /** The same epochs, read from there on. */
  public EpochSettings from(ScanStart there) {
    return new EpochSettings(epochs, shuffle, seed, discovery, selection, there, barrier);
  }

  /**
   * The first epoch that is read at or after this one. Wherever a scan was started: one that goes
   * on from a checkpoint may be at an earlier epoch.
   */
  public OptionalInt from(int epoch) {
    OptionalInt found = selection.epochs().from(epoch);
    return epochs == UNBOUNDED || found.orElse(epochs) < epochs ? found : OptionalInt.empty();
  }

  /** The first epoch of a scan that goes on from no checkpoint; empty if it reads none. */
  public OptionalInt first() {
    return from(start.epoch());
  }

  /** How many epochs such a scan reads. */
  public long selected() {
    return selection.epochs().countBelow(epochs) - selection.epochs().countBelow(start.epoch());
  }

  /** Whether such a scan leaves out the beginning of its first epoch. */
  public boolean startsWithinEpoch() {
    return start.position() > 0 && first().equals(OptionalInt.of(start.epoch()));
  }

  /**
   * Checks that such a scan begins at a unit that exists.
   *
   * @param units units of an epoch
   * @throws IllegalArgumentException naming the option to change
   */
  public void checkStart(long units) {
    if (startsWithinEpoch()) {
      start.checkIn(units);
    }
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
