// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.cache.ScanStatistics;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ReaderMetricsTest {

  private final ScanStatistics scan = new ScanStatistics();
  private final RecordingGroup group = new RecordingGroup();

  @Test
  void registersWhatAReaderDid() {
    ReaderMetrics.register(group, scan);
    scan.setSizes(1000, 250);
    assertThat(group.values())
        .containsEntry("millrace.hitRateBound", 0.25)
        .containsEntry("millrace.hitRate", 0.0)
        .containsEntry("millrace.currentEpoch", 0L);

    scan.epoch(3).recordAccess(AccessKind.HIT, 10);
    scan.epoch(3).recordAccess(AccessKind.MISS, 60);
    scan.epoch(4).recordAccess(AccessKind.HIT, 20);
    scan.epoch(4).recordAccess(AccessKind.PREFETCH_HIT, 30);
    scan.epoch(4).recordAccess(AccessKind.LATE_PREFETCH, 50);
    scan.epoch(4).recordOrigin(3, 150);
    scan.epoch(4).recordDecodedValues(5);
    scan.epoch(4).recordSkipped(6);
    scan.epoch(4).recordReaderWait(7_999_999);

    assertThat(group.values())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("millrace.cacheHits", 2L),
                Map.entry("millrace.cacheHitBytes", 30L),
                Map.entry("millrace.prefetchHits", 1L),
                Map.entry("millrace.prefetchHitBytes", 30L),
                Map.entry("millrace.latePrefetches", 1L),
                Map.entry("millrace.latePrefetchBytes", 50L),
                Map.entry("millrace.cacheMisses", 1L),
                Map.entry("millrace.cacheMissBytes", 60L),
                Map.entry("millrace.hitRate", 0.2),
                Map.entry("millrace.hitRateBound", 0.25),
                Map.entry("millrace.originBytes", 150L),
                Map.entry("millrace.originRequests", 3L),
                Map.entry("millrace.decodedValues", 5L),
                Map.entry("millrace.samplesSkipped", 6L),
                Map.entry("millrace.readerWaitMs", 7L),
                Map.entry("millrace.currentEpoch", 4L)));
  }

  @Test
  void tellsCountsByTheNamesOfTheMetrics() {
    ReaderMetrics.register(group, scan);
    scan.epoch(0).recordAccess(AccessKind.MISS, 60);

    assertThat(ReaderMetrics.counts(scan.totals()))
        .hasSize(13)
        .containsOnlyKeys(ReaderMetrics.countNames())
        .containsEntry("cacheMissBytes", 60L)
        .allSatisfy(
            (name, count) -> assertThat(group.values()).containsEntry("millrace." + name, count));
    assertThat(ReaderMetrics.counts(Snapshot.NONE).values()).containsOnly(0L);
  }
}
