// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static io.millrace.storage.TestingObjectStore.Operation.READ;
import static io.millrace.storage.TestingObjectStore.Operation.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas between the retries around them and the bounds, time-outs and counters beneath. */
@Tag("unit")
final class DecoratedReplicasTest {

  private static final StorageSettings SETTINGS =
      new StorageSettings(Duration.ofMillis(300), Duration.ofMinutes(10), 2, 0);

  @TempDir private Path directory;

  private final OriginCounters counters = new OriginCounters();
  private TestingReplicas replicas;
  private DecoratedObjectStore store;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    replicas = new TestingReplicas(directory, 2);
    store = ObjectStores.decorated(replicas.base, SETTINGS, counters);
    object = replicas.write("object", new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void tearDown() throws IOException {
    store.close();
  }

  private ObjectStore replicated() {
    return store.replicated(replicas.roots());
  }

  @Test
  void triesAllReplicasBeforeItSendsARequestAgain() throws IOException {
    AtomicInteger left = new AtomicInteger(2);
    for (int replica = 0; replica < 2; replica++) {
      replicas.onRequest(
          replica,
          request -> {
            if (left.getAndDecrement() > 0) {
              throw new IOException("injected");
            }
          });
    }

    replicated().status(object);

    assertThat(replicas.requests(0)).containsExactly(STATUS, STATUS);
    assertThat(replicas.requests(1)).containsExactly(STATUS);
    OriginStatistics counts = counters.snapshot();
    assertThat(counts.requests().statuses()).isEqualTo(3);
    assertThat(counts.failures()).isEqualTo(2);
    assertThat(counts.retries()).as("of the request, not of each replica").isEqualTo(1);
    assertThat(counts.fallbacks()).isZero();
  }

  @Test
  void asksTheNextReplicaWhenOneDoesNotAnswerInTime() throws IOException {
    replicas.onRequest(
        0,
        request -> {
          try {
            Thread.currentThread().join(); // never ends but by an interrupt
          } catch (InterruptedException e) {
            throw new IOException("interrupted");
          }
        });

    try (RangeReader reader = replicated().open(object)) {
      ByteChunks target = ByteChunks.allocate(4);
      reader.readFully(0, target);
      assertThat(target.copy(0, 4)).containsExactly(1, 2, 3, 4);
    }

    assertThat(replicas.requests(0)).containsExactly(OPEN);
    assertThat(replicas.requests(1)).containsExactly(OPEN, READ);
    OriginStatistics counts = counters.snapshot();
    assertThat(counts.timeouts()).isEqualTo(1);
    assertThat(counts.retries()).isZero();
    assertThat(counts.fallbacks()).isEqualTo(2);
  }

  @Test
  void countsTheStatusThatIsAskedBeforeACopyIsOpened() throws IOException {
    ObjectVersion expected = new ObjectVersion(4, 0, "");
    replicas.write("object", new byte[2], 0);

    replicated().open(object, expected).close();
    replicated().status(object, expected);

    assertThat(replicas.requests(0)).containsExactly(STATUS, STATUS);
    assertThat(replicas.requests(1)).containsExactly(STATUS, OPEN, STATUS);
    assertThat(counters.snapshot().requests()).isEqualTo(new OriginStatistics.Requests(0, 4, 1, 0));
    assertThat(counters.snapshot().retries()).isZero();
  }

  @Test
  void aReplicaThatHangsLeavesTheOthersTheirCalls() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    replicas.onRequest(0, request -> hang(release));
    try (DecoratedObjectStore impatient =
        ObjectStores.decorated(
            replicas.base,
            new StorageSettings(Duration.ofMillis(5), Duration.ZERO, 2, 0),
            counters)) {
      ObjectStore replicated = impatient.replicated(replicas.roots());
      while (replicas.base.inFlight() < RequestTimer.MAX_ABANDONED) {
        assertThatIOException().isThrownBy(() -> impatient.status(object));
      }
      assertThatIOException()
          .isThrownBy(() -> impatient.status(object))
          .withMessageEndingWith("64 requests that timed out still hang");

      Await.until("the other replica answers", () -> answers(replicated));
    } finally {
      release.countDown();
    }
  }

  /** As a call that not even an interrupt gets out of. */
  private static void hang(CountDownLatch release) {
    boolean released = false;
    while (!released) {
      try {
        release.await();
        released = true;
      } catch (InterruptedException e) {
        // Hangs on, as a stalled socket does.
      }
    }
  }

  /** Not at once perhaps, as it has only 5 ms. */
  private boolean answers(ObjectStore replicated) {
    try {
      return replicated.status(object).version().length() == 4;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void failsAtOnceIfNoReplicaHasTheObject() {
    ObjectLocation missing = replicas.root(0).resolve("missing");

    assertThatExceptionOfType(FileNotFoundException.class)
        .isThrownBy(() -> replicated().status(missing))
        .withMessageStartingWith("Cannot read the status of " + missing + ": all 2 replicas");

    assertThat(counters.snapshot().requests().statuses()).isEqualTo(2);
  }

  @Test
  void sharesItsStateAmongThoseWhoAskForTheSameRoots() throws IOException {
    replicas.breakDown(0);
    replicated().status(object);
    replicated().status(object);

    assertThat(replicas.requests(0)).as("known to be broken").hasSize(1);
  }

  @Test
  void doesNotBlameReplicasForItsOwnEnd() throws IOException {
    ObjectStore replicated = replicated();
    store.close();

    assertThatIOException()
        .isThrownBy(() -> replicated.open(object))
        .withMessage("Cannot open " + object + ": the store is closed");
  }
}
