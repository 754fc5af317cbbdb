// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.cache.EpochStatistics.Accesses;
import io.millrace.cache.EpochStatistics.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class ScanStatisticsTest {

  private final AtomicLong clock = new AtomicLong(1000);
  private final ScanStatistics scan = new ScanStatistics(clock::get);

  @Test
  void countsEachFirstTouchAsOneKind() {
    EpochStatistics epoch = scan.epoch(3);
    epoch.recordAccess(AccessKind.HIT, 50);
    clock.set(1500);
    epoch.recordAccess(AccessKind.HIT, 10);
    epoch.recordAccess(AccessKind.PREFETCH_HIT, 25);
    epoch.recordAccess(AccessKind.LATE_PREFETCH, 10);
    epoch.recordAccess(AccessKind.MISS, 5);
    epoch.recordSamples(7);
    epoch.recordReaderWait(300);
    clock.set(1700);
    epoch.recordOrigin(2, 40);
    Snapshot counted = epoch.snapshot();

    assertThat(counted.of(AccessKind.HIT)).isEqualTo(new Accesses(2, 60));
    assertThat(counted.of(AccessKind.MISS)).isEqualTo(new Accesses(1, 5));
    assertThat(counted.firstTouchBytes()).isEqualTo(100);
    assertThat(counted.hitRate()).isEqualTo(0.6, within(1e-12));
    assertThat(counted.readyRate()).isEqualTo(0.85, within(1e-12));
    assertThat(counted.samples()).isEqualTo(7);
    assertThat(counted.readerWaitNanos()).isEqualTo(300);
    assertThat(counted.originBytes()).isEqualTo(40);
    assertThat(counted.originRequests()).isEqualTo(2);
    assertThat(counted.firstActivityNanos()).isEqualTo(1000);
    assertThat(counted.lastActivityNanos()).isEqualTo(1700);
    assertThat(counted.activeNanos()).isEqualTo(700);
    assertThat(scan.totals()).isEqualTo(counted);
  }

  @Test
  void isAllZeroBeforeAnythingWasCounted() {
    Snapshot nothing = scan.epoch(0).snapshot();

    assertThat(nothing.hitRate()).isZero();
    assertThat(nothing.readyRate()).isZero();
    assertThat(nothing.firstTouchBytes()).isZero();
    assertThat(nothing.activeNanos()).isZero();
    assertThat(nothing.of(AccessKind.MISS)).isEqualTo(new Accesses(0, 0));
  }

  @Test
  void keepsTheNewestEpochsAndAllInTheTotals() {
    for (long epoch = 0; epoch < 100; epoch++) {
      scan.epoch(epoch).recordSamples(1);
    }
    scan.epoch(2).recordSamples(1);

    assertThat(scan.epochs()).hasSize(64);
    assertThat(scan.epochs().firstKey()).isEqualTo(36);
    assertThat(scan.epochs().lastKey()).isEqualTo(99);
    assertThat(scan.epoch(99)).isSameAs(scan.epoch(99));
    assertThat(scan.totals().samples()).isEqualTo(101);
  }

  @Test
  void comparesTheCacheWithTheDataset() {
    assertThat(scan.bound()).as("size unknown").isEqualTo(1);
    scan.setSizes(400, 100);
    assertThat(scan.bound()).isEqualTo(0.25);
    scan.setSizes(400, 500);
    assertThat(scan.bound()).isEqualTo(1);
    assertThat(scan.datasetBytes()).isEqualTo(400);
    assertThat(scan.cacheCapacityBytes()).isEqualTo(500);
    assertThatThrownBy(() -> scan.setSizes(-1, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot compare a cache of 5 bytes with a dataset of -1");
  }

  @Test
  void resetsEpochsInProgressAndKeepsSizes() {
    EpochStatistics epoch = scan.epoch(1);
    scan.setSizes(10, 5);
    epoch.recordAccess(AccessKind.MISS, 10);
    scan.reset();
    epoch.recordAccess(AccessKind.HIT, 4);

    assertThat(scan.epochs().get(1L).firstTouchBytes()).isEqualTo(4);
    assertThat(scan.totals().hitRate()).isEqualTo(1);
    assertThat(scan.bound()).isEqualTo(0.5);
  }

  @Test
  void losesNothingUnderManyThreads() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  scan.epoch(i % 3).recordAccess(i % 2 == 0 ? AccessKind.HIT : AccessKind.MISS, 2);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(scan.totals().firstTouchBytes()).isEqualTo(160_000);
    assertThat(scan.epochs().values().stream().mapToLong(Snapshot::firstTouchBytes).sum())
        .isEqualTo(160_000);
  }
}
