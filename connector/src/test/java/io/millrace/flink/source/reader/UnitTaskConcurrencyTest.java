// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many readers of the same shards, while some of what is fetched is wrong. */
@Tag("unit")
class UnitTaskConcurrencyTest {

  private static final int THREADS = 6;
  private static final int OPENED_BY_EACH = 20;

  @TempDir Path directory;

  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** The byte at 172 begins a unit in an offset table, and is data elsewhere. */
  @ParameterizedTest
  @CsvSource({"plan, 32", "none, 64", "lru, 24"})
  void neverReadsAWrongValueAndGivesEverythingBack(String policy, int megabytes) throws Exception {
    try (TestingUnits units =
        TestingUnits.write(directory, 2, 90, "xxh64").cache((long) megabytes << 20, policy)) {
      units.store.damageNext(
          Integer.MAX_VALUE, request -> ThreadLocalRandom.current().nextInt(12) == 0, 172);
      ExecutorService executor = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          running.add(
              executor.submit(
                  () -> {
                    readAtRandom(units);
                    return null;
                  }));
        }
        for (Future<?> future : running) {
          future.get();
        }
      } finally {
        executor.shutdownNow();
      }

      assertThat(read.get() + refused.get()).isEqualTo(THREADS * OPENED_BY_EACH);
      assertThat(read.get()).isGreaterThan(refused.get());
      assertThat(units.bytesInUse()).isZero();
    }
  }

  private void readAtRandom(TestingUnits units) throws IOException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < OPENED_BY_EACH; i++) {
      int unit = random.nextInt((int) units.manifest.units());
      int first = 90 * (unit / 3) + 42 * (unit % 3);
      try (TestingUnits.Opened opened = units.open(0, unit)) {
        long[] ids = opened.ids(units);
        assertThat(ids).hasSize(unit % 3 == 2 ? 6 : 42);
        for (int j = 0; j < ids.length; j++) {
          assertThat(ids[j]).isEqualTo(first + j);
        }
        read.incrementAndGet();
      } catch (CorruptObjectException e) {
        refused.incrementAndGet();
      }
    }
  }
}
