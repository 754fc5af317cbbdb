// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.TestingObjectStore.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
@Timeout(60)
final class HedgingObjectStoreTest {

  private static final int LENGTH = 1000;
  private static final long USUAL = TimeUnit.MILLISECONDS.toNanos(4);

  @TempDir private Path directory;

  private final OriginCounters counters = new OriginCounters();
  private final CountDownLatch release = new CountDownLatch(1);
  private final RequestTimer timer = new RequestTimer(Duration.ofSeconds(30));
  private TestingObjectStore base;
  private ObjectLocation object;
  private ObjectVersion version;
  private RequestLimiter limiter;
  private HedgingObjectStore store;

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    object = base.location("object");
    byte[] content = new byte[LENGTH];
    Arrays.fill(content, (byte) 7);
    Files.write(directory.resolve("object"), content);
    version = base.status(object).version();
    base.clearRequests();
    store = store(8);
  }

  private HedgingObjectStore store(int inFlight) {
    limiter =
        new RequestLimiter(
            new StorageSettings(Duration.ofSeconds(30), Duration.ZERO, inFlight, 0),
            StorageClock.SYSTEM);
    ObjectStore timed =
        new TimedObjectStore(new MeteredObjectStore(base, counters), timer, counters);
    return new HedgingObjectStore(timed, timer, limiter, counters, HedgeMemory.UNBOUNDED);
  }

  @AfterEach
  void leavesNothingBehind() {
    base.setFault(request -> {});
    release.countDown();
    Await.until("no request is under way", () -> base.inFlight() == 0);
    Await.until("no reader is open", () -> base.openReaders() == 0);
    timer.close();
    Await.until("all threads have ended", () -> timer.liveThreads() == 0);
    assertThat(timer.abandonedAt(object)).hasValue(0);
  }

  /** Makes the store know how long requests take, and allows it some hedges. */
  private void learn(StorageRequest request) {
    RequestLatency latency = store.latencyOf(request);
    for (int i = 0; i < 200; i++) {
      latency.record(USUAL);
      store.allowance().earn();
    }
  }

  private StorageRequest read() {
    return StorageRequest.read(object, 0, LENGTH);
  }

  /** The first request of a kind hangs, whatever is done to end it. */
  private void firstHangs(Operation operation) {
    AtomicInteger requests = new AtomicInteger();
    base.setFault(
        request -> {
          if (request.operation() == operation && requests.incrementAndGet() == 1) {
            hang();
          }
        });
  }

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
  void readsASecondTimeWhatIsSlowAndGoesOnWithTheFasterReader() throws IOException {
    learn(read());
    firstHangs(Operation.READ);
    try (RangeReader reader = store.open(object, version)) {
      ByteChunks target = ByteChunks.allocate(LENGTH);
      reader.readFully(0, target);
      assertThat(target.copy(0, LENGTH)).containsOnly(7);
      assertThat(base.count(Operation.READ)).isEqualTo(2);
      assertThat(base.count(Operation.OPEN)).isEqualTo(2);

      reader.readFully(0, target);
      assertThat(base.count(Operation.OPEN)).as("the second reader stays").isEqualTo(2);
    }
    assertThat(counters.snapshot().hedges()).isEqualTo(1);
  }

  @Test
  void closingTheReaderEndsAReadAtOnce() throws Exception {
    learn(read());
    base.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            hang();
          }
        });
    RangeReader reader = store.open(object, version);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.readFully(0, ByteChunks.allocate(LENGTH));
              } catch (IOException e) {
                failure.complete(e);
              }
            });
    thread.start();
    Await.until("both reads are under way", () -> base.inFlight() == 2);

    reader.close();
    assertThat(failure.get(20, TimeUnit.SECONDS))
        .isInstanceOf(PermanentStorageException.class)
        .hasMessage("Cannot read " + object + ": the reader was closed meanwhile");
    thread.join();
    assertThatExceptionOfType(PermanentStorageException.class)
        .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(LENGTH)))
        .withMessage("Cannot read 1000 bytes at 0 of " + object + ": the reader is closed");
  }

  @Test
  void asksASecondTimeForAStatusAndAnOpening() throws IOException {
    learn(StorageRequest.status(object));
    learn(StorageRequest.open(object));
    firstHangs(Operation.STATUS);
    assertThat(store.status(object, version).version()).isEqualTo(version);
    assertThat(base.count(Operation.STATUS)).isEqualTo(2);

    firstHangs(Operation.OPEN);
    store.open(object, version).close();
    assertThat(base.count(Operation.OPEN)).isEqualTo(2);
    firstHangs(Operation.OPEN);
    store.open(object).close();
    assertThat(counters.snapshot().hedges()).isEqualTo(3);
  }

  @Test
  void theSecondAnswersForAFirstThatFails() throws IOException {
    learn(read());
    CountDownLatch second = new CountDownLatch(1);
    AtomicInteger reads = new AtomicInteger();
    base.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            if (reads.incrementAndGet() == 1) {
              await(second);
              throw new IOException("first");
            }
            second.countDown();
          }
        });
    try (RangeReader reader = store.open(object, version)) {
      ByteChunks target = ByteChunks.allocate(LENGTH);
      reader.readFully(0, target);
      assertThat(target.copy(0, LENGTH)).containsOnly(7);
    }
  }

  @Test
  void closesAFirstThatFailedBeforeTheSecondAnswered() throws IOException {
    learn(read());
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger reads = new AtomicInteger();
    base.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            if (reads.incrementAndGet() == 1) {
              await(second);
              throw new IOException("first");
            }
            second.countDown();
            Await.until("only the second is under way", () -> base.inFlight() == 1);
            await(failed);
          }
        });
    Thread later =
        new Thread(
            () -> {
              Await.until("the first has failed", () -> counters.snapshot().failures() == 1);
              failed.countDown();
            });
    later.start();
    try (RangeReader reader = store.open(object, version)) {
      reader.readFully(0, ByteChunks.allocate(LENGTH));
      Await.until("the first reader is closed", () -> base.openReaders() == 1);
    }
  }

  @Test
  void theFirstsFailureIsThrownWhenBothFail() {
    CountDownLatch second = new CountDownLatch(1);

    assertThatIOException()
        .isThrownBy(
            () ->
                race(
                    () -> {
                      await(second);
                      throw new IOException("first");
                    },
                    () -> {
                      second.countDown();
                      throw new IOException("second");
                    }))
        .withMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void aFailureThatIsBoundToComeAgainDecidesAtOnce() {
    CountDownLatch second = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                race(
                    () -> {
                      await(second);
                      throw new FileNotFoundException("gone");
                    },
                    () -> {
                      second.countDown();
                      hang();
                      return "too late";
                    }))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("gone");
  }

  /** Makes two attempts, of which it is certain which is which, however late their threads run. */
  private String race(StorageCall<String> first, StorageCall<String> second) throws IOException {
    StorageRequest request = StorageRequest.status(object);
    return new HedgedCall<String>(request, timer)
        .run(attempt(first), Duration.ofMillis(1), () -> attempt(second))
        .answer();
  }

  private Attempt<String> attempt(StorageCall<String> call) {
    return new Attempt<>(
        new Attempt.Work<String>() {
          @Override
          public String run() throws IOException {
            return call.run();
          }

          @Override
          public void cancel() {}

          @Override
          public void late(String answer) {}
        },
        timer.abandonedAt(object));
  }

  @Test
  void aFailureInTimeIsThrownAtOnce() {
    HedgedCall<String> call = new HedgedCall<>(StorageRequest.status(object), timer);
    AtomicInteger seconds = new AtomicInteger();

    assertThatIOException()
        .isThrownBy(
            () ->
                call.run(
                    attempt(
                        () -> {
                          throw new IOException("first");
                        }),
                    Duration.ofMinutes(10),
                    () -> {
                      seconds.incrementAndGet();
                      return null;
                    }))
        .withMessage("first");
    assertThat(seconds).hasValue(0);
  }

  @Test
  void doesNotHedgeBeforeItKnowsNorWhatIsFastNorReadersOfAnyVersion() throws IOException {
    assertThat(store.isWorthIt(read(), store.latencyOf(read()))).as("unknown").isFalse();
    for (int i = 0; i < 200; i++) {
      store.latencyOf(read()).record(500_000);
    }
    assertThat(store.isWorthIt(read(), store.latencyOf(read()))).as("fast").isFalse();
    StorageRequest large = StorageRequest.read(object, 0, 4 << 20);
    for (int i = 0; i < 200; i++) {
      store.latencyOf(large).record(TimeUnit.MILLISECONDS.toNanos(4));
    }
    assertThat(store.isWorthIt(large, store.latencyOf(large))).as("as memory").isFalse();
    learn(read());
    assertThat(store.isWorthIt(read(), store.latencyOf(read()))).isTrue();

    base.setFault(request -> pause(40));
    try (RangeReader reader = store.open(object)) {
      reader.readFully(0, ByteChunks.allocate(LENGTH));
    }
    assertThat(base.count(Operation.READ)).as("another reader may be of another version").isOne();
  }

  @Test
  void hedgesAtMostATwentiethOfAllRequests() throws IOException {
    for (int i = 0; i < RequestLatency.SAMPLES; i++) {
      store.latencyOf(StorageRequest.status(object)).record(USUAL);
    }
    base.setFault(request -> pause(40));
    store.status(object);
    assertThat(counters.snapshot().hedges()).as("nothing earned yet").isZero();

    base.setFault(request -> {});
    for (int i = 0; i < HedgeAllowance.REQUESTS_PER_HEDGE - 1; i++) {
      store.allowance().earn();
    }
    firstHangs(Operation.STATUS);
    store.status(object);
    assertThat(counters.snapshot().hedges()).isEqualTo(1);
    assertThat(store.allowance().take()).as("used up").isFalse();

    for (int i = 0; i < 1000; i++) {
      store.allowance().earn();
    }
    int taken = 0;
    while (store.allowance().take()) {
      taken++;
    }
    assertThat(taken).as("at once").isEqualTo(HedgeAllowance.MOST);
  }

  @Test
  void sendsNoSecondOneThatWouldHaveToWait() throws IOException {
    store = store(1);
    ObjectStore bounded = new BoundedObjectStore(store, limiter);
    learn(StorageRequest.status(object));
    base.setFault(request -> pause(40));
    bounded.status(object);
    assertThat(base.count(Operation.STATUS)).isOne();
    assertThat(counters.snapshot().hedges()).isZero();
  }

  @Test
  void givesTheSecondOnesPlaceBackWhenBothHaveEnded() throws IOException {
    store = store(2);
    ObjectStore bounded = new BoundedObjectStore(store, limiter);
    learn(read());
    firstHangs(Operation.READ);
    try (RangeReader reader = bounded.open(object, version)) {
      reader.readFully(0, ByteChunks.allocate(LENGTH));
    }
    assertThat(counters.snapshot().hedges()).isEqualTo(1);
    assertThat(limiter.tryBegin()).as("one is free").isTrue();
    assertThat(limiter.tryBegin()).as("one hangs").isFalse();
    release.countDown();
    Await.until("its place is free", limiter::tryBegin);
  }

  @Test
  void givesUpWhatOutlastsItsTimeout() throws IOException {
    RequestTimer impatient = new RequestTimer(Duration.ofMillis(50));
    try {
      ObjectStore timed = new TimedObjectStore(base, impatient, counters);
      store = new HedgingObjectStore(timed, impatient, limiter, counters, HedgeMemory.UNBOUNDED);
      learn(read());
      AtomicInteger reads = new AtomicInteger();
      base.setFault(
          request -> {
            if (request.operation() == Operation.READ) {
              reads.incrementAndGet();
              hang();
            }
          });
      RangeReader reader = store.open(object, version);
      assertThatExceptionOfType(RequestTimeoutException.class)
          .isThrownBy(() -> reader.readFully(0, ByteChunks.allocate(LENGTH)));
      assertThat(reads).hasValue(2);
      reader.close();
      release.countDown();
      Await.until("both came back", () -> impatient.abandonedAt(object).get() == 0);
    } finally {
      impatient.close();
      Await.until("all threads have ended", () -> impatient.liveThreads() == 0);
    }
  }

  @Test
  void closingTheStoreEndsARace() throws Exception {
    learn(read());
    base.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            await(release);
          }
        });
    RangeReader reader = store.open(object, version);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.readFully(0, ByteChunks.allocate(LENGTH));
              } catch (IOException e) {
                failure.complete(e);
              }
            });
    thread.start();
    Await.until("both reads are under way", () -> base.inFlight() == 2);

    timer.close();
    assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    thread.join();
    reader.close();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      // Simulated latency, not a wait for something.
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
