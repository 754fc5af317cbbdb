// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class TimedObjectStoreTest {

  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path directory;

  private final OriginCounters counters = new OriginCounters();
  private final CountDownLatch release = new CountDownLatch(1);
  private TestingObjectStore base;
  private ObjectLocation object;
  private RequestTimer timer = new RequestTimer(SHORT);

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    object = base.location("object");
    Files.write(directory.resolve("object"), new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void tearDown() {
    release.countDown();
    timer.close();
    Await.until("all threads have ended", () -> timer.liveThreads() == 0);
  }

  private ObjectStore timed(Duration timeout) {
    timer.close();
    timer = new RequestTimer(timeout);
    return new TimedObjectStore(base, timer, counters);
  }

  /** An error would be fatal to the process; this one passes when other threads end. */
  @Test
  void thatNoThreadCanBeStartedMayPass() throws IOException {
    timer.close();
    AtomicBoolean noMore = new AtomicBoolean(true);
    timer =
        new RequestTimer(
            LONG,
            name ->
                task -> {
                  if (noMore.get()) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                  return new Thread(task, name);
                });
    ObjectStore store = new TimedObjectStore(base, timer, counters);

    assertThatIOException()
        .isThrownBy(() -> store.list(base.root()))
        .withMessage(
            "Cannot list "
                + base.root()
                + ": no thread can be started: unable to create native thread")
        .satisfies(e -> assertThat(Retries.isPermanent(e)).isFalse());

    noMore.set(false);
    try (RangeReader reader = store.open(object)) {
      noMore.set(true);
      // The thread that keeps time is started by the first read.
      assertThatIOException()
          .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(4)))
          .withMessageEndingWith("no thread can be started: unable to create native thread");
      noMore.set(false);
      reader.readFully(0, ByteChunks.allocate(4));
    }
  }

  /** A call that not even an interrupt gets out of. */
  private void hang() {
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

  @Test
  void givesUpRequestsThatHang() {
    base.setFault(request -> hang());
    ObjectStore store = timed(SHORT);

    assertThatExceptionOfType(RequestTimeoutException.class)
        .isThrownBy(() -> store.list(base.root()))
        .withMessage("Cannot list " + base.root() + ": timeout, no answer within 500 ms");
    assertThatExceptionOfType(RequestTimeoutException.class)
        .isThrownBy(() -> store.status(object))
        .withMessage("Cannot read the status of " + object + ": timeout, no answer within 500 ms");
    assertThatExceptionOfType(RequestTimeoutException.class)
        .isThrownBy(() -> store.open(object))
        .withMessage("Cannot open " + object + ": timeout, no answer within 500 ms");
    assertThat(counters.snapshot().timeouts()).isEqualTo(3);
  }

  @Test
  void closesAReaderThatComesTooLate() {
    base.setFault(request -> hang());
    assertThatThrownBy(() -> timed(SHORT).open(object)).isInstanceOf(RequestTimeoutException.class);

    release.countDown();

    Await.until("the call came back", () -> base.inFlight() == 0);
    Await.until("its reader is closed", () -> base.openReaders() == 0);
    assertThat(base.count(OPEN)).isEqualTo(1);
  }

  @Test
  void interruptsTheCallThatItGivesUp() {
    AtomicBoolean interrupted = new AtomicBoolean();
    base.setFault(
        request -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
        });

    assertThatThrownBy(() -> timed(SHORT).list(base.root()))
        .isInstanceOf(RequestTimeoutException.class);

    Await.until("the call was interrupted", interrupted::get);
  }

  @Test
  void healthyCallsUseAFewThreadsAgain() throws IOException {
    ObjectStore store = timed(LONG);
    for (int i = 0; i < 500; i++) {
      store.status(object);
    }

    assertThat(timer.liveThreads()).isLessThan(20);
  }

  @Test
  void passesResultsAndErrorsOn() throws IOException {
    ObjectStore store = timed(LONG);

    assertThat(store.status(object)).isEqualTo(base.status(object));
    assertThat(store.list(base.root())).hasSize(1);
    assertThatThrownBy(() -> store.status(base.location("missing")))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> store.status(ObjectLocation.of("other:/x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(counters.snapshot().timeouts()).isZero();
  }

  @Test
  void refusesFurtherCallsWhenTooManyHang() {
    base.setFault(request -> hang());
    ObjectStore store = timed(Duration.ofMillis(5));
    while (base.inFlight() < RequestTimer.MAX_ABANDONED) {
      assertThatThrownBy(() -> store.status(object)).isInstanceOf(RequestTimeoutException.class);
    }

    assertThatIOException()
        .isThrownBy(() -> store.status(object))
        .withMessage(
            "Cannot read the status of " + object + ": 64 requests that timed out still hang");

    release.countDown();
    Await.until("a call is let through again", () -> works(store));
  }

  private boolean works(ObjectStore store) {
    try {
      return store.status(object).version().length() == 4;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anInterruptEndsTheWaitForACall() {
    base.setFault(request -> hang());
    ObjectStore store = timed(LONG);

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> store.open(object))
        .withMessage("Cannot open " + object + ": interrupted");
    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
  }

  @Test
  void closesTheReaderOfAReadThatHangs() throws IOException {
    HangingReader hanging = new HangingReader(object, HangingReader.Ends.ON_CLOSE);

    RangeReader reader = new TimedObjectStore(hanging, newTimer(SHORT), counters).open(object);
    assertThatExceptionOfType(RequestTimeoutException.class)
        .isThrownBy(() -> reader.readFully(3, ByteChunks.allocate(1)))
        .withMessage(
            "Cannot read 1 bytes at 3 of " + object + ": timeout, no answer within 500 ms");

    assertThat(hanging.closedBy()).startsWith("millrace-storage-call");
    assertThat(counters.snapshot().timeouts()).isEqualTo(1);
  }

  @Test
  void interruptsAReadThatHangsThoughItsReaderIsBeingClosed() throws IOException {
    HangingReader hanging = new HangingReader(object, HangingReader.Ends.ON_INTERRUPT);

    RangeReader reader = new TimedObjectStore(hanging, newTimer(SHORT), counters).open(object);
    assertThatExceptionOfType(RequestTimeoutException.class)
        .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(1)));

    assertThat(Thread.currentThread().isInterrupted()).as("interrupt flag").isFalse();
  }

  @Test
  void closingFromAnotherThreadEndsARead() throws Exception {
    for (HangingReader.Ends ends : HangingReader.Ends.values()) {
      HangingReader hanging = new HangingReader(object, ends);
      RangeReader reader = new TimedObjectStore(hanging, newTimer(LONG), counters).open(object);
      CompletableFuture<IOException> failure = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  reader.readFully(0, ByteChunks.allocate(1));
                } catch (IOException e) {
                  failure.complete(e);
                }
              });
      thread.start();
      hanging.awaitRead();

      reader.close();

      assertThat(failure.get())
          .isInstanceOf(PermanentStorageException.class)
          .hasMessage(
              "Cannot read 1 bytes at 0 of " + object + ": the reader was closed meanwhile");
      thread.join();
    }
  }

  @Test
  void aReadInTimeLeavesNothingBehind() throws IOException {
    try (RangeReader reader = timed(LONG).open(object)) {
      for (int i = 0; i < 100; i++) {
        reader.readFully(0, ByteChunks.allocate(4));
      }
    }

    assertThat(timer.pendingAlarms()).isZero();
    assertThat(base.openReaders()).isZero();
  }

  private RequestTimer newTimer(Duration timeout) {
    timer.close();
    timer = new RequestTimer(timeout);
    return timer;
  }
}
