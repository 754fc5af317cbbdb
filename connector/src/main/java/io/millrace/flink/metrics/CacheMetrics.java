// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import io.millrace.cache.CacheStatistics;
import io.millrace.cache.ExtentCache;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.OriginStatistics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one cache and of the store behind it, which readers share. They are registered
 * with one reader at a time, so that sums over readers are right: with the first one that joins,
 * and when that leaves with another that is there. Flink has no way to take single metrics back; so
 * what the former reader still shows until its task ends is 0, if another has taken over.
 * Thread-safe.
 */
@Internal
public final class CacheMetrics {

  private static final Map<String, ToLongFunction<Now>> COUNTS = new LinkedHashMap<>();
  private static final Map<String, ToLongFunction<Now>> LEVELS = new LinkedHashMap<>();

  static {
    COUNTS.put(ReaderMetrics.EVICTIONS, now -> now.cache.evictions());
    COUNTS.put(
        ReaderMetrics.EXPIRATIONS, now -> now.cache.expirations() + now.cache.disk().expirations());
    COUNTS.put(ReaderMetrics.ORIGIN_RETRIES, now -> now.origin.retries());
    COUNTS.put(ReaderMetrics.ORIGIN_THROTTLED, now -> now.origin.throttled());
    COUNTS.put(ReaderMetrics.ORIGIN_FALLBACKS, now -> now.origin.fallbacks());
    COUNTS.put(ReaderMetrics.HEDGED_REQUESTS, now -> now.origin.hedges());
    LEVELS.put(ReaderMetrics.BYTES_SAVED, now -> now.cache.bytesSaved());
    LEVELS.put(ReaderMetrics.CACHE_ENTRIES, now -> now.cache.retainedExtents());
    LEVELS.put(
        ReaderMetrics.CACHE_MEMORY_BYTES,
        now -> now.cache.retainedBytes() + now.cache.workingBytes());
    LEVELS.put(ReaderMetrics.CACHE_CAPACITY_BYTES, now -> now.cache.capacityBytes());
    LEVELS.put(ReaderMetrics.CACHE_DISK_BYTES, now -> now.cache.disk().bytes());
    LEVELS.put(ReaderMetrics.CACHE_DISK_STATE, now -> now.cache.disk().state());
  }

  private final ExtentCache cache;
  private final OriginCounters origin;
  private final Set<Membership> members = new LinkedHashSet<>();
  private @Nullable Membership registered;

  /**
   * @param cache the cache; may be closed before its metrics end
   * @param origin what its store counts
   */
  public CacheMetrics(ExtentCache cache, OriginCounters origin) {
    this.cache = cache;
    this.origin = origin;
  }

  /**
   * Adds a reader; the metrics may be registered with it from now on.
   *
   * @param reader its metric group
   * @return to be closed before that group is
   */
  public Membership join(MetricGroup reader) {
    Membership member = new Membership(reader);
    synchronized (this) {
      members.add(member);
      if (registered == null) {
        register(member);
      }
    }
    return member;
  }

  private void register(Membership member) {
    registered = member;
    MetricGroup group = member.reader.addGroup(ReaderMetrics.GROUP);
    COUNTS.forEach((name, value) -> group.gauge(name, member.gauge(value)));
    LEVELS.forEach((name, value) -> group.gauge(name, member.gauge(value)));
  }

  private synchronized void leave(Membership member) {
    members.remove(member);
    if (registered == member) {
      registered = null;
      if (!members.isEmpty()) {
        member.superseded = true;
        register(members.iterator().next());
      }
    }
  }

  /** Names of what {@link #counts} has. */
  public static List<String> countNames() {
    return COUNTS.keySet().stream().toList();
  }

  /** What cache and store counted since they were opened, by the names of the metrics. */
  public Map<String, Long> counts() {
    Now now = now();
    Map<String, Long> counts = new LinkedHashMap<>();
    COUNTS.forEach((name, count) -> counts.put(name, count.applyAsLong(now)));
    return counts;
  }

  private Now now() {
    return new Now(cache.statistics(), origin.snapshot());
  }

  private record Now(CacheStatistics cache, OriginStatistics origin) {}

  /** A reader of the cache; closing it twice is harmless. */
  public final class Membership implements AutoCloseable {

    private final MetricGroup reader;
    private volatile boolean superseded;

    private Membership(MetricGroup reader) {
      this.reader = reader;
    }

    private Gauge<Long> gauge(ToLongFunction<Now> value) {
      return () -> superseded ? 0L : value.applyAsLong(now());
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
