// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.BoundedByteBudget;
import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is bounded are requests, not tasks. */
@Tag("unit")
@Timeout(60)
final class PrefetcherRequestsTest {

  private static final long EXTENT = 4 << 20;

  private final BoundedByteBudget budget = new BoundedByteBudget(1000);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final List<Reservation> taken = new ArrayList<>();
  private BackgroundPrefetcher<String> prefetcher = prefetcher(64);

  private BackgroundPrefetcher<String> prefetcher(int maxRequests) {
    return new BackgroundPrefetcher<>(
        PrefetchSettings.DEFAULT.withMaxRequests(maxRequests),
        budget,
        new PrefetchThreads("requests-test"),
        System::nanoTime,
        2);
  }

  @AfterEach
  void leavesNothingBehind() {
    release.countDown();
    prefetcher.close();
    taken.forEach(Reservation::close);
    assertThat(budget.reserved()).isZero();
    assertThat(inFlight).hasValue(0);
  }

  private String take() throws Exception {
    Prefetched<String> result = prefetcher.take().orElseThrow();
    taken.add(result.memory());
    return result.opened();
  }

  /** What a task does. */
  private interface Opening {
    String open(OriginRequests requests) throws IOException, InterruptedException;
  }

  private static PrefetchTask<String> task(Opening opening) {
    return new PrefetchTask<>() {
      @Override
      public long bytes() {
        return 1;
      }

      @Override
      public String open(Reservation memory, OriginRequests requests)
          throws IOException, InterruptedException {
        return opening.open(requests);
      }

      @Override
      public void discard(String opened) {}
    };
  }

  private String blockingFetch(OriginRequests requests, String name) throws IOException {
    return blockingFetch(requests, EXTENT, name);
  }

  private String blockingFetch(OriginRequests requests, long bytes, String name)
      throws IOException {
    return requests.fetch(
        bytes,
        () -> {
          order.add(name);
          inFlight.incrementAndGet();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new InterruptedIOException(name);
          } finally {
            inFlight.decrementAndGet();
          }
          return name;
        });
  }

  @Test
  void tasksThatCostTheOriginNothingTakeNobodysTurn() throws Exception {
    for (int i = 0; i < 4; i++) {
      String name = "slow " + i;
      prefetcher.add(task(requests -> i0(requests, name)));
    }
    Await.until("all turns are taken but one", () -> inFlight.get() == 3);
    for (int i = 0; i < 5; i++) {
      prefetcher.add(task(requests -> "resident"));
    }
    assertThat(take()).isEqualTo("slow 0");
    Await.until("the others are opened beside them", () -> budget.reserved() == 9);
    assertThat(inFlight).hasValue(3);
  }

  /** The first one is there at once, so that one turn stays free. */
  private String i0(OriginRequests requests, String name) throws IOException {
    return name.equals("slow 0") ? name : blockingFetch(requests, name);
  }

  @Test
  void aTaskOfManyRequestsHasNoMoreInFlightThanAllowed() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    prefetcher.add(
        task(
            requests -> {
              fetchSideBySide(requests, EXTENT, 12, failure);
              return "whole";
            }));
    Await.until("four are in flight", () -> inFlight.get() == 4);
    Await.until("the others wait", () -> prefetcher.waitingRequests() == 8);
    prefetcher.add(task(requests -> blockingFetch(requests, "next")));
    assertThat(budget.reserved()).as("the next one would have to wait").isEqualTo(1);

    release.countDown();
    assertThat(take()).isEqualTo("whole");
    assertThat(take()).isEqualTo("next");
    assertThat(order).hasSize(13).contains("part 0", "part 11", "next");
    assertThat(failure.get()).isNull();
  }

  private void fetchSideBySide(
      OriginRequests requests, long bytes, int parts, AtomicReference<Throwable> failure)
      throws InterruptedException {
    List<Thread> helpers = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      String name = "part " + i;
      Thread helper =
          new Thread(
              () -> {
                try {
                  blockingFetch(requests, bytes, name);
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      helpers.add(helper);
      helper.start();
    }
    for (Thread helper : helpers) {
      helper.join();
    }
  }

  @Test
  void sixteenRequestsForNextToNothingTakeOneTurn() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    prefetcher.add(task(requests -> requests.fetch(EXTENT, () -> "first")));
    Await.until(
        "it is known what requests bring", () -> prefetcher.head() == Prefetcher.Head.READY);
    prefetcher.add(
        task(
            requests -> {
              fetchSideBySide(requests, EXTENT, 3, failure);
              return "large";
            }));
    Await.until("three turns are taken", () -> inFlight.get() == 3);
    prefetcher.add(
        task(
            requests -> {
              fetchSideBySide(requests, EXTENT / 16 - 1, 20, failure);
              return "small";
            }));
    Await.until("the fourth turn goes to sixteen", () -> inFlight.get() == 3 + 16);
    Await.until("the others wait", () -> prefetcher.waitingRequests() == 4);

    release.countDown();
    assertThat(take()).isEqualTo("first");
    assertThat(take()).isEqualTo("large");
    assertThat(take()).isEqualTo("small");
    assertThat(order).hasSize(23);
    assertThat(failure.get()).isNull();
  }

  @Test
  void earlierTasksAskFirst() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    prefetcher.close();
    prefetcher = prefetcher(1);
    CountDownLatch holding = new CountDownLatch(1);
    prefetcher.add(
        task(
            requests -> {
              asked.await();
              return blockingFetch(requests, "first");
            }));
    prefetcher.add(
        task(
            requests ->
                requests.fetch(
                    EXTENT,
                    () -> {
                      order.add("second");
                      await(holding);
                      return "second";
                    })));
    Await.until("the second one has the only turn", () -> order.contains("second"));
    prefetcher.add(task(requests -> blockingFetch(requests, "third")));
    asked.countDown();
    release.countDown();
    Await.until("the first one waits for its turn", () -> prefetcher.waitingRequests() == 1);
    holding.countDown();

    assertThat(List.of(take(), take(), take())).containsExactly("first", "second", "third");
    assertThat(order).containsExactly("second", "first", "third");
  }

  @Test
  void tasksThatWaitForTheRequestOfAnotherKeepNoneFromBeingBegun() throws Exception {
    prefetcher.add(task(requests -> blockingFetch(requests, "table")));
    for (int i = 0; i < 8; i++) {
      prefetcher.add(
          task(
              requests ->
                  requests.share(
                      () -> {
                        release.await();
                        return "of the same shard";
                      })));
    }
    prefetcher.add(task(requests -> blockingFetch(requests, "of the next shard")));
    Await.until("the next shard is asked for", () -> order.contains("of the next shard"));

    release.countDown();
    assertThat(take()).isEqualTo("table");
    for (int i = 0; i < 8; i++) {
      assertThat(take()).isEqualTo("of the same shard");
    }
    assertThat(take()).isEqualTo("of the next shard");
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  @Test
  void whatTheReaderOpensItselfDoesNotWait() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(1);
    Reservation other = budget.reserveNow(999);
    prefetcher.add(task(requests -> blockingFetch(requests, "ahead")));
    Await.until("it has the only turn", () -> inFlight.get() == 1);
    BackgroundPrefetcher<String> ahead = prefetcher;
    prefetcher.add(task(requests -> requests.fetch(1, () -> "now")));
    Thread helper = new Thread(release::countDown);
    helper.start();
    assertThat(take()).isEqualTo("ahead");
    assertThat(ahead.head()).as("no bytes for it").isEqualTo(Prefetcher.Head.WAITING);
    assertThat(take()).isEqualTo("now");
    other.close();
    helper.join();
  }

  @Test
  void looksAreNotCountedAndKeepNoTaskFromBeingBegun() throws Exception {
    for (int i = 0; i < 10; i++) {
      prefetcher.add(
          task(
              requests ->
                  requests.look(
                      () -> {
                        inFlight.incrementAndGet();
                        try {
                          await(release);
                        } finally {
                          inFlight.decrementAndGet();
                        }
                        return "looked";
                      })));
    }

    Await.until("all look at once", () -> inFlight.get() == 10);
  }

  @Test
  void closingEndsTheWaitForATurnWhoeverWaits() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(1);
    AtomicReference<OriginRequests> leaked = new AtomicReference<>();
    prefetcher.add(
        task(
            requests -> {
              leaked.set(requests);
              return blockingFetch(requests, "first");
            }));
    Await.until("it has the only turn", () -> inFlight.get() == 1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread helper =
        new Thread(
            () -> {
              try {
                blockingFetch(leaked.get(), "second");
              } catch (IOException e) {
                failure.set(e);
              }
            });
    helper.start();
    Await.until("another waits", () -> prefetcher.waitingRequests() == 1);

    prefetcher.close();
    helper.join();
    assertThat(failure.get())
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("Cannot ask the origin: the prefetcher is closed");
    assertThatThrownBy(() -> leaked.get().fetch(1, () -> "late"))
        .isInstanceOf(InterruptedIOException.class);
    assertThatThrownBy(() -> leaked.get().look(() -> "late"))
        .isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void anInterruptWhileItWaitsGivesTheTurnToTheNext() throws Exception {
    prefetcher.close();
    prefetcher = prefetcher(1);
    AtomicReference<OriginRequests> leaked = new AtomicReference<>();
    prefetcher.add(
        task(
            requests -> {
              leaked.set(requests);
              return blockingFetch(requests, "first");
            }));
    Await.until("it has the only turn", () -> inFlight.get() == 1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread helper =
        new Thread(
            () -> {
              try {
                blockingFetch(leaked.get(), "second");
              } catch (IOException e) {
                failure.set(Thread.interrupted() ? e : new AssertionError("not interrupted", e));
              }
            });
    helper.start();
    Await.until("another waits", () -> prefetcher.waitingRequests() == 1);
    helper.interrupt();
    helper.join();
    assertThat(failure.get()).hasMessage("Interrupted while waiting for the turn of a request");
    prefetcher.add(task(requests -> blockingFetch(requests, "third")));

    release.countDown();
    assertThat(List.of(take(), take())).containsExactly("first", "third");
    assertThat(order).containsExactly("first", "third");
  }

  @Test
  void aReaderThatGoesOnWaitingRaisesTheRequestsEachTimeItLooks() throws Exception {
    prefetcher.add(task(requests -> requests.fetch(EXTENT, () -> "tells how long one takes")));
    assertThat(take()).isEqualTo("tells how long one takes");
    for (int i = 0; i < 64; i++) {
      int number = i;
      prefetcher.add(task(requests -> blockingFetch(requests, "t" + number)));
    }
    Await.until("the first four", () -> inFlight.get() >= 4);
    AtomicReference<String> result = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                result.set(take());
              } catch (Exception e) {
                result.set(e.toString());
              }
            });
    reader.start();

    Await.until("one wait brings all of them on their way", () -> inFlight.get() == 64);
    release.countDown();
    reader.join();
    assertThat(result).hasValue("t0");
  }
}
