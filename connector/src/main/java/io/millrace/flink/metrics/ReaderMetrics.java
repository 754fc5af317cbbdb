// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.cache.ScanStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Registers what one reader did, in the group {@code millrace} of its operator. The metrics end
 * with the operator. {@link CacheMetrics} has those of the cache that it shares.
 */
@Internal
public final class ReaderMetrics {

  public static final String GROUP = "millrace";
  public static final String CACHE_HITS = "cacheHits";
  public static final String CACHE_HIT_BYTES = "cacheHitBytes";
  public static final String PREFETCH_HITS = "prefetchHits";
  public static final String PREFETCH_HIT_BYTES = "prefetchHitBytes";
  public static final String LATE_PREFETCHES = "latePrefetches";
  public static final String LATE_PREFETCH_BYTES = "latePrefetchBytes";
  public static final String CACHE_MISSES = "cacheMisses";
  public static final String CACHE_MISS_BYTES = "cacheMissBytes";
  public static final String HIT_RATE = "hitRate";
  public static final String HIT_RATE_BOUND = "hitRateBound";
  public static final String EVICTIONS = "evictions";
  public static final String EXPIRATIONS = "expirations";
  public static final String BYTES_SAVED = "bytesSaved";
  public static final String CACHE_ENTRIES = "cacheEntries";
  public static final String CACHE_MEMORY_BYTES = "cacheMemoryBytes";
  public static final String CACHE_CAPACITY_BYTES = "cacheCapacityBytes";
  public static final String CACHE_DISK_BYTES = "cacheDiskBytes";
  public static final String CACHE_DISK_STATE = "cacheDiskState";
  public static final String ORIGIN_BYTES = "originBytes";
  public static final String ORIGIN_REQUESTS = "originRequests";
  public static final String ORIGIN_RETRIES = "originRetries";
  public static final String ORIGIN_THROTTLED = "originThrottled";
  public static final String ORIGIN_FALLBACKS = "originFallbacks";
  public static final String HEDGED_REQUESTS = "hedgedRequests";
  public static final String DECODED_VALUES = "decodedValues";
  public static final String SAMPLES_SKIPPED = "samplesSkipped";
  public static final String READER_WAIT_MS = "readerWaitMs";
  public static final String CURRENT_EPOCH = "currentEpoch";

  /** What only grows, unless it is reset. */
  private static final Map<String, ToLongFunction<Snapshot>> COUNTS = new LinkedHashMap<>();

  static {
    accesses(AccessKind.HIT, CACHE_HITS, CACHE_HIT_BYTES);
    accesses(AccessKind.PREFETCH_HIT, PREFETCH_HITS, PREFETCH_HIT_BYTES);
    accesses(AccessKind.LATE_PREFETCH, LATE_PREFETCHES, LATE_PREFETCH_BYTES);
    accesses(AccessKind.MISS, CACHE_MISSES, CACHE_MISS_BYTES);
    COUNTS.put(ORIGIN_BYTES, Snapshot::originBytes);
    COUNTS.put(ORIGIN_REQUESTS, Snapshot::originRequests);
    COUNTS.put(DECODED_VALUES, Snapshot::decodedValues);
    COUNTS.put(SAMPLES_SKIPPED, Snapshot::skippedSamples);
    COUNTS.put(READER_WAIT_MS, counted -> counted.readerWaitNanos() / 1_000_000);
  }

  private ReaderMetrics() {}

  private static void accesses(AccessKind kind, String count, String bytes) {
    COUNTS.put(count, counted -> counted.of(kind).count());
    COUNTS.put(bytes, counted -> counted.of(kind).bytes());
  }

  /**
   * Registers them all.
   *
   * @param parent the reader's metric group
   * @param scan what the reader counts
   */
  public static void register(MetricGroup parent, ScanStatistics scan) {
    MetricGroup group = parent.addGroup(GROUP);
    COUNTS.forEach(
        (name, count) -> group.gauge(name, (Gauge<Long>) () -> count.applyAsLong(scan.totals())));
    group.gauge(HIT_RATE, (Gauge<Double>) () -> newest(scan).hitRate());
    group.gauge(HIT_RATE_BOUND, (Gauge<Double>) scan::bound);
    group.gauge(
        CURRENT_EPOCH, (Gauge<Long>) () -> scan.epochs().isEmpty() ? 0L : scan.epochs().lastKey());
  }

  private static Snapshot newest(ScanStatistics scan) {
    var epochs = scan.epochs();
    return epochs.isEmpty() ? Snapshot.NONE : epochs.getOrDefault(epochs.lastKey(), Snapshot.NONE);
  }

  /** Names of what {@link #counts} has, in the order of the documentation. */
  public static List<String> countNames() {
    return COUNTS.keySet().stream().toList();
  }

  /** What readers counted, by the names of the metrics. */
  public static Map<String, Long> counts(Snapshot counted) {
    Map<String, Long> counts = new LinkedHashMap<>();
    COUNTS.forEach((name, count) -> counts.put(name, count.applyAsLong(counted)));
    return counts;
  }
}
