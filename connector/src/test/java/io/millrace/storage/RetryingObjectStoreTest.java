// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.LIST;
import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static io.millrace.storage.TestingObjectStore.Operation.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.TestingObjectStore.Operation;
import io.millrace.storage.TestingObjectStore.Request;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
final class RetryingObjectStoreTest {

  private static final ObjectLocation SOMEWHERE = ObjectLocation.of("file:/x");

  @TempDir private Path directory;

  private final TestingClock clock = new TestingClock();
  private final OriginCounters counters = new OriginCounters();
  private TestingObjectStore base;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    object = base.location("object");
    Files.write(directory.resolve("object"), new byte[] {1, 2, 3, 4});
  }

  private ObjectStore retrying(Duration timeout, double jitter) {
    return new RetryingObjectStore(base, new Retries(timeout, clock, () -> jitter, counters));
  }

  private ObjectStore retrying() {
    return retrying(Duration.ofMinutes(10), 0);
  }

  @Test
  void triesAgainUntilItWorksWithDoublingWaits() throws IOException {
    base.failNext(LIST, 4);

    assertThat(retrying().list(base.root())).hasSize(1);

    assertThat(base.count(LIST)).isEqualTo(5);
    assertThat(clock.sleeps())
        .extracting(Duration::toMillis)
        .containsExactly(100L, 200L, 400L, 800L);
    assertThat(counters.snapshot().retries()).isEqualTo(4);
  }

  @Test
  void shortensWaitsAtRandomByUpToHalf() throws IOException {
    base.failNext(LIST, 2);

    assertThat(retrying(Duration.ofMinutes(10), 0.5).list(base.root())).hasSize(1);

    assertThat(clock.sleeps()).extracting(Duration::toMillis).containsExactly(75L, 150L);
  }

  @Test
  void givesUpAtTheTimeoutAndSaysWhatItTried() {
    base.failNext(OPEN, Integer.MAX_VALUE);

    assertThatIOException()
        .isThrownBy(() -> retrying(Duration.ofSeconds(60), 0).open(object))
        .withMessage("Cannot open " + object + ": gave up after 11 attempts in 60000 ms: injected")
        .satisfies(e -> assertThat(e.getCause()).hasMessage("injected"));

    assertThat(clock.sleeps())
        .extracting(Duration::toMillis)
        .containsExactly(
            100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 20000L, 60000L - 45500L);
    assertThat(counters.snapshot().retries()).isEqualTo(10);
  }

  @Test
  void triesOnceWithoutATimeout() {
    base.failNext(LIST, 1);

    assertThatIOException()
        .isThrownBy(() -> retrying(Duration.ZERO, 0).list(base.root()))
        .withMessage("injected");

    assertThat(base.count(LIST)).isEqualTo(1);
    assertThat(counters.snapshot().retries()).isZero();
  }

  static Stream<IOException> permanentErrors() {
    ObjectVersion version = new ObjectVersion(1, 0, "");
    return Stream.of(
        new FileNotFoundException("gone"),
        new NoSuchFileException("gone"),
        new NotDirectoryException("file"),
        new AccessDeniedException("secret"),
        new PermanentStorageException("never"),
        new CorruptObjectException(SOMEWHERE, 0, "bad"),
        new ObjectChangedException(SOMEWHERE, version, version),
        new InterruptedIOException("interrupted"),
        new ClosedByInterruptException());
  }

  @ParameterizedTest
  @MethodSource("permanentErrors")
  void passesPermanentErrorsOnAtOnce(IOException error) {
    base.setFault(
        request -> {
          throw error;
        });

    assertThatThrownBy(() -> retrying().status(object)).isSameAs(error);

    assertThat(base.requests()).hasSize(1);
    assertThat(clock.sleeps()).isEmpty();
  }

  static Stream<IOException> transientErrors() {
    return Stream.of(
        new IOException("reset"),
        new SocketTimeoutException("slow"),
        new RequestTimeoutException(StorageRequest.open(SOMEWHERE), Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("transientErrors")
  void triesAgainAfterErrorsThatMayPass(IOException error) throws IOException {
    base.setFault(failFirst(Operation.STATUS, error));

    assertThat(retrying().status(object).version().length()).isEqualTo(4);

    assertThat(base.requests()).hasSize(2);
  }

  private TestingObjectStore.Fault failFirst(Operation operation, IOException error) {
    return request -> {
      if (request.operation() == operation && base.count(operation) == 1) {
        throw error;
      }
    };
  }

  @Test
  void waitsAsLongAsAThrottlingStoreAsks() throws IOException {
    base.setFault(
        failFirst(
            Operation.STATUS,
            new ThrottledException(object, "503 SlowDown", Duration.ofSeconds(7))));

    assertThat(retrying().status(object).directory()).isFalse();

    assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void opensTheReaderAnewBeforeItReadsAgain() throws IOException {
    base.failNext(READ, 1);
    ByteChunks target = ByteChunks.allocate(2);

    try (RangeReader reader = retrying().open(object)) {
      reader.readFully(1, target);
      assertThat(target.copy(0, 2)).containsExactly(2, 3);
      assertThat(base.openReaders()).isEqualTo(1);
    }

    assertThat(base.requests())
        .extracting(Request::operation)
        .containsExactly(OPEN, READ, OPEN, READ);
    assertThat(base.openReaders()).isZero();
  }

  @Test
  void retriesTheOpeningBeforeARead() throws IOException {
    try (RangeReader reader = retrying().open(object)) {
      List<Integer> failing = List.of(2, 3);
      base.setFault(
          request -> {
            if (failing.contains(base.requests().size())) {
              throw new IOException("injected");
            }
          });
      reader.readFully(0, ByteChunks.allocate(4));
    }

    assertThat(base.requests())
        .extracting(Request::operation)
        .containsExactly(OPEN, READ, OPEN, OPEN, READ);
    assertThat(counters.snapshot().retries()).isEqualTo(2);
    assertThat(base.openReaders()).isZero();
  }

  @Test
  void namesTheRangeOfAReadThatItGivesUp() throws IOException {
    base.failNext(READ, Integer.MAX_VALUE);

    try (RangeReader reader = retrying(Duration.ofMillis(50), 0).open(object)) {
      assertThatIOException()
          .isThrownBy(() -> reader.readFully(1, ByteChunks.allocate(3)))
          .withMessage(
              "Cannot read 3 bytes at 1 of "
                  + object
                  + ": gave up after 2 attempts in 50 ms: injected");
    }
    assertThat(base.openReaders()).isZero();
  }

  @Test
  void reportsAnInterruptDuringAWait() {
    base.failNext(LIST, 1);
    clock.onSleep(
        duration -> {
          throw new InterruptedException();
        });

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> retrying().list(base.root()))
        .withMessage("Cannot list " + base.root() + ": interrupted")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("injected"));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(base.count(LIST)).isEqualTo(1);
  }

  @Test
  void anInterruptEndsARealWait() throws Exception {
    base.failNext(LIST, Integer.MAX_VALUE);
    ObjectStore store =
        new RetryingObjectStore(
            base, new Retries(Duration.ofHours(1), StorageClock.SYSTEM, () -> 0, counters));
    CompletableFuture<IOException> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                store.list(base.root());
              } catch (IOException e) {
                failure.complete(e);
              }
            });
    thread.start();
    Await.until("the first attempt", () -> base.count(LIST) > 0);

    thread.interrupt();
    thread.join();

    assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void closingTheReaderEndsTheWaitOfItsRead() throws IOException {
    base.failNext(READ, Integer.MAX_VALUE);
    RangeReader reader = retrying().open(object);
    clock.onSleep(
        duration -> {
          try {
            reader.close();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    assertThatIOException()
        .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(1)))
        .withMessage("injected");
    assertThatIOException()
        .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(1)))
        .withMessage("Cannot read 1 bytes at 0 of " + object + ": the reader is closed");

    assertThat(base.count(READ)).isEqualTo(1);
    assertThat(base.openReaders()).isZero();
  }

  @Test
  void theSystemClockWakesWhenItsLatchOpens() throws InterruptedException {
    CountDownLatch open = new CountDownLatch(0);
    long begin = StorageClock.SYSTEM.nanos();

    StorageClock.SYSTEM.sleep(Duration.ofHours(1).toNanos(), open);

    assertThat(StorageClock.SYSTEM.nanos() - begin).isBetween(0L, Duration.ofMinutes(1).toNanos());
  }
}
