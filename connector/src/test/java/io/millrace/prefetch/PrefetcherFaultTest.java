// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fault in a prefetch thread that no task threw is the reader's failure, never a silent end. */
@Tag("unit")
class PrefetcherFaultTest {

  private final ByteBudget budget = new BoundedByteBudget(100);
  private final Thread reader = Thread.currentThread();

  @Test
  void throwsAFaultOfAThreadToAReaderThatWaits() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    BackgroundPrefetcher<String> prefetcher =
        prefetcher(
            new FaultyBudget(
                () -> {
                  // The worker looks for more once its first task has ended.
                  if (Thread.currentThread() != reader && asked.incrementAndGet() == 1) {
                    throw new NoClassDefFoundError("gone");
                  }
                }));
    TestingTask first = TestingTask.gated("a", 60);
    prefetcher.add(first);
    prefetcher.add(TestingTask.quick("b", 60));
    first.end();
    Await.until("the worker has asked for more", () -> asked.get() >= 1);

    assertThatThrownBy(
            () -> {
              while (true) {
                // Empty once both are taken, until the fault of the thread is noted.
                prefetcher.take();
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot take from a prefetcher whose thread failed:"
                + " java.lang.NoClassDefFoundError: gone")
        .hasCauseInstanceOf(NoClassDefFoundError.class);
    prefetcher.close();
  }

  @Test
  void closingFromAnotherThreadEndsAnOpeningOnTheReadersThread() throws Exception {
    for (boolean ignoring : new boolean[] {false, true}) {
      BackgroundPrefetcher<String> prefetcher =
          new BackgroundPrefetcher<>(
              PrefetchSettings.DEFAULT.withEnabled(false), budget, "millrace-fault-test");
      TestingTask task = TestingTask.gated("a", 60);
      if (ignoring) {
        task.ignoringInterrupts();
      }
      prefetcher.add(task);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread other =
          new Thread(
              () -> {
                try {
                  prefetcher.take();
                  failure.complete(new AssertionError("it took something"));
                } catch (IOException | InterruptedException | RuntimeException e) {
                  failure.complete(e);
                }
              });
      other.start();
      task.awaitBegun();

      prefetcher.close();
      task.end();
      other.join();

      assertThat(failure.join())
          .isInstanceOf(ignoring ? IllegalStateException.class : InterruptedIOException.class);
      assertThat(task.discarded()).isEqualTo(ignoring ? 1 : 0);
      assertThat(budget.reserved()).isZero();
    }
  }

  @Test
  void throwsWhateverATaskThrowsAtItsPlace() throws Exception {
    try (BackgroundPrefetcher<String> prefetcher = prefetcher(budget)) {
      prefetcher.add(TestingTask.quick("a", 1));
      prefetcher.add(TestingTask.failing("b", 1, new Exception("not declared")));
      prefetcher.add(TestingTask.failing("c", 1, new StackOverflowError("deep")));
      prefetcher.add(TestingTask.quick("d", 1));

      assertThat(prefetcher.take().get().opened()).isEqualTo("a");
      assertThatThrownBy(prefetcher::take)
          .hasMessage("Cannot prefetch: java.lang.Exception: not declared");
      assertThatThrownBy(prefetcher::take)
          .isInstanceOf(StackOverflowError.class)
          .hasMessage("deep");
      assertThat(prefetcher.take().get().opened()).isEqualTo("d");
    }
  }

  @Test
  void closesAfterAFaultAndGivesEverythingBack() throws Exception {
    FaultyBudget faulty =
        new FaultyBudget(
            () -> {
              if (Thread.currentThread() != reader) {
                throw new IllegalAccessError("broken");
              }
            });
    BackgroundPrefetcher<String> prefetcher = prefetcher(faulty);
    for (int i = 0; i < 8; i++) {
      prefetcher.add(TestingTask.quick("task " + i, 10));
    }
    Await.until("a task was opened", () -> prefetcher.head() == Prefetcher.Head.READY);

    prefetcher.close();

    assertThat(budget.reserved()).isLessThanOrEqualTo(0);
  }

  private static BackgroundPrefetcher<String> prefetcher(ByteBudget from) {
    return new BackgroundPrefetcher<>(PrefetchSettings.DEFAULT, from, "millrace-fault-test");
  }

  /** The test's budget, with a fault before each try. */
  private final class FaultyBudget implements ByteBudget {

    private final Runnable fault;

    FaultyBudget(Runnable fault) {
      this.fault = fault;
    }

    @Override
    public long capacity() {
      return budget.capacity();
    }

    @Override
    public long reserved() {
      return budget.reserved();
    }

    @Override
    public Optional<Reservation> tryReserve(long bytes) {
      fault.run();
      return budget.tryReserve(bytes);
    }

    @Override
    public Reservation reserveNow(long bytes) {
      return budget.reserveNow(bytes);
    }

    @Override
    public Subscription onRelease(Runnable action) {
      return budget.onRelease(action);
    }
  }
}
