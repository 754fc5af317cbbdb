// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class BoundedObjectStoreTest {

  @TempDir private Path directory;

  private final TestingClock clock = new TestingClock();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private TestingObjectStore base;

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    Files.write(directory.resolve("object"), new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void tearDown() {
    executor.shutdownNow();
  }

  private ObjectStore bounded(int inFlight, double perSecond) {
    StorageSettings settings =
        new StorageSettings(Duration.ofSeconds(30), Duration.ZERO, inFlight, perSecond);
    return new BoundedObjectStore(base, new RequestLimiter(settings, clock));
  }

  @Test
  void neverHasMoreRequestsUnderWayThanTheBound() throws Exception {
    CountDownLatch three = new CountDownLatch(3);
    base.setFault(
        request -> {
          three.countDown();
          awaitQuietly(three); // so that the bound is reached, too
        });
    ObjectStore store = bounded(3, 0);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      done.add(
          executor.submit(
              () -> {
                for (int j = 0; j < 25; j++) {
                  store.list(base.root());
                  store.status(base.location("object"));
                  try (RangeReader reader = store.open(base.location("object"))) {
                    reader.readFully(0, ByteChunks.allocate(4));
                  }
                }
                return null;
              }));
    }
    for (Future<?> future : done) {
      future.get();
    }

    assertThat(base.requests()).hasSize(24 * 25 * 4);
    assertThat(base.maxInFlight()).isEqualTo(3);
  }

  @Test
  void spacesRequestsToTheRate() throws IOException {
    ObjectStore store = bounded(10, 4);
    for (int i = 0; i < 4; i++) {
      store.list(base.root());
    }

    assertThat(clock.sleeps()).extracting(Duration::toMillis).containsExactly(250L, 250L, 250L);
  }

  @Test
  void doesNotSaveUpRequestsWhileItIsIdle() throws Exception {
    ObjectStore store = bounded(10, 1);
    store.list(base.root());
    clock.sleep(Duration.ofMinutes(1).toNanos(), new CountDownLatch(1));
    store.list(base.root());
    store.list(base.root());

    assertThat(clock.sleeps()).containsExactly(Duration.ofMinutes(1), Duration.ofSeconds(1));
  }

  @Test
  void anInterruptEndsTheWaitForATurn() throws IOException {
    ObjectStore store = bounded(1, 1);
    store.list(base.root());
    clock.onSleep(
        duration -> {
          throw new InterruptedException();
        });

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> store.list(base.root()))
        .withMessage("Cannot list " + base.root() + ": interrupted");
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();

    clock.onSleep(duration -> {});
    store.list(base.root());
    assertThat(base.count(LIST)).as("the permit came back").isEqualTo(2);
  }

  @Test
  void thoseWhoAreInterruptedGiveTheirTurnsBack() throws IOException {
    ObjectStore store = bounded(1, 1);
    store.list(base.root());
    clock.onSleep(
        duration -> {
          throw new InterruptedException();
        });
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(InterruptedIOException.class)
          .isThrownBy(() -> store.list(base.root()));
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    }
    clock.onSleep(duration -> {});

    store.list(base.root());
    store.list(base.root());

    assertThat(clock.sleeps())
        .as("three that were interrupted, two that were not")
        .containsExactlyElementsOf(Collections.nCopies(5, Duration.ofSeconds(1)));
  }

  @Test
  void anInterruptEndsTheWaitForAnother() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    base.setFault(
        request -> {
          begun.countDown();
          awaitQuietly(end);
        });
    ObjectStore store = bounded(1, 0);
    Future<?> first = executor.submit(() -> store.list(base.root()));
    begun.await();

    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> store.status(base.location("object")))
        .withMessage("Cannot read the status of " + base.location("object") + ": interrupted");
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();

    end.countDown();
    first.get();
    assertThat(base.requests()).hasSize(1);
  }

  @Test
  void closingAReaderWaitsForNobody() throws Exception {
    ObjectStore store = bounded(1, 0);
    RangeReader reader = store.open(base.location("object"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    base.setFault(
        request -> {
          begun.countDown();
          awaitQuietly(end);
        });
    Future<?> other = executor.submit(() -> store.list(base.root()));
    begun.await();

    reader.close();

    assertThat(base.openReaders()).isZero();
    end.countDown();
    other.get();
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
