// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessKind;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ScanStatistics;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.StorageSettings;
import io.millrace.storage.TestingObjectStore;
import io.millrace.storage.ThrottledException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderMetricsTest {

  @Test
  void registersWhatAReaderDidAndItsCache() {
    ScanStatistics scan = new ScanStatistics();
    RecordingGroup parent = new RecordingGroup("");
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"))) {
      ReaderMetrics.register(parent, scan, cache, new OriginCounters());
      assertThat(values(parent))
          .hasSize(19)
          .allSatisfy((name, value) -> assertThat(value).isZero());

      scan.epoch(3).recordAccess(AccessKind.HIT, 10);
      scan.epoch(3).recordAccess(AccessKind.HIT, 20);
      scan.epoch(4).recordAccess(AccessKind.PREFETCH_HIT, 40);
      scan.epoch(4).recordAccess(AccessKind.LATE_PREFETCH, 50);
      scan.epoch(4).recordAccess(AccessKind.MISS, 60);
      scan.epoch(4).recordOrigin(3, 150);
      scan.epoch(4).recordDecodedValues(5);
      scan.epoch(4).recordReaderWait(7_999_999);
      cache.workingMemory().reserveNow(1234);

      assertThat(values(parent))
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("millrace.cacheHits", 2L),
                  Map.entry("millrace.cacheHitBytes", 30L),
                  Map.entry("millrace.prefetchHits", 1L),
                  Map.entry("millrace.prefetchHitBytes", 40L),
                  Map.entry("millrace.latePrefetches", 1L),
                  Map.entry("millrace.latePrefetchBytes", 50L),
                  Map.entry("millrace.cacheMisses", 1L),
                  Map.entry("millrace.cacheMissBytes", 60L),
                  Map.entry("millrace.originBytes", 150L),
                  Map.entry("millrace.originRequests", 3L),
                  Map.entry("millrace.originRetries", 0L),
                  Map.entry("millrace.originThrottled", 0L),
                  Map.entry("millrace.originFallbacks", 0L),
                  Map.entry("millrace.hedgedRequests", 0L),
                  Map.entry("millrace.decodedValues", 5L),
                  Map.entry("millrace.readerWaitMs", 7L),
                  Map.entry("millrace.currentEpoch", 4L),
                  Map.entry("millrace.cacheMemoryBytes", 1234L),
                  Map.entry("millrace.evictions", 0L)));
    }
    assertThat(values(parent)).as("metrics may outlive the cache").hasSize(19);
  }

  @Test
  void tellsHowManyRequestsAnotherReplicaAnswered(@TempDir Path directory) throws IOException {
    OriginCounters counters = new OriginCounters();
    RecordingGroup parent = new RecordingGroup("");
    TestingObjectStore base = new TestingObjectStore(directory);
    List<ObjectLocation> roots = List.of(base.location("missing"), base.root());
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"));
        DecoratedObjectStore store =
            ObjectStores.decorated(base, StorageSettings.DEFAULTS, counters)) {
      ReaderMetrics.register(parent, new ScanStatistics(), cache, counters);
      store.replicated(roots).list(roots.get(0));
      store.replicated(roots).list(roots.get(0));
    }

    assertThat(values(parent)).containsEntry("millrace.originFallbacks", 2L);
  }

  @Test
  void tellsHowManyRequestsWereSentAgain(@TempDir Path directory) throws IOException {
    OriginCounters counters = new OriginCounters();
    RecordingGroup parent = new RecordingGroup("");
    TestingObjectStore base = new TestingObjectStore(directory);
    AtomicInteger asked = new AtomicInteger();
    base.setFault(
        request -> {
          switch (asked.incrementAndGet()) {
            case 1 -> throw new ThrottledException(base.root(), "slow down", Duration.ZERO);
            case 2 -> throw new IOException("connection reset");
            default -> {}
          }
        });
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"));
        DecoratedObjectStore store =
            ObjectStores.decorated(base, StorageSettings.DEFAULTS, counters)) {
      ReaderMetrics.register(parent, new ScanStatistics(), cache, counters);
      store.list(base.root());
    }

    assertThat(values(parent))
        .containsEntry("millrace.originRetries", 2L)
        .containsEntry("millrace.originThrottled", 1L);
  }

  private static Map<String, Long> values(RecordingGroup group) {
    Map<String, Long> values = new TreeMap<>();
    group.metrics.forEach(
        (name, metric) -> values.put(name, (Long) ((Gauge<?>) metric).getValue()));
    return values;
  }

  /** Keeps what is registered, by name below the group that it began with. */
  private static final class RecordingGroup extends UnregisteredMetricsGroup {

    private final String prefix;
    private final Map<String, Metric> metrics;

    RecordingGroup(String prefix) {
      this(prefix, new TreeMap<>());
    }

    private RecordingGroup(String prefix, Map<String, Metric> metrics) {
      this.prefix = prefix;
      this.metrics = metrics;
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      assertThat(metrics.put(prefix + name, gauge)).isNull();
      return gauge;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new RecordingGroup(prefix + name + ".", metrics);
    }

    @Override
    public String getMetricIdentifier(String name, CharacterFilter filter) {
      return prefix + name;
    }
  }
}
