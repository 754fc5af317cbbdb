// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class CacheMetricsTest {

  private final RecordingGroup group = new RecordingGroup();

  @Test
  void registersWhatACacheHoldsAndDid() {
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"))) {
      CacheMetrics metrics = new CacheMetrics(cache, new OriginCounters());
      metrics.join(group);
      cache.workingMemory().reserveNow(1234);

      assertThat(group.values())
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("millrace.hedgedRequests", 0L),
                  Map.entry("millrace.originRetries", 0L),
                  Map.entry("millrace.originThrottled", 0L),
                  Map.entry("millrace.originFallbacks", 0L),
                  Map.entry("millrace.bytesSaved", 0L),
                  Map.entry("millrace.cacheMemoryBytes", 1234L),
                  Map.entry("millrace.cacheCapacityBytes", 1L << 20),
                  Map.entry("millrace.cacheEntries", 0L),
                  Map.entry("millrace.cacheDiskBytes", 0L),
                  Map.entry("millrace.cacheDiskState", 0L),
                  Map.entry("millrace.evictions", 0L),
                  Map.entry("millrace.expirations", 0L)));
      assertThat(metrics.counts())
          .containsOnlyKeys(CacheMetrics.countNames())
          .allSatisfy(
              (name, count) -> assertThat(group.values()).containsEntry("millrace." + name, count));
    }
    assertThat(group.values()).as("metrics may outlive the cache").hasSize(12);
  }

  @Test
  void areRegisteredWithOneReaderAtATimeAndMoveOnWhenItEnds() {
    RecordingGroup second = new RecordingGroup();
    RecordingGroup third = new RecordingGroup();
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"))) {
      CacheMetrics metrics = new CacheMetrics(cache, new OriginCounters());
      CacheMetrics.Membership first = metrics.join(group);
      CacheMetrics.Membership inBetween = metrics.join(second);
      CacheMetrics.Membership last = metrics.join(third);
      assertThat(second.values()).isEmpty();

      inBetween.close();
      first.close();
      first.close();

      assertThat(second.values()).as("it had left before").isEmpty();
      assertThat(third.values()).containsEntry("millrace.cacheCapacityBytes", 1L << 20);
      assertThat(group.values()).as("until its task ends").hasSize(12);
      assertThat(group.values().values()).containsOnly(0L);

      last.close();
      assertThat(third.values())
          .as("nobody took over")
          .containsEntry("millrace.cacheCapacityBytes", 1L << 20);
      RecordingGroup fourth = new RecordingGroup();
      metrics.join(fourth);
      assertThat(fourth.values()).containsEntry("millrace.cacheCapacityBytes", 1L << 20);
    }
  }

  @Test
  void tellsHowManyRequestsAnotherReplicaAnswered(@TempDir Path directory) throws IOException {
    OriginCounters counters = new OriginCounters();
    TestingObjectStore base = new TestingObjectStore(directory);
    List<ObjectLocation> roots = List.of(base.location("missing"), base.root());
    try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(1 << 20, "plan"));
        DecoratedObjectStore store =
            ObjectStores.decorated(base, StorageSettings.DEFAULTS, counters)) {
      new CacheMetrics(cache, counters).join(group);
      store.replicated(roots).list(roots.get(0));
      store.replicated(roots).list(roots.get(0));
    }

    assertThat(group.values()).containsEntry("millrace.originFallbacks", 2L);
  }

  @Test
  void tellsHowManyRequestsWereSentAgain(@TempDir Path directory) throws IOException {
    OriginCounters counters = new OriginCounters();
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
      new CacheMetrics(cache, counters).join(group);
      store.list(base.root());
    }

    assertThat(group.values())
        .containsEntry("millrace.originRetries", 2L)
        .containsEntry("millrace.originThrottled", 1L);
  }
}
