// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * Counts of one scan in one process: of each epoch, as far as it is among the newest {@value
 * #MAX_EPOCHS}, and of all epochs together, which forget none. Thread-safe; no method blocks.
 */
public final class ScanStatistics {

  /** How many epochs are kept apart. */
  public static final int MAX_EPOCHS = 64;

  private final LongSupplier nanoClock;
  private final EpochStatistics totals;
  private final ConcurrentSkipListMap<Long, EpochStatistics> epochs = new ConcurrentSkipListMap<>();

  private final ConcurrentSkipListMap<Integer, EpochStatistics> parts =
      new ConcurrentSkipListMap<>();

  private volatile Sizes sizes = new Sizes(0, () -> 0);

  public ScanStatistics() {
    this(System::nanoTime);
  }

  ScanStatistics(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.totals = new EpochStatistics(nanoClock, null);
  }

  /**
   * The counts of an epoch, to add to. Of an epoch that is older than all that are kept they reach
   * the totals only.
   */
  public EpochStatistics epoch(long epoch) {
    EpochStatistics known = epochs.get(epoch);
    if (known != null) {
      return known;
    }
    EpochStatistics added =
        epochs.computeIfAbsent(epoch, e -> new EpochStatistics(nanoClock, totals));
    while (epochs.size() > MAX_EPOCHS) {
      epochs.pollFirstEntry();
    }
    return added;
  }

  /**
   * The counts of one part of a dataset that is put together of several, to add accesses to beside
   * those of the epoch.
   */
  public EpochStatistics part(int part) {
    return parts.computeIfAbsent(part, p -> new EpochStatistics(nanoClock, null));
  }

  /** What was counted by {@link #part}. */
  public SortedMap<Integer, EpochStatistics.Snapshot> parts() {
    SortedMap<Integer, EpochStatistics.Snapshot> snapshots = new TreeMap<>();
    parts.forEach((part, statistics) -> snapshots.put(part, statistics.snapshot()));
    return Collections.unmodifiableSortedMap(snapshots);
  }

  /** The epochs that are kept, by number, as they are now. */
  public SortedMap<Long, EpochStatistics.Snapshot> epochs() {
    SortedMap<Long, EpochStatistics.Snapshot> snapshots = new TreeMap<>();
    epochs.forEach((epoch, statistics) -> snapshots.put(epoch, statistics.snapshot()));
    return Collections.unmodifiableSortedMap(snapshots);
  }

  /** All epochs since the start or the last {@link #reset}, whether kept or not. */
  public EpochStatistics.Snapshot totals() {
    return totals.snapshot();
  }

  /**
   * Says what {@link #bound} is computed from, again whenever it changes.
   *
   * @param datasetBytes stored bytes that this process reads in an epoch; 0 as long as unknown
   * @param cacheCapacityBytes how many of the dataset's stored bytes its cache can retain
   */
  public void setSizes(long datasetBytes, long cacheCapacityBytes) {
    if (datasetBytes < 0 || cacheCapacityBytes < 0) {
      throw new IllegalArgumentException(
          "Cannot compare a cache of "
              + cacheCapacityBytes
              + " bytes with a dataset of "
              + datasetBytes);
    }
    setSizes(datasetBytes, () -> cacheCapacityBytes);
  }

  /**
   * As {@link #setSizes(long, long)}, of a cache that compresses: how much of the dataset it can
   * retain shows as it fills. Asked whenever the bound is, from any thread; must not block.
   */
  public void setSizes(long datasetBytes, LongSupplier cacheCapacityBytes) {
    sizes = new Sizes(datasetBytes, cacheCapacityBytes);
  }

  public long datasetBytes() {
    return sizes.datasetBytes();
  }

  public long cacheCapacityBytes() {
    return sizes.cacheCapacityBytes().getAsLong();
  }

  /**
   * The best hit rate that any policy can reach: everything is read once an epoch, so a byte can
   * only hit if it was resident when the epoch began. 1 as long as the dataset's size is unknown.
   */
  public double bound() {
    Sizes now = sizes;
    return now.datasetBytes() == 0
        ? 1
        : Math.min(1, (double) now.cacheCapacityBytes().getAsLong() / now.datasetBytes());
  }

  /**
   * Sets all counts to zero, of epochs in progress, too; the sizes stay. Counters that {@link
   * #epoch} returned before stay in use.
   */
  public void reset() {
    epochs.values().forEach(EpochStatistics::reset);
    parts.values().forEach(EpochStatistics::reset);
    totals.reset();
  }

  /** Does as {@link #reset}, and tells what the totals were. */
  public EpochStatistics.Snapshot drain() {
    epochs.values().forEach(EpochStatistics::reset);
    parts.values().forEach(EpochStatistics::reset);
    return totals.drain();
  }

  private record Sizes(long datasetBytes, LongSupplier cacheCapacityBytes) {}
}
