// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessKind;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.prefetch.BackgroundPrefetcher;
import io.millrace.prefetch.PrefetchSettings;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class UnitWindowTest {

  /** Of the only unit of a shard of two samples. */
  private static final long UNIT_BYTES = 200_000;

  @TempDir Path directory;

  private TestingUnits units;
  private BackgroundPrefetcher<OpenUnit> prefetcher;
  private UnitWindow window;

  private void open(int shards, int capacity, PrefetchSettings settings) throws IOException {
    if (units == null) {
      units = TestingUnits.write(directory, shards, 2, "xxh64");
    }
    prefetcher =
        new BackgroundPrefetcher<>(settings, units.cache().workingMemory(), "millrace-window-test");
    window =
        new UnitWindow(prefetcher, units.cache().workingMemory(), units.statistics, capacity, 42);
    for (int unit = 0; unit < shards; unit++) {
      prefetcher.add(units.task(units.split(0, unit)));
    }
  }

  @AfterEach
  void closeAll() {
    prefetcher.close();
    window.close();
    assertThat(units.bytesInUse()).isZero();
    units.close();
  }

  @Test
  void fillsUpToItsCapacityAndRefillsWhenAUnitEnds() throws Exception {
    open(6, 4, PrefetchSettings.DEFAULT);
    assertThat(window.canDraw()).isFalse();

    assertThat(window.fill()).isTrue();
    assertThat(prefetcher.size()).isEqualTo(2);
    assertThat(drawnIds(200)).containsExactlyInAnyOrder("0-0", "0-1", "0-2", "0-3");

    UnitWindow.Entry first = window.draw();
    window.finish(first);
    assertThat(drawnIds(200)).hasSize(3).doesNotContain(first.unit().splitId());
    assertThat(window.fill()).isTrue();
    assertThat(drawnIds(200)).hasSize(4).contains("0-4");
    assertThat(prefetcher.size()).isEqualTo(1);
  }

  @Test
  void drawsAllOpenUnitsAlike() throws Exception {
    open(4, 4, PrefetchSettings.DEFAULT);
    window.fill();
    int[] drawn = new int[4];
    for (int i = 0; i < 40_000; i++) {
      drawn[(int) window.draw().unit().split().rank()]++;
    }
    // 10,000 each; the standard deviation is 87.
    assertThat(drawn).satisfies(counts -> assertThat(counts[0]).isBetween(9_600, 10_400));
    assertThat(drawn[1]).isBetween(9_600, 10_400);
    assertThat(drawn[2]).isBetween(9_600, 10_400);
    assertThat(drawn[3]).isBetween(9_600, 10_400);
  }

  @Test
  void mixesFewerUnitsWhenMemoryDoesNotHoldMore() throws Exception {
    units = TestingUnits.write(directory, 6, 2, "xxh64").cache(2 * 3 * 210_000, "plan");
    open(6, 5, PrefetchSettings.DEFAULT);

    assertThat(window.fill()).isTrue();

    assertThat(drawnIds(200)).containsExactlyInAnyOrder("0-0", "0-1", "0-2");
    assertThat(prefetcher.size()).isEqualTo(3);
    assertThat(units.cache().workingMemory().reserved()).isBetween(3 * UNIT_BYTES, 3 * 210_000L);

    // Every unit is still read, one in for one out.
    Set<String> seen = new HashSet<>();
    while (window.canDraw()) {
      UnitWindow.Entry entry = window.draw();
      seen.add(entry.unit().splitId());
      window.finish(entry);
      assertThat(window.fill()).isTrue();
    }
    assertThat(seen).hasSize(6);
  }

  @Test
  void keepsThePlaceOfAPausedSplitButDoesNotDrawIt() throws Exception {
    open(5, 3, PrefetchSettings.DEFAULT);
    window.fill();
    List<MillraceSplit> paused = List.of(units.split(0, 0), units.split(0, 2), units.split(0, 3));
    window.pauseOrResume(paused, List.of());

    assertThat(window.canDraw()).isTrue();
    assertThat(drawnIds(100)).containsExactly("0-1");
    window.fill();
    assertThat(prefetcher.size()).as("no place came free").isEqualTo(2);

    window.finish(window.draw());
    window.fill();
    // 0-3 came in, paused before it was there: then all of the window was, and it took one more.
    assertThat(drawnIds(100)).containsExactly("0-4");

    window.pauseOrResume(List.of(), List.of(units.split(0, 2), units.split(0, 3)));
    assertThat(drawnIds(200)).containsExactlyInAnyOrder("0-2", "0-3", "0-4");
  }

  @Test
  void returnsWhenItIsWokenUpAndLosesNothing() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    units = TestingUnits.write(directory, 1, 2, "xxh64");
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            awaitUninterruptibly(gate);
          }
        });
    open(1, 2, PrefetchSettings.DEFAULT);
    prefetcher.wakeUp();

    assertThat(window.fill()).isFalse();
    assertThat(window.canDraw()).isFalse();

    gate.countDown();
    assertThat(window.fill()).isTrue();
    assertThat(drawnIds(10)).containsExactly("0-0");
  }

  private static void awaitUninterruptibly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void countsHowEachExtentCame() throws Exception {
    open(2, 2, PrefetchSettings.DEFAULT.withEnabled(false));
    window.fill();
    long bytes = units.manifest.storedBytes();
    assertThat(units.statistics.totals().of(AccessKind.MISS).bytes()).isEqualTo(bytes);
    assertThat(units.statistics.totals().of(AccessKind.MISS).count()).isEqualTo(2);
    window.close();
    prefetcher.close();

    prefetcher =
        new BackgroundPrefetcher<>(
            PrefetchSettings.DEFAULT, units.cache().workingMemory(), "millrace-window-test");
    window = new UnitWindow(prefetcher, units.cache().workingMemory(), units.statistics, 2, 42);
    prefetcher.add(units.task(units.split(1, 0)));
    prefetcher.add(units.task(units.split(1, 1)));
    window.fill();

    assertThat(units.statistics.epoch(1).snapshot().of(AccessKind.HIT).bytes()).isEqualTo(bytes);
    assertThat(units.statistics.epoch(1).snapshot().hitRate()).isEqualTo(1);
    assertThat(units.statistics.totals().readerWaitNanos()).isPositive();
  }

  private Set<String> drawnIds(int draws) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < draws; i++) {
      ids.add(window.draw().unit().splitId());
    }
    return ids;
  }
}
