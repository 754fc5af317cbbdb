// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Life cycles with failures, wake-ups and a close at any moment: nothing is left of any of them.
 */
@Timeout(120)
@Tag("unit")
final class PrefetcherLeakTest {

  private static final int CYCLES = 200;

  private final BoundedByteBudget budget = new BoundedByteBudget(200);
  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Random random = new Random(11);
  private final Thread reader = Thread.currentThread();

  @Test
  void leavesNoThreadNoReservationAndNothingOpen() throws Exception {
    int taken = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      taken += cycle();
      assertThat(budget.reserved()).isZero();
      assertThat(open).hasValue(0);
    }

    assertThat(taken).as("cycles in which something happened").isGreaterThan(CYCLES);
    assertThat(threads).hasSizeGreaterThan(CYCLES).noneMatch(Thread::isAlive);
  }

  private int cycle() throws Exception {
    BackgroundPrefetcher<Integer> prefetcher =
        new BackgroundPrefetcher<>(
            PrefetchSettings.DEFAULT.withMaxRequests(1 + random.nextInt(16)),
            budget,
            work -> {
              Thread thread = new Thread(work);
              threads.add(thread);
              return thread;
            });
    List<Reservation> held = new ArrayList<>();
    int tasks = 1 + random.nextInt(60);
    for (int i = 0; i < tasks; i++) {
      prefetcher.add(new RandomTask(i, 1 + random.nextInt(60), random.nextInt(10)));
    }
    int takes = random.nextInt(tasks + 1);
    int taken = 0;
    for (int i = 0; i < takes; i++) {
      if (random.nextInt(10) == 0) {
        prefetcher.wakeUp();
      }
      try {
        prefetcher
            .take()
            .ifPresent(
                result -> {
                  open.decrementAndGet();
                  held.add(result.memory());
                });
        taken++;
      } catch (IOException | IllegalStateException e) {
        assertThat(e).hasMessageContaining("as asked");
      }
      if (held.size() > 5) {
        held.remove(0).close();
      }
    }
    prefetcher.close();
    held.forEach(Reservation::close);
    return taken;
  }

  private final class RandomTask implements PrefetchTask<Integer> {

    private final int number;
    private final long bytes;
    private final int kind;

    RandomTask(int number, long bytes, int kind) {
      this.number = number;
      this.bytes = bytes;
      this.kind = kind;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Integer open(Reservation memory, OriginRequests requests) throws IOException {
      switch (kind) {
        case 0 -> throw new IOException("as asked");
        case 1 -> throw new IllegalStateException("as asked");
        case 2 -> memory.growNow(30);
        case 3 -> {
          if (Thread.currentThread() != reader) {
            Thread.currentThread().interrupt();
          }
        }
        default -> Thread.onSpinWait();
      }
      open.incrementAndGet();
      return number;
    }

    @Override
    public void discard(Integer opened) {
      open.decrementAndGet();
      if (kind == 4 && number == 40) {
        throw new IllegalStateException("as asked");
      }
    }
  }
}
