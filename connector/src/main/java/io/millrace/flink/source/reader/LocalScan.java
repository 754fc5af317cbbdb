// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.metrics.CacheMetrics;
import io.millrace.flink.metrics.ReaderMetrics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One scan, as far as its readers are in this process, restarted ones included. Guarded by {@link
 * LocalScans}. Of readers that were closed the sums are kept, not their counters: they may restart
 * often.
 */
final class LocalScan {

  /** Those that are open, with the cache that each reads through. */
  private final Map<ScanStatistics, CacheMetrics> readers = new HashMap<>();

  private final SortedMap<Long, Snapshot> endedEpochs = new TreeMap<>();
  private final SortedMap<Integer, Snapshot> endedParts = new TreeMap<>();
  private Snapshot endedTotals = Snapshot.NONE;
  private double endedBound = 1;

  /** Counted before the last reset. */
  private Snapshot forgotten = Snapshot.NONE;

  /** What the caches had counted before this scan came. */
  private final Map<CacheMetrics, Map<String, Long>> cachesBefore = new HashMap<>();

  /** What they counted while they were used by readers that have been closed. */
  private final Map<String, Long> cachesEnded = new HashMap<>();

  private @Nullable Throwable failure;

  void add(ScanStatistics reader, CacheMetrics cache) {
    readers.put(reader, cache);
    cachesBefore.computeIfAbsent(cache, CacheMetrics::counts);
  }

  boolean isRunning() {
    return !readers.isEmpty();
  }

  void ended(ScanStatistics reader) {
    CacheMetrics cache = readers.remove(reader);
    if (cache == null) {
      return;
    }
    reader.epochs().forEach((epoch, part) -> endedEpochs.merge(epoch, part, Snapshot::plus));
    while (endedEpochs.size() > ScanStatistics.MAX_EPOCHS) {
      endedEpochs.remove(endedEpochs.firstKey());
    }
    reader.parts().forEach((part, counted) -> endedParts.merge(part, counted, Snapshot::plus));
    endedTotals = endedTotals.plus(reader.totals());
    endedBound = reader.bound();
    if (!readers.containsValue(cache)) {
      countedBy(cache).forEach((name, count) -> cachesEnded.merge(name, count, Long::sum));
      cachesBefore.remove(cache);
    }
  }

  /** What a cache counted since this scan came. */
  private Map<String, Long> countedBy(CacheMetrics cache) {
    Map<String, Long> counts = cache.counts();
    Map<String, Long> before = cachesBefore.getOrDefault(cache, Map.of());
    counts.replaceAll((name, count) -> Math.max(0, count - before.getOrDefault(name, 0L)));
    return counts;
  }

  SortedMap<Long, Snapshot> epochs() {
    SortedMap<Long, Snapshot> sums = new TreeMap<>(endedEpochs);
    for (ScanStatistics reader : readers.keySet()) {
      reader.epochs().forEach((epoch, part) -> sums.merge(epoch, part, Snapshot::plus));
    }
    return sums;
  }

  SortedMap<Integer, Snapshot> parts() {
    SortedMap<Integer, Snapshot> sums = new TreeMap<>(endedParts);
    for (ScanStatistics reader : readers.keySet()) {
      reader.parts().forEach((part, counted) -> sums.merge(part, counted, Snapshot::plus));
    }
    return sums;
  }

  Snapshot totals() {
    Snapshot sum = endedTotals;
    for (ScanStatistics reader : readers.keySet()) {
      sum = sum.plus(reader.totals());
    }
    return sum;
  }

  double bound() {
    return readers.keySet().stream().mapToDouble(ScanStatistics::bound).min().orElse(endedBound);
  }

  void reset() {
    forgotten = forgotten.plus(endedTotals);
    endedTotals = Snapshot.NONE;
    endedEpochs.clear();
    endedParts.clear();
    for (ScanStatistics reader : readers.keySet()) {
      forgotten = forgotten.plus(reader.drain());
    }
  }

  /** Everything that was counted, by the names of the metrics, whether it was reset or not. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>(ReaderMetrics.counts(forgotten.plus(totals())));
    cachesEnded.forEach((name, count) -> counts.merge(name, count, Long::sum));
    cachesBefore
        .keySet()
        .forEach(
            cache ->
                countedBy(cache).forEach((name, count) -> counts.merge(name, count, Long::sum)));
    return counts;
  }

  /** Keeps what a cache counted so far, because its counters are about to be set to zero. */
  void beforeReset(CacheMetrics cache) {
    if (cachesBefore.containsKey(cache)) {
      countedBy(cache).forEach((name, count) -> cachesEnded.merge(name, count, Long::sum));
    }
  }

  /** The counters of a cache were set to zero. */
  void afterReset(CacheMetrics cache) {
    cachesBefore.computeIfPresent(cache, (same, before) -> cache.counts());
  }

  @Nullable Throwable failure() {
    return failure;
  }

  void failed(Throwable with) {
    failure = with;
  }
}
