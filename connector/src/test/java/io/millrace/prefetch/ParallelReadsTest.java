// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.prefetch.ParallelReads.Read;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("unit")
class ParallelReadsTest {

  private final ParallelReads reads = new ParallelReads(3, 8, "reads-test");
  private final Queue<Integer> discarded = new ConcurrentLinkedQueue<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    reads.close();
  }

  private List<Integer> all(List<Read<Integer>> of) throws IOException, InterruptedException {
    return reads.all(of, discarded::add);
  }

  @Test
  void fastReadsStayOnTheCallingThread() throws Exception {
    List<Read<Integer>> fast = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> fast.add(() -> note(i)));

    assertThat(all(fast)).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
    assertThat(all(List.of())).isEmpty();
    assertThat(threads).contains(Thread.currentThread());
  }

  private int note(int value) {
    threads.add(Thread.currentThread());
    return value;
  }

  /** All but the first two reads end only when four threads are at them at once. */
  @Test
  void slowReadsAreMadeSideBySide() throws Exception {
    CountDownLatch together = new CountDownLatch(4);
    List<Read<Integer>> slow = new ArrayList<>();
    slow.add(this::slowly);
    for (int i = 1; i < 20; i++) {
      int value = i;
      slow.add(
          () -> {
            together.countDown();
            assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            return note(value);
          });
    }

    assertThat(all(slow)).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    assertThat(threads).hasSizeLessThanOrEqualTo(4).contains(Thread.currentThread());
    assertThat(reads.liveThreads()).isLessThanOrEqualTo(3);
  }

  /** Where reads have been slow, the first one is not waited for to know that. */
  @Test
  void helpersBeginAtOnceWhereReadsWereSlowBefore() throws Exception {
    all(List.of(this::slowly, this::slowly));
    CountDownLatch together = new CountDownLatch(2);
    Read<Integer> meeting =
        () -> {
          together.countDown();
          assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
          return 1;
        };

    assertThat(all(List.of(meeting, meeting))).containsExactly(1, 1);
  }

  private int slowly() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return 0;
  }

  @Test
  void aFailureOfTheCallersReadDiscardsTheOthers() {
    List<Read<Integer>> failing = List.of(() -> 0, () -> 1, ParallelReadsTest::fail, () -> 3);

    assertThatThrownBy(() -> all(failing)).isInstanceOf(IOException.class).hasMessage("broken");
    assertThat(discarded).containsExactlyInAnyOrder(0, 1);
  }

  private static int fail() throws IOException {
    throw new IOException("broken");
  }

  @Test
  void aFailureOfAHelpersReadIsThrownAndLateResultsAreDiscarded() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch helping = new CountDownLatch(2);
    Thread caller = Thread.currentThread();
    List<Read<Integer>> mixed = new ArrayList<>();
    mixed.add(this::slowly);
    AtomicInteger turn = new AtomicInteger();
    for (int i = 1; i < 4; i++) {
      mixed.add(
          () -> {
            if (Thread.currentThread() == caller) {
              assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
              return 100;
            }
            helping.countDown();
            try {
              assertThat(helping.await(30, TimeUnit.SECONDS)).isTrue();
              if (turn.getAndIncrement() == 0) {
                failed.countDown();
                throw new IOException("broken");
              }
              Thread.sleep(30_000);
            } catch (InterruptedException e) {
              interrupted.countDown();
            }
            return 200;
          });
    }

    assertThatThrownBy(() -> all(mixed)).isInstanceOf(IOException.class).hasMessage("broken");
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    while (!discarded.contains(200)) {
      Thread.onSpinWait();
    }
    assertThat(discarded).contains(0, 200).doesNotContainNull();
    assertThat(all(List.of(() -> 7))).containsExactly(7);
  }

  @Test
  void anInterruptEndsTheWaitForHelpers() throws Exception {
    CountDownLatch helping = new CountDownLatch(1);
    FutureTask<List<Integer>> call =
        new FutureTask<>(
            () -> {
              Thread caller = Thread.currentThread();
              List<Read<Integer>> of = new ArrayList<>();
              of.add(this::slowly);
              for (int i = 1; i < 4; i++) {
                int value = i;
                of.add(
                    () -> {
                      if (Thread.currentThread() != caller) {
                        helping.countDown();
                        Thread.sleep(30_000);
                      }
                      assertThat(helping.await(30, TimeUnit.SECONDS)).isTrue();
                      return value;
                    });
              }
              return all(of);
            });
    Thread thread = new Thread(call);
    thread.start();
    assertThat(helping.await(30, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThatThrownBy(call::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(discarded).contains(0);
  }

  @Test
  void aClosedOneStillReadsOnTheCallingThread() throws Exception {
    reads.close();

    assertThat(all(List.of(this::slowly, () -> note(1), () -> note(2)))).containsExactly(0, 1, 2);
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void closingItFailsCallsWhoseHelpersItInterrupts() {
    CountDownLatch helping = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Read<Integer> waits =
        () -> {
          if (Thread.currentThread() == caller) {
            assertThat(helping.await(30, TimeUnit.SECONDS)).isTrue();
            reads.close();
          } else {
            helping.countDown();
            Thread.sleep(30_000);
          }
          return 1;
        };

    assertThatThrownBy(() -> all(List.of(this::slowly, waits, waits)))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("A helper was interrupted");
  }
}
