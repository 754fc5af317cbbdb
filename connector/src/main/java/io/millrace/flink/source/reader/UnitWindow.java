// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.AccessKind;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.EpochStatistics;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.prefetch.Prefetched;
import io.millrace.prefetch.Prefetcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open units that a reader draws from at random, so that their samples mix. It is kept full: a
 * reader waits for the next unit rather than mix fewer, unless memory does not allow more. A paused
 * split keeps its place but is not drawn. Used by the fetcher thread alone.
 */
final class UnitWindow implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnitWindow.class);

  private final Prefetcher<OpenUnit> prefetcher;
  private final ByteBudget budget;
  private final ScanStatistics statistics;
  private final int capacity;
  private final SplittableRandom random;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> paused = new HashSet<>();
  private boolean warned;

  /**
   * @param capacity units to mix; 1 reads them one after another
   * @param seed of the draws
   */
  UnitWindow(
      Prefetcher<OpenUnit> prefetcher,
      ByteBudget budget,
      ScanStatistics statistics,
      int capacity,
      long seed) {
    this.prefetcher = prefetcher;
    this.budget = budget;
    this.statistics = statistics;
    this.capacity = capacity;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Takes units until the window is full or nothing more can come; waits for them. A window full of
   * paused units takes one more: those that are paused may be waiting for its watermark.
   *
   * @return false if it was woken up before: the caller returns to Flink
   */
  boolean fill() throws IOException, InterruptedException {
    while ((entries.size() < capacity || !canDraw()) && prefetcher.size() > 0) {
      if (!entries.isEmpty() && prefetcher.head() == Prefetcher.Head.WAITING && isMemoryShort()) {
        warnOnce();
        return true;
      }
      Optional<Prefetched<OpenUnit>> taken = prefetcher.take();
      if (taken.isEmpty()) {
        return false;
      }
      AheadBudget.taken(taken.get().memory());
      entries.add(new Entry(taken.get(), statistics));
      account(taken.get());
    }
    return true;
  }

  /** Whether another unit of the same size would go beyond the budget. */
  private boolean isMemoryShort() {
    long largest = entries.stream().mapToLong(entry -> entry.memory.bytes()).max().orElse(0);
    return budget.reserved() + largest > budget.capacity();
  }

  private void warnOnce() {
    if (!warned && capacity > 1) {
      warned = true;
      LOG.warn(
          "Mixing {} units instead of scan.shuffle.window = {}: no more fit into half of"
              + " cache.memory.size, which is {} bytes",
          entries.size(),
          capacity,
          budget.capacity());
    }
  }

  private void account(Prefetched<OpenUnit> taken) {
    EpochStatistics epoch = statistics.epoch(taken.opened().split().epoch());
    AccessKind fetched =
        switch (taken.timing()) {
          case AHEAD -> AccessKind.PREFETCH_HIT;
          case LATE -> AccessKind.LATE_PREFETCH;
          case ON_DEMAND -> AccessKind.MISS;
        };
    for (CachedShardInput.FirstTouch touch : taken.opened().input().touches()) {
      AccessKind kind = touch.resident() ? AccessKind.HIT : fetched;
      epoch.recordAccess(kind, touch.bytes());
      statistics.part(touch.part()).recordAccess(kind, touch.bytes());
    }
    epoch.recordReaderWait(taken.waitNanos());
  }

  /** Whether a unit can be drawn. */
  boolean canDraw() {
    return entries.size() > (paused.isEmpty() ? 0 : countPaused());
  }

  private int countPaused() {
    int count = 0;
    for (Entry entry : entries) {
      if (paused.contains(entry.unit.splitId())) {
        count++;
      }
    }
    return count;
  }

  /** A unit at random, all alike; must not be called unless {@link #canDraw}. */
  Entry draw() {
    while (true) {
      Entry entry = entries.get(entries.size() == 1 ? 0 : random.nextInt(entries.size()));
      if (paused.isEmpty() || !paused.contains(entry.unit.splitId())) {
        return entry;
      }
    }
  }

  /** Takes a unit out and closes it. */
  void finish(Entry entry) {
    entries.remove(entry);
    paused.remove(entry.unit.splitId());
    entry.close();
  }

  /** Adds what was drawn since the last call to the statistics: once a batch, not once a sample. */
  void countSamples() {
    entries.forEach(Entry::countSamples);
  }

  void pauseOrResume(Collection<MillraceSplit> toPause, Collection<MillraceSplit> toResume) {
    toPause.forEach(split -> paused.add(split.splitId()));
    toResume.forEach(split -> paused.remove(split.splitId()));
  }

  @Override
  public void close() {
    entries.forEach(Entry::close);
    entries.clear();
  }

  /** An open unit, the memory that it holds and the statistics of its epoch. */
  static final class Entry implements AutoCloseable {

    private final OpenUnit unit;
    private final ByteBudget.Reservation memory;
    private final EpochStatistics epoch;
    private long uncounted;

    private Entry(Prefetched<OpenUnit> taken, ScanStatistics statistics) {
      this.unit = taken.opened();
      this.memory = taken.memory();
      this.epoch = statistics.epoch(unit.split().epoch());
    }

    OpenUnit unit() {
      return unit;
    }

    /** A sample was drawn; {@link #countSamples} makes it show in the statistics. */
    void drew() {
      uncounted++;
    }

    private void countSamples() {
      if (uncounted > 0) {
        epoch.recordSamples(uncounted);
        epoch.recordDecodedValues(unit.takeDecodedValues());
        uncounted = 0;
      }
    }

    @Override
    public void close() {
      countSamples();
      unit.close();
      memory.close();
    }
  }
}
