// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts one epoch of one scan in one process. Thread-safe; no method blocks. Every count is also
 * added to the scan's totals.
 */
public final class EpochStatistics {

  private final LongSupplier nanoClock;
  private final @Nullable EpochStatistics totals;
  private final Map<AccessKind, Adders> accesses = new EnumMap<>(AccessKind.class);
  private final LongAdder samples = new LongAdder();
  private final LongAdder skippedSamples = new LongAdder();
  private final LongAdder decodedValues = new LongAdder();
  private final LongAdder readerWaitNanos = new LongAdder();
  private final LongAdder originBytes = new LongAdder();
  private final LongAdder originRequests = new LongAdder();
  private final LongAccumulator activeFrom = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator activeUntil = new LongAccumulator(Math::max, Long.MIN_VALUE);

  /**
   * @param nanoClock the time, as {@link System#nanoTime}
   * @param totals what is counted here is counted there, too
   */
  EpochStatistics(LongSupplier nanoClock, @Nullable EpochStatistics totals) {
    this.nanoClock = nanoClock;
    this.totals = totals;
    for (AccessKind kind : AccessKind.values()) {
      accesses.put(kind, new Adders(new LongAdder(), new LongAdder()));
    }
  }

  /** Counts a reader's first touch of an extent in this epoch. */
  public void recordAccess(AccessKind kind, long bytes) {
    Adders adders = adders(kind);
    adders.bytes().add(bytes);
    adders.count().increment();
    recordActivity();
    if (totals != null) {
      totals.recordAccess(kind, bytes);
    }
  }

  /** Counts samples that were handed on. */
  public void recordSamples(long count) {
    samples.add(count);
    recordActivity();
    if (totals != null) {
      totals.recordSamples(count);
    }
  }

  /** Counts samples that were left out because they could not be read. */
  public void recordSkipped(long count) {
    skippedSamples.add(count);
    recordActivity();
    if (totals != null) {
      totals.recordSkipped(count);
    }
  }

  /** Counts values of fields that were decoded, those that are null included. */
  public void recordDecodedValues(long count) {
    decodedValues.add(count);
    if (totals != null) {
      totals.recordDecodedValues(count);
    }
  }

  /** Counts time in which a reader had nothing to do but wait for bytes. */
  public void recordReaderWait(long nanos) {
    readerWaitNanos.add(nanos);
    recordActivity();
    if (totals != null) {
      totals.recordReaderWait(nanos);
    }
  }

  /** Counts what was read from the origin, whoever asked for it: reader or prefetcher. */
  public void recordOrigin(long requests, long bytes) {
    originRequests.add(requests);
    originBytes.add(bytes);
    recordActivity();
    if (totals != null) {
      totals.recordOrigin(requests, bytes);
    }
  }

  /** The counts as they are now. While others count, they may be of slightly different moments. */
  public Snapshot snapshot() {
    return read(LongAdder::sum, activeFrom.get(), activeUntil.get());
  }

  /** Takes the counts out: what is counted at the same moment is in them, or stays. */
  Snapshot drain() {
    return read(LongAdder::sumThenReset, activeFrom.getThenReset(), activeUntil.getThenReset());
  }

  private Snapshot read(ToLongFunction<LongAdder> adder, long from, long until) {
    Map<AccessKind, Accesses> counted = new EnumMap<>(AccessKind.class);
    accesses.forEach(
        (kind, adders) ->
            counted.put(
                kind,
                new Accesses(
                    adder.applyAsLong(adders.count()), adder.applyAsLong(adders.bytes()))));
    return new Snapshot(
        counted,
        adder.applyAsLong(samples),
        adder.applyAsLong(skippedSamples),
        adder.applyAsLong(decodedValues),
        adder.applyAsLong(readerWaitNanos),
        adder.applyAsLong(originBytes),
        adder.applyAsLong(originRequests),
        from <= until ? from : 0,
        from <= until ? until : 0);
  }

  /** Sets everything to zero; what is counted at the same moment may be lost or kept. */
  void reset() {
    accesses.values().forEach(Adders::reset);
    samples.reset();
    skippedSamples.reset();
    decodedValues.reset();
    readerWaitNanos.reset();
    originBytes.reset();
    originRequests.reset();
    activeFrom.reset();
    activeUntil.reset();
  }

  private void recordActivity() {
    long now = nanoClock.getAsLong();
    activeFrom.accumulate(now);
    activeUntil.accumulate(now);
  }

  private Adders adders(AccessKind kind) {
    Adders adders = accesses.get(kind);
    if (adders == null) {
      throw new AssertionError("No counters for " + kind);
    }
    return adders;
  }

  private record Adders(LongAdder count, LongAdder bytes) {

    void reset() {
      count.reset();
      bytes.reset();
    }
  }

  /**
   * First touches of one kind.
   *
   * @param count extents
   * @param bytes their bytes
   */
  public record Accesses(long count, long bytes) {}

  /**
   * An epoch's counts at one moment.
   *
   * @param accesses first touches of extents by their reader: each is of exactly one kind
   * @param samples samples handed on
   * @param skippedSamples samples left out because they could not be read
   * @param decodedValues field values that their formats decoded for them
   * @param readerWaitNanos time in which readers waited for bytes, summed over readers
   * @param originBytes bytes read from the origin for this epoch
   * @param originRequests requests that brought them
   * @param firstActivityNanos when the first of all these was counted, in the process's {@link
   *     System#nanoTime}; 0 as long as there is none
   * @param lastActivityNanos when the last one was; 0 as long as there is none
   */
  public record Snapshot(
      Map<AccessKind, Accesses> accesses,
      long samples,
      long skippedSamples,
      long decodedValues,
      long readerWaitNanos,
      long originBytes,
      long originRequests,
      long firstActivityNanos,
      long lastActivityNanos) {

    private static final Accesses NO_ACCESSES = new Accesses(0, 0);

    /** Nothing counted. */
    public static final Snapshot NONE = new Snapshot(Map.of(), 0, 0, 0, 0, 0, 0);

    /** Kinds that are left out have no accesses. */
    public Snapshot {
      Map<AccessKind, Accesses> ofEachKind = new EnumMap<>(AccessKind.class);
      for (AccessKind kind : AccessKind.values()) {
        ofEachKind.put(kind, accesses.getOrDefault(kind, NO_ACCESSES));
      }
      accesses = Map.copyOf(ofEachKind);
    }

    /** Counts without decoded values and samples left out. */
    public Snapshot(
        Map<AccessKind, Accesses> accesses,
        long samples,
        long readerWaitNanos,
        long originBytes,
        long originRequests,
        long firstActivityNanos,
        long lastActivityNanos) {
      this(
          accesses,
          samples,
          0,
          0,
          readerWaitNanos,
          originBytes,
          originRequests,
          firstActivityNanos,
          lastActivityNanos);
    }

    /** First touches of one kind. */
    public Accesses of(AccessKind kind) {
      return accesses.getOrDefault(kind, NO_ACCESSES);
    }

    /** First touches of all kinds: each is of exactly one. */
    public Accesses all() {
      long count = accesses.values().stream().mapToLong(Accesses::count).sum();
      return new Accesses(count, firstTouchBytes());
    }

    /** Bytes of all first touches: of an epoch that was read to its end, what the readers read. */
    public long firstTouchBytes() {
      return accesses.values().stream().mapToLong(Accesses::bytes).sum();
    }

    /**
     * The share of first-touch bytes that the origin was spared, 0 … 1; what was merely fetched in
     * time does not count. 0 when nothing was touched.
     */
    public double hitRate() {
      return share(of(AccessKind.HIT).bytes());
    }

    /** The share of first-touch bytes that no reader waited for, be it a hit or fetched in time. */
    public double readyRate() {
      return share(of(AccessKind.HIT).bytes() + of(AccessKind.PREFETCH_HIT).bytes());
    }

    /** Both added up; times from the earlier first to the later last one. */
    public Snapshot plus(Snapshot other) {
      Map<AccessKind, Accesses> sums = new EnumMap<>(AccessKind.class);
      for (AccessKind kind : AccessKind.values()) {
        sums.put(
            kind,
            new Accesses(
                of(kind).count() + other.of(kind).count(),
                of(kind).bytes() + other.of(kind).bytes()));
      }
      return new Snapshot(
          sums,
          samples + other.samples,
          skippedSamples + other.skippedSamples,
          decodedValues + other.decodedValues,
          readerWaitNanos + other.readerWaitNanos,
          originBytes + other.originBytes,
          originRequests + other.originRequests,
          firstOf(firstActivityNanos, other.firstActivityNanos),
          Math.max(lastActivityNanos, other.lastActivityNanos));
    }

    private static long firstOf(long left, long right) {
      return left == 0 || right == 0 ? Math.max(left, right) : Math.min(left, right);
    }

    /** Time from the first count to the last. */
    public long activeNanos() {
      return lastActivityNanos - firstActivityNanos;
    }

    private double share(long bytes) {
      long all = firstTouchBytes();
      return all == 0 ? 0 : (double) bytes / all;
    }
  }
}
