// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads while a replica breaks and recovers. */
@Tag("unit")
final class ReplicaConcurrencyTest {

  private static final int THREADS = 16;

  @TempDir private Path directory;

  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
  private TestingReplicas replicas;
  private ObjectStore store;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    replicas = new TestingReplicas(directory, 2);
    store = replicas.store();
    object = replicas.write("object", new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void tearDown() {
    executor.shutdownNow();
  }

  private List<Future<?>> inEachThread(Callable<?> task) {
    CyclicBarrier together = new CyclicBarrier(THREADS);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      done.add(
          executor.submit(
              () -> {
                together.await(30, TimeUnit.SECONDS);
                return task.call();
              }));
    }
    return done;
  }

  private static void awaitAll(List<Future<?>> tasks) throws Exception {
    for (Future<?> task : tasks) {
      task.get(30, TimeUnit.SECONDS);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void requestsUnderWayTogetherMakeItAvoidedOnceAndForTheFirstPause() throws Exception {
    CountDownLatch all = new CountDownLatch(THREADS);
    replicas.onRequest(
        0,
        request -> {
          all.countDown();
          awaitQuietly(all);
          throw new IOException("broken");
        });

    awaitAll(inEachThread(() -> store.status(object)));
    replicas.mend(0);
    assertThat(replicas.requests(0)).hasSize(THREADS);
    assertThat(replicas.fallbacks()).isEqualTo(THREADS);

    store.status(object);
    assertThat(replicas.requests(0)).as("avoided").hasSize(THREADS);
    replicas.clock.advance(Duration.ofSeconds(10));
    store.status(object);
    assertThat(replicas.requests(0)).as("after one failure, not %d", THREADS).hasSize(THREADS + 1);
  }

  @Test
  void exactlyOneRequestTriesItAgain() throws Exception {
    replicas.breakDown(0);
    store.status(object);
    replicas.clock.advance(Duration.ofSeconds(10));
    CountDownLatch tried = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    replicas.onRequest(
        0,
        request -> {
          tried.countDown();
          awaitQuietly(answer);
        });

    List<Future<?>> requests = inEachThread(() -> store.status(object));
    tried.await();
    Await.until(
        "all others have been answered",
        () -> requests.stream().filter(Future::isDone).count() == THREADS - 1);

    assertThat(replicas.requests(0)).as("the failure and one trial").hasSize(2);
    assertThat(replicas.fallbacks()).isEqualTo(1 + THREADS - 1);
    answer.countDown();
    awaitAll(requests);
    assertThat(replicas.fallbacks()).isEqualTo(1 + THREADS - 1);
    awaitAll(inEachThread(() -> store.status(object)));
    assertThat(replicas.requests(0)).as("preferred again").hasSize(2 + THREADS);
  }

  @Test
  void everyReadIsRightWhileReplicasBreakAndRecover() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Future<?> havoc =
        executor.submit(
            () -> {
              // One at a time, so that another one always answers.
              for (int round = 0; !over.get(); round++) {
                replicas.breakDown(round % 2);
                store.status(object);
                replicas.mend(round % 2);
                replicas.clock.advance(Duration.ofSeconds(round % 30));
              }
              return null;
            });
    awaitAll(
        inEachThread(
            () -> {
              for (int i = 0; i < 200; i++) {
                readWhileOthersBreak();
              }
              return null;
            }));
    over.set(true);
    havoc.get();

    assertThat(replicas.base.openReaders()).isZero();
    assertThat(replicas.fallbacks()).isPositive();
  }

  /** An attempt can find both broken, one after the other; then the retries would try again. */
  private void readWhileOthersBreak() {
    boolean done = false;
    while (!done) {
      try (RangeReader reader = store.open(object)) {
        ByteChunks target = ByteChunks.allocate(3);
        reader.readFully(1, target);
        assertThat(target.copy(0, 3)).containsExactly(2, 3, 4);
        done = true;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("all 2 replicas failed: ");
      }
    }
  }
}
