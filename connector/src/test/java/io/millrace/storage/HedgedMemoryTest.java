// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose memory a read writes to that was left behind. */
@Tag("unit")
@Timeout(60)
final class HedgedMemoryTest {

  private static final int LENGTH = 1000;

  @TempDir private Path directory;

  private final CountDownLatch release = new CountDownLatch(1);
  private final RequestTimer timer = new RequestTimer(Duration.ofSeconds(30));
  private TestingObjectStore base;
  private ObjectLocation object;
  private ObjectVersion version;
  private final OriginCounters counters = new OriginCounters();

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    object = base.location("object");
    byte[] content = new byte[LENGTH];
    Arrays.fill(content, (byte) 7);
    Files.write(directory.resolve("object"), content);
    version = base.status(object).version();
  }

  @AfterEach
  void leavesNothingBehind() {
    release.countDown();
    Await.until("no reader is open", () -> base.openReaders() == 0);
    Await.until("all came back", () -> timer.abandonedAt(object).get() == 0);
    timer.close();
    Await.until("all threads have ended", () -> timer.liveThreads() == 0);
  }

  /** One that knows how long reads take, and may hedge. */
  private HedgingObjectStore store(ObjectStore beneath) {
    return store(beneath, HedgeMemory.UNBOUNDED);
  }

  private HedgingObjectStore store(ObjectStore beneath, HedgeMemory memory) {
    HedgingObjectStore store =
        new HedgingObjectStore(
            beneath,
            timer,
            new RequestLimiter(StorageSettings.DEFAULTS, StorageClock.SYSTEM),
            counters,
            memory);
    for (int i = 0; i < 200; i++) {
      store
          .latencyOf(StorageRequest.read(object, 0, LENGTH))
          .record(TimeUnit.MILLISECONDS.toNanos(4));
      store.allowance().earn();
    }
    return store;
  }

  /** Not even an interrupt gets out of it, as of a stalled socket. */
  private void hang() {
    boolean released = false;
    while (!released) {
      try {
        release.await();
        released = true;
      } catch (InterruptedException e) {
        // Hangs on.
      }
    }
  }

  @Test
  void whatTheSlowerOneStillWritesNobodySees() throws Exception {
    SlowWriter slow = new SlowWriter();
    HedgingObjectStore store = store(slow);
    ByteChunks target = ByteChunks.allocate(LENGTH);
    byte[] before = target.chunks()[0];
    try (RangeReader reader = store.open(object, version)) {
      reader.readFully(0, target);
      assertThat(target.copy(0, LENGTH)).containsOnly(7);
      assertThat(target.chunks()[0]).isNotSameAs(before);

      release.countDown();
      assertThat(slow.written.get()).isSameAs(before).containsOnly(66);
      assertThat(target.copy(0, LENGTH)).containsOnly(7);
    }
  }

  @Test
  void memoryOfASecondReadIsHeldUntilBothHaveEnded() throws Exception {
    SlowWriter slow = new SlowWriter();
    AtomicLong taken = new AtomicLong();
    HedgeMemory memory =
        bytes -> {
          taken.addAndGet(bytes);
          return Optional.of(() -> taken.addAndGet(-bytes));
        };
    HedgingObjectStore store = store(slow, memory);
    ByteChunks target = ByteChunks.allocate(LENGTH);
    try (RangeReader reader = store.open(object, version)) {
      reader.readFully(0, target);
      assertThat(taken).as("the first one still has arrays").hasValue(LENGTH);

      release.countDown();
      Await.until("the memory is given back", () -> taken.get() == 0);
    }
  }

  @Test
  void withoutMemoryToSpareNoReadIsMadeTwice() throws Exception {
    SlowWriter slow = new SlowWriter();
    HedgeMemory none =
        bytes -> {
          release.countDown(); // it was asked for: the slow one may end
          return Optional.empty();
        };
    HedgingObjectStore store = store(slow, none);
    ByteChunks target = ByteChunks.allocate(LENGTH);
    try (RangeReader reader = store.open(object, version)) {
      reader.readFully(0, target);
      assertThat(target.copy(0, LENGTH)).as("of the slow one").containsOnly(66);
      assertThat(counters.snapshot().hedges()).isZero();
    }
  }

  @Test
  void whoIsInterruptedLeavesAtOnceAndItsTargetIsLeftAlone() throws Exception {
    SlowWriter slow = new SlowWriter();
    slow.allSlow = true;
    HedgingObjectStore store = store(slow);
    ByteChunks target = ByteChunks.allocate(LENGTH);
    byte[] before = target.chunks()[0];
    RangeReader reader = store.open(object, version);
    Thread caller = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              Await.until("the first read is under way", () -> slow.reading.getCount() == 0);
              caller.interrupt();
            });
    other.start();

    assertThatExceptionOfType(InterruptedIOException.class)
        .isThrownBy(() -> reader.readFully(0, target))
        .withMessage("Cannot read 1000 bytes at 0 of " + object + ": interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(target.chunks()[0]).as("may be written to yet").isNotSameAs(before);
    other.join();
    release.countDown();
    reader.close();
  }

  /** A store whose first reader writes late, whatever is done to it. */
  private final class SlowWriter implements ObjectStore {

    private final CompletableFuture<byte[]> written = new CompletableFuture<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final AtomicInteger readers = new AtomicInteger();
    private volatile boolean allSlow;

    @Override
    public List<ObjectStatus> list(ObjectLocation location) {
      return List.of();
    }

    @Override
    public ObjectStatus status(ObjectLocation location) throws IOException {
      return base.status(location);
    }

    @Override
    public RangeReader open(ObjectLocation location) throws IOException {
      RangeReader reader = base.open(location);
      boolean slow = readers.incrementAndGet() == 1 || allSlow;
      return new RangeReader() {
        @Override
        public ObjectLocation location() {
          return location;
        }

        @Override
        public void readFully(long position, ByteChunks target) throws IOException {
          if (slow) {
            reading.countDown();
            hang();
            Arrays.fill(target.chunks()[0], (byte) 66);
            written.complete(target.chunks()[0]);
          } else {
            reader.readFully(position, target);
          }
        }

        @Override
        public void close() throws IOException {
          reader.close();
        }
      };
    }
  }
}
