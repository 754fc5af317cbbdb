// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random tasks, takes, wake-ups and closes beside what must hold of them: results and errors in
 * their order and only there, no request more than allowed, no byte more than the budget but for
 * what the reader opens itself, no task opened twice, and everything given back.
 */
@Tag("unit")
@Timeout(60)
final class PrefetcherModelTest {

  private static final int BUDGET = 64;
  private static final int LARGE = 1 << 20;

  private final BoundedByteBudget budget = new BoundedByteBudget(BUDGET);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong beyond = new AtomicLong();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final Thread reader = Thread.currentThread();
  private int maxRequests;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void holdsWhateverHappens(long seed) throws Exception {
    Random random = new Random(seed);
    for (int run = 0; run < 12; run++) {
      run(random);
      assertThat(violations).isEmpty();
      assertThat(budget.reserved()).isZero();
      assertThat(open).hasValue(0);
      assertThat(inFlight).hasValue(0);
      assertThat(threads).noneMatch(Thread::isAlive);
      threads.clear();
    }
  }

  @Test
  void readsEverythingInOrderThoughAnythingIsSlow() throws Exception {
    Random random = new Random(99);
    maxRequests = 6;
    try (BackgroundPrefetcher<Integer> prefetcher = newPrefetcher()) {
      for (int i = 0; i < 400; i++) {
        prefetcher.add(new RandomTask(i, 1 + random.nextInt(9), random.nextInt(4), 0, random));
      }
      for (int i = 0; i < 400; i++) {
        Prefetched<Integer> result = prefetcher.take().orElseThrow();
        assertThat(result.opened()).isEqualTo(i);
        open.decrementAndGet();
        endBeyond(result);
        result.memory().close();
      }
    }
    assertThat(violations).isEmpty();
    assertThat(budget.reserved()).isZero();
  }

  private BackgroundPrefetcher<Integer> newPrefetcher() {
    return new BackgroundPrefetcher<>(
        PrefetchSettings.DEFAULT.withMaxRequests(maxRequests),
        budget,
        work -> {
          Thread thread = new Thread(work);
          thread.setDaemon(true);
          threads.add(thread);
          return thread;
        },
        System::nanoTime,
        1 + maxRequests / 2);
  }

  private void run(Random random) throws Exception {
    maxRequests = 1 + random.nextInt(12);
    ArrayDeque<RandomTask> expected = new ArrayDeque<>();
    List<Prefetched<Integer>> held = new ArrayList<>();
    BackgroundPrefetcher<Integer> prefetcher = newPrefetcher();
    int steps = random.nextInt(150);
    int added = 0;
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          int failing = random.nextInt(6) == 0 ? 1 : 0;
          RandomTask task =
              new RandomTask(added++, 1 + random.nextInt(30), random.nextInt(5), failing, random);
          expected.add(task);
          prefetcher.add(task);
        }
        case 3 -> prefetcher.wakeUp();
        case 4 -> {
          if (!held.isEmpty()) {
            giveBack(held.remove(random.nextInt(held.size())));
          }
        }
        default -> take(prefetcher, expected, held);
      }
      assertThat(prefetcher.size()).isEqualTo(expected.size());
    }
    prefetcher.close();
    held.forEach(this::giveBack);
  }

  private void take(
      BackgroundPrefetcher<Integer> prefetcher,
      ArrayDeque<RandomTask> expected,
      List<Prefetched<Integer>> held)
      throws InterruptedException {
    RandomTask next = expected.peek();
    try {
      Optional<Prefetched<Integer>> result = prefetcher.take();
      if (result.isPresent()) {
        assertThat(next).isNotNull();
        assertThat(result.get().opened()).isEqualTo(next.number);
        assertThat(next.failing).isZero();
        open.decrementAndGet();
        held.add(result.get());
        expected.remove();
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("task " + next.number);
      expected.remove();
    }
  }

  private void giveBack(Prefetched<Integer> result) {
    endBeyond(result);
    result.memory().close();
  }

  private void endBeyond(Prefetched<Integer> result) {
    if (result.timing() == Prefetched.Timing.ON_DEMAND) {
      beyond.addAndGet(-result.memory().bytes());
    }
  }

  /** Makes some requests, one after the other, some of them side by side. */
  private final class RandomTask implements PrefetchTask<Integer> {

    private final int number;
    private final long bytes;
    private final int requests;
    private final int failing;
    private final long pause;
    private final AtomicInteger openings = new AtomicInteger();

    RandomTask(int number, long bytes, int requests, int failing, Random random) {
      this.number = number;
      this.bytes = bytes;
      this.requests = requests;
      this.failing = failing;
      this.pause = random.nextInt(4) == 0 ? random.nextInt(400_000) : 0;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    /**
     * What the reader opens itself is reserved a moment before it is counted, and counted a moment
     * longer or shorter than it is reserved: over it is only what is so more than once.
     */
    private boolean isOverBudget() {
      for (int look = 0; look < 1000; look++) {
        if (budget.reserved() - beyond.get() <= BUDGET) {
          return false;
        }
        LockSupport.parkNanos(10_000);
      }
      return true;
    }

    @Override
    public Integer open(Reservation memory, OriginRequests origin)
        throws IOException, InterruptedException {
      boolean onDemand = Thread.currentThread() == reader;
      if (openings.incrementAndGet() > 1) {
        violations.add("opened twice: " + number);
      }
      if (onDemand) {
        beyond.addAndGet(bytes);
      } else if (isOverBudget()) {
        violations.add("over budget: " + budget.reserved());
      }
      boolean opened = false;
      try {
        for (int i = 0; i < requests; i += 2) {
          if (i + 1 < requests) {
            sideBySide(origin, onDemand);
          } else {
            request(origin, onDemand);
          }
        }
        origin.look(() -> number);
        if (failing > 0) {
          throw new IOException("task " + number);
        }
        open.incrementAndGet();
        opened = true;
        return number;
      } finally {
        if (onDemand && !opened) {
          beyond.addAndGet(-bytes);
        }
      }
    }

    private void sideBySide(OriginRequests origin, boolean onDemand)
        throws IOException, InterruptedException {
      Set<String> failures = new HashSet<>();
      Thread helper =
          new Thread(
              () -> {
                try {
                  request(origin, onDemand);
                } catch (IOException e) {
                  synchronized (failures) {
                    failures.add(String.valueOf(e.getMessage()));
                  }
                }
              });
      helper.start();
      try {
        request(origin, onDemand);
        helper.join();
      } finally {
        helper.interrupt();
        joinUninterruptibly(helper);
      }
      synchronized (failures) {
        if (!failures.isEmpty()) {
          throw new InterruptedIOException("helper: " + failures);
        }
      }
    }

    private static void joinUninterruptibly(Thread thread) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void request(OriginRequests origin, boolean onDemand) throws IOException {
      origin.fetch(
          LARGE,
          () -> {
            int now = inFlight.incrementAndGet();
            // What the reader opens itself goes beyond: two at most.
            if (now > maxRequests + 2) {
              violations.add(now + " requests in flight, not " + maxRequests);
            }
            if (pause > 0) {
              LockSupport.parkNanos(pause);
            }
            inFlight.decrementAndGet();
            return onDemand;
          });
    }

    @Override
    public void discard(Integer opened) {
      open.decrementAndGet();
    }
  }
}
