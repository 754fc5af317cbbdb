// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.prefetch.Prefetched.Timing;
import io.millrace.prefetch.Prefetcher.Head;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("unit")
final class BackgroundPrefetcherTest {

  private final BoundedByteBudget budget = new BoundedByteBudget(100);
  private final AtomicLong clock = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final List<TestingTask> gated = new ArrayList<>();
  private final List<Reservation> taken = new ArrayList<>();

  private BackgroundPrefetcher<String> prefetcher = prefetcher(PrefetchSettings.DEFAULT);

  private BackgroundPrefetcher<String> prefetcher(PrefetchSettings settings) {
    return new BackgroundPrefetcher<>(settings, budget, this::newThread, clock::get, 1);
  }

  private synchronized Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "prefetch-test-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  @AfterEach
  void leavesNothingBehind() throws Exception {
    gated.forEach(TestingTask::end);
    prefetcher.close();
    taken.forEach(Reservation::close);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(budget.reserved()).isZero();
  }

  private TestingTask gated(String name, long bytes) {
    TestingTask task = TestingTask.gated(name, bytes);
    gated.add(task);
    return task;
  }

  private Prefetched<String> take() throws Exception {
    Prefetched<String> result = prefetcher.take().orElseThrow();
    taken.add(result.memory());
    return result;
  }

  private void awaitHead(Head head) {
    while (prefetcher.head() != head) {
      Thread.onSpinWait();
    }
  }

  @Test
  void opensAheadAndHandsOverInOrder() throws Exception {
    assertThat(prefetcher.head()).isEqualTo(Head.NONE);
    assertThat(prefetcher.take()).isEmpty();
    TestingTask a = gated("a", 10);
    TestingTask b = gated("b", 20);
    prefetcher.add(a);
    prefetcher.add(b);
    assertThat(prefetcher.size()).isEqualTo(2);
    assertThat(prefetcher.head()).isEqualTo(Head.OPENING);
    a.awaitBegun();
    b.awaitBegun();
    assertThat(budget.reserved()).isEqualTo(30);
    b.end();
    a.end();
    awaitHead(Head.READY);

    Prefetched<String> first = take();
    assertThat(first.opened()).isEqualTo("a");
    assertThat(first.timing()).isEqualTo(Timing.AHEAD);
    assertThat(first.waitNanos()).isZero();
    assertThat(first.memory().bytes()).isEqualTo(10);
    assertThat(a.openedBy()).isNotSameAs(Thread.currentThread());
    assertThat(take().opened()).isEqualTo("b");
    assertThat(budget.reserved()).as("until the reader closes them").isEqualTo(30);
    assertThat(prefetcher.size()).isZero();
  }

  @Test
  void beginsFourAtFirstAndMoreWhenTheReaderWaited() throws Exception {
    List<TestingTask> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(gated("t" + i, 1));
      prefetcher.add(tasks.get(i));
    }
    for (int i = 0; i < 4; i++) {
      tasks.get(i).awaitBegun();
    }
    assertThat(threads).as("and one to look for more").hasSize(5);
    assertThat(budget.reserved()).isEqualTo(4);

    Prefetched<String> late = takeWhileWaiting(() -> tasks.get(0).end(), 70);
    assertThat(late.opened()).isEqualTo("t0");
    assertThat(late.timing()).isEqualTo(Timing.LATE);
    assertThat(late.waitNanos()).isEqualTo(70);
    // Doubled when the wait began, and again after half a latency of it.
    for (int i = 4; i < 17; i++) {
      tasks.get(i).awaitBegun();
    }
    assertThat(budget.reserved()).as("t0 with the reader, sixteen under way").isEqualTo(17);
    assertThat(tasks.get(17).hasBegun()).isFalse();
  }

  @Test
  void neverHasMoreUnderWayThanAllowed() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(PrefetchSettings.DEFAULT.withMaxRequests(2));
    List<TestingTask> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tasks.add(gated("t" + i, 1));
      prefetcher.add(tasks.get(i));
    }
    tasks.get(0).awaitBegun();
    tasks.get(1).awaitBegun();
    assertThat(budget.reserved()).isEqualTo(2);
    takeWhileWaiting(() -> tasks.get(0).end(), 1);
    tasks.get(2).awaitBegun();

    assertThat(tasks.get(3).hasBegun()).isFalse();
    assertThat(threads).as("and one to look for more").hasSize(3);
  }

  @Test
  void waitsForBytesInOrderAndGoesOnWhenTheyComeBack() throws Exception {
    Reservation other = budget.reserveNow(50);
    TestingTask big = gated("big", 60);
    TestingTask small = gated("small", 5);
    prefetcher.add(big);
    prefetcher.add(small);
    assertThat(prefetcher.head()).isEqualTo(Head.WAITING);
    assertThat(small.hasBegun()).as("not before what comes first").isFalse();
    assertThat(budget.reserved()).isEqualTo(50);

    other.close();
    big.awaitBegun();
    small.awaitBegun();
    assertThat(budget.reserved()).isEqualTo(65);
  }

  @Test
  void doesNotSpinWhileItWaitsForBytes() throws Exception {
    Reservation other = budget.reserveNow(100);
    prefetcher.add(gated("a", 10));
    Thread idle = threads.get(0);
    while (idle.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    Reservation zero = budget.reserveNow(0);
    zero.close();
    while (idle.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(prefetcher.head()).isEqualTo(Head.WAITING);
    other.close();
    gated.get(0).awaitBegun();
  }

  @Test
  void opensOnTheReadersThreadWhatTheBudgetDidNotAllow() throws Exception {
    Reservation other = budget.reserveNow(90);
    TestingTask big = TestingTask.quick("big", 500);
    prefetcher.add(big);
    TestingTask next = gated("next", 5);
    prefetcher.add(next);
    assertThat(prefetcher.head()).isEqualTo(Head.WAITING);
    Prefetched<String> result = take();

    assertThat(result.timing()).isEqualTo(Timing.ON_DEMAND);
    assertThat(big.openedBy()).isSameAs(Thread.currentThread());
    assertThat(budget.reserved()).isEqualTo(590);
    assertThat(next.hasBegun()).isFalse();
    result.memory().close();
    next.awaitBegun();
    other.close();
  }

  @Test
  void opensEverythingOnTheReadersThreadWhenOff() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(PrefetchSettings.DEFAULT.withEnabled(false));
    prefetcher.add(TestingTask.quick("a", 10));
    prefetcher.add(TestingTask.failing("b", 10, new IOException("broken")));
    assertThat(prefetcher.head()).isEqualTo(Head.WAITING);

    assertThat(take().timing()).isEqualTo(Timing.ON_DEMAND);
    assertThatThrownBy(prefetcher::take).hasMessage("broken");
    assertThat(prefetcher.size()).isZero();
    assertThat(threads).isEmpty();
    assertThat(budget.reserved()).isEqualTo(10);
  }

  @Test
  void throwsErrorsAtTheirPlaceAndGoesOn() throws Exception {
    List<Throwable> failures =
        List.of(
            new IOException("io"),
            new IllegalStateException("bug"),
            new StackOverflowError("deep"),
            new InterruptedException("who?"));
    prefetcher.add(TestingTask.quick("first", 1));
    failures.forEach(failure -> prefetcher.add(TestingTask.failing("bad", 1, failure)));
    prefetcher.add(TestingTask.quick("last", 1));
    assertThat(take().opened()).isEqualTo("first");

    for (Throwable failure : failures.subList(0, 3)) {
      assertThatThrownBy(prefetcher::take).isSameAs(failure);
    }
    assertThatThrownBy(prefetcher::take)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("Cannot prefetch: the task was interrupted")
        .hasCause(failures.get(3));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(take().opened()).isEqualTo("last");
    assertThat(budget.reserved()).isEqualTo(2);
  }

  @Test
  void wakesAWaitingReaderAndKeepsTheTask() throws Exception {
    TestingTask a = gated("a", 10);
    prefetcher.add(a);
    runWhileWaiting(
        () -> {
          clock.addAndGet(30);
          prefetcher.wakeUp();
        });
    assertThat(prefetcher.take()).isEmpty();
    assertThat(prefetcher.size()).isEqualTo(1);

    a.end();
    awaitHead(Head.READY);
    Prefetched<String> result = take();
    assertThat(result.timing()).as("the reader had come before it was done").isEqualTo(Timing.LATE);
    assertThat(result.waitNanos()).isEqualTo(30);
  }

  @Test
  void remembersAWakeUpUntilATakeWouldWait() throws Exception {
    TestingTask a = TestingTask.quick("a", 10);
    TestingTask b = gated("b", 10);
    prefetcher.add(a);
    awaitHead(Head.READY);
    prefetcher.wakeUp();
    prefetcher.wakeUp();
    prefetcher.add(b);

    assertThat(take().opened()).as("needs no waiting").isEqualTo("a");
    assertThat(prefetcher.take()).as("would wait").isEmpty();
    assertThat(takeWhileWaiting(b::end, 0).opened()).as("woken up once").isEqualTo("b");
  }

  @Test
  void aWakeUpComesBeforeOpeningOnTheReadersThread() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(PrefetchSettings.DEFAULT.withEnabled(false));
    prefetcher.add(TestingTask.quick("a", 10));
    prefetcher.wakeUp();

    assertThat(prefetcher.take()).isEmpty();
    assertThat(take().opened()).isEqualTo("a");
  }

  @Test
  void keepsTheTaskWhenTheReaderIsInterrupted() throws Exception {
    TestingTask a = gated("a", 10);
    prefetcher.add(a);
    Thread.currentThread().interrupt();
    assertThatThrownBy(prefetcher::take).isInstanceOf(InterruptedException.class);

    assertThat(prefetcher.size()).isEqualTo(1);
    assertThat(takeWhileWaiting(a::end, 0).opened()).isEqualTo("a");
  }

  @Test
  void closingDiscardsAndInterruptsAndGivesBack() throws Exception {
    TestingTask done = TestingTask.quick("done", 10);
    TestingTask bad = TestingTask.failing("bad", 10, new IOException("broken"));
    TestingTask underWay = gated("under way", 10);
    TestingTask tooMuch = gated("too much", 90);
    List.of(done, bad, underWay, tooMuch).forEach(prefetcher::add);
    awaitHead(Head.READY);
    underWay.awaitBegun();
    prefetcher.close();
    prefetcher.close();

    assertThat(done.discarded()).isEqualTo(1);
    assertThat(bad.discarded()).isZero();
    assertThat(underWay.discarded()).as("was interrupted, opened nothing").isZero();
    assertThat(tooMuch.opened()).isZero();
    assertThat(budget.reserved()).isZero();
    assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
    assertThat(prefetcher.size()).isZero();
    assertThat(prefetcher.head()).isEqualTo(Head.NONE);
    assertThatThrownBy(prefetcher::take)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot take from a closed prefetcher");
    assertThatThrownBy(() -> prefetcher.add(done))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot add to a closed prefetcher");
  }

  @Test
  void discardsWhatEndsAfterItWasClosed() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(new PrefetchSettings(true, 4, Duration.ofMillis(1)));
    TestingTask stubborn = gated("stubborn", 10).ignoringInterrupts();
    prefetcher.add(stubborn);
    stubborn.awaitBegun();
    prefetcher.close();
    assertThat(budget.reserved()).as("it still uses its memory").isEqualTo(10);

    stubborn.end();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(stubborn.discarded()).isEqualTo(1);
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void twoReadersShareABudgetAndWakeEachOther() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> readers = new ArrayList<>();
    for (int r = 0; r < 2; r++) {
      Thread reader =
          new Thread(
              () -> {
                try (BackgroundPrefetcher<String> mine =
                    new BackgroundPrefetcher<>(PrefetchSettings.DEFAULT, budget, "shared")) {
                  for (int i = 0; i < 300; i++) {
                    mine.add(TestingTask.quick("t" + i, 1 + i % 40));
                  }
                  for (int i = 0; i < 300; i++) {
                    Prefetched<String> result = mine.take().orElseThrow();
                    assertThat(result.opened()).isEqualTo("t" + i);
                    assertThat(result.memory().bytes()).isEqualTo(1 + i % 40);
                    result.memory().close();
                  }
                } catch (IOException | InterruptedException | AssertionError e) {
                  failure.compareAndSet(null, e);
                }
              });
      readers.add(reader);
      reader.start();
    }
    for (Thread reader : readers) {
      reader.join();
    }

    assertThat(failure.get()).isNull();
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void opensOnTheReadersThreadWhenThereCanBeNoOther() throws Exception {
    prefetcher.close();
    prefetcher =
        new BackgroundPrefetcher<>(
            PrefetchSettings.DEFAULT,
            budget,
            work -> {
              throw new OutOfMemoryError("unable to create native thread");
            });
    prefetcher.add(TestingTask.quick("a", 10));

    assertThat(take().timing()).isEqualTo(Timing.ON_DEMAND);
  }

  @Test
  void throwsWhatTheBudgetThrowsAtTheTasksPlace() throws Exception {
    prefetcher.add(TestingTask.quick("wrong", -1));
    prefetcher.add(TestingTask.quick("right", 1));

    assertThatThrownBy(prefetcher::take)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot reserve a negative number of bytes: -1");
    assertThat(take().opened()).isEqualTo("right");
  }

  @Test
  void namesItsThreadsAndMakesThemDaemons() throws Exception {
    try (BackgroundPrefetcher<String> named =
        new BackgroundPrefetcher<>(PrefetchSettings.DEFAULT, budget, "millrace-prefetch")) {
      TestingTask a = gated("a", 1);
      named.add(a);
      a.awaitBegun();

      assertThat(a.openedBy().getName()).isEqualTo("millrace-prefetch-1");
      assertThat(a.openedBy().isDaemon()).isTrue();
      assertThat(a.openedBy().getContextClassLoader())
          .isSameAs(Thread.currentThread().getContextClassLoader());
    }
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatThrownBy(() -> PrefetchSettings.DEFAULT.withMaxRequests(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot prefetch with 0 requests; set prefetch.max-requests");
    assertThatThrownBy(() -> new PrefetchSettings(true, 1, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Takes; another thread runs the action once this one waits, after so much time has passed. */
  private Prefetched<String> takeWhileWaiting(Runnable action, long nanos) throws Exception {
    runWhileWaiting(
        () -> {
          clock.addAndGet(nanos);
          action.run();
        });
    return take();
  }

  private void runWhileWaiting(Runnable action) {
    new Thread(
            () -> {
              while (!prefetcher.hasWaitingReader()) {
                Thread.onSpinWait();
              }
              action.run();
            })
        .start();
  }
}
