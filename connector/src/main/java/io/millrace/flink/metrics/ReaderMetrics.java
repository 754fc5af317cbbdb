// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import io.millrace.cache.AccessKind;
import io.millrace.cache.CacheStatistics;
import io.millrace.cache.EpochStatistics;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ScanStatistics;
import io.millrace.storage.OriginCounters;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Registers what one reader did, in the group {@code millrace} of its operator. The metrics end
 * with the operator.
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
  public static final String EVICTIONS = "evictions";
  public static final String CACHE_MEMORY_BYTES = "cacheMemoryBytes";
  public static final String ORIGIN_BYTES = "originBytes";
  public static final String ORIGIN_REQUESTS = "originRequests";
  public static final String ORIGIN_RETRIES = "originRetries";
  public static final String ORIGIN_THROTTLED = "originThrottled";
  public static final String ORIGIN_FALLBACKS = "originFallbacks";
  public static final String HEDGED_REQUESTS = "hedgedRequests";
  public static final String DECODED_VALUES = "decodedValues";
  public static final String READER_WAIT_MS = "readerWaitMs";
  public static final String CURRENT_EPOCH = "currentEpoch";

  private ReaderMetrics() {}

  /**
   * Registers them all.
   *
   * @param parent the reader's metric group
   * @param scan what the reader counts
   * @param cache the cache that it reads through, shared with other readers of its process
   * @param origin what that cache's store counts
   */
  public static void register(
      MetricGroup parent, ScanStatistics scan, ExtentCache cache, OriginCounters origin) {
    MetricGroup group = parent.addGroup(GROUP);
    accesses(group, scan, AccessKind.HIT, CACHE_HITS, CACHE_HIT_BYTES);
    accesses(group, scan, AccessKind.PREFETCH_HIT, PREFETCH_HITS, PREFETCH_HIT_BYTES);
    accesses(group, scan, AccessKind.LATE_PREFETCH, LATE_PREFETCHES, LATE_PREFETCH_BYTES);
    accesses(group, scan, AccessKind.MISS, CACHE_MISSES, CACHE_MISS_BYTES);
    total(group, ORIGIN_BYTES, scan, EpochStatistics.Snapshot::originBytes);
    total(group, ORIGIN_REQUESTS, scan, EpochStatistics.Snapshot::originRequests);
    gauge(group, ORIGIN_RETRIES, () -> origin.snapshot().retries());
    gauge(group, ORIGIN_THROTTLED, () -> origin.snapshot().throttled());
    gauge(group, ORIGIN_FALLBACKS, () -> origin.snapshot().fallbacks());
    gauge(group, HEDGED_REQUESTS, () -> origin.snapshot().hedges());
    total(group, DECODED_VALUES, scan, EpochStatistics.Snapshot::decodedValues);
    total(group, READER_WAIT_MS, scan, snapshot -> snapshot.readerWaitNanos() / 1_000_000);
    gauge(group, CURRENT_EPOCH, () -> scan.epochs().isEmpty() ? 0L : scan.epochs().lastKey());
    cache(group, CACHE_MEMORY_BYTES, cache, s -> s.retainedBytes() + s.workingBytes());
    cache(group, EVICTIONS, cache, CacheStatistics::evictions);
  }

  private static void accesses(
      MetricGroup group, ScanStatistics scan, AccessKind kind, String counts, String bytes) {
    total(group, counts, scan, snapshot -> snapshot.of(kind).count());
    total(group, bytes, scan, snapshot -> snapshot.of(kind).bytes());
  }

  private static void total(
      MetricGroup group,
      String name,
      ScanStatistics scan,
      ToLongFunction<EpochStatistics.Snapshot> value) {
    gauge(group, name, () -> value.applyAsLong(scan.totals()));
  }

  private static void cache(
      MetricGroup group, String name, ExtentCache cache, ToLongFunction<CacheStatistics> value) {
    gauge(group, name, () -> value.applyAsLong(cache.statistics()));
  }

  private static void gauge(MetricGroup group, String name, Supplier<Long> value) {
    group.gauge(name, (Gauge<Long>) value::get);
  }
}
