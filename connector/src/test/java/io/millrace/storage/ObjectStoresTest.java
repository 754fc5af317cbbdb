// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static io.millrace.storage.TestingObjectStore.Operation.OPEN;
import static io.millrace.storage.TestingObjectStore.Operation.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decorators together, in the order that the factory gives them. */
@Tag("unit")
final class ObjectStoresTest {

  private static final StorageSettings SETTINGS =
      new StorageSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), 8, 0);

  @TempDir private Path directory;

  private final OriginCounters counters = new OriginCounters();
  private TestingObjectStore base;
  private ObjectLocation object;

  @BeforeEach
  void setUp() throws IOException {
    base = new TestingObjectStore(directory);
    object = base.location("object");
    Files.write(directory.resolve("object"), new byte[1000]);
  }

  @Test
  void triesAgainAfterATimeout() throws IOException {
    StorageSettings impatient =
        new StorageSettings(Duration.ofSeconds(1), Duration.ofMinutes(10), 8, 0);
    base.setFault(
        request -> {
          if (base.requests().size() == 1) {
            awaitInterrupt();
          }
        });
    try (DecoratedObjectStore store = ObjectStores.decorated(base, impatient, counters)) {
      assertThat(store.status(object).version().length()).isEqualTo(1000);
    }

    OriginStatistics counts = counters.snapshot();
    assertThat(counts.timeouts()).isEqualTo(1);
    assertThat(counts.retries()).isEqualTo(1);
    assertThat(counts.requests().statuses()).isEqualTo(2);
  }

  private static void awaitInterrupt() throws IOException {
    try {
      Thread.currentThread().join(); // never ends but by an interrupt
    } catch (InterruptedException e) {
      throw new IOException("interrupted");
    }
  }

  @Test
  void countsExactlyWhatReachesTheStore() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    base.setFault(
        request -> {
          if (request.operation() == READ && reads.incrementAndGet() % 10 == 0) {
            throw reads.get() % 20 == 0
                ? new ThrottledException(object, "503", Duration.ZERO)
                : new IOException("injected");
          }
        });
    try (DecoratedObjectStore store = ObjectStores.decorated(base, SETTINGS, counters)) {
      readWithThreads(store, 4, 45);
      store.list(base.root());
      assertThatThrownBy(() -> store.status(base.location("missing")))
          .isInstanceOf(FileNotFoundException.class);
    }

    // 180 reads that succeed and every tenth of all fails: 180 = n − n / 10, so n = 199 or 200.
    long sent = base.count(READ);
    assertThat(sent).isEqualTo(199);
    OriginStatistics counts = counters.snapshot();
    assertThat(counts.requests())
        .isEqualTo(new OriginStatistics.Requests(1, 1, base.count(OPEN), sent));
    assertThat(counts.requests().total()).isEqualTo(base.requests().size());
    assertThat(counts.bytes()).isEqualTo(180 * 100);
    assertThat(counts.retries()).isEqualTo(19);
    assertThat(counts.failures()).isEqualTo(19 + 1);
    assertThat(counts.timeouts()).isZero();
    assertThat(base.openReaders()).isZero();
  }

  private void readWithThreads(ObjectStore store, int threads, int reads) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      done.add(
          executor.submit(
              () -> {
                try (RangeReader reader = store.open(object)) {
                  for (int j = 0; j < reads; j++) {
                    reader.readFully(j, ByteChunks.allocate(100));
                  }
                }
                return null;
              }));
    }
    for (Future<?> future : done) {
      future.get();
    }
    executor.shutdown();
  }

  @Test
  void countsThrottling() throws IOException {
    AtomicBoolean first = new AtomicBoolean(true);
    base.setFault(
        request -> {
          if (first.getAndSet(false)) {
            throw new ThrottledException(object, "503 SlowDown", Duration.ZERO);
          }
        });
    try (DecoratedObjectStore store = ObjectStores.decorated(base, SETTINGS, counters)) {
      store.status(object);
    }

    assertThat(counters.snapshot().throttled()).isEqualTo(1);
    assertThat(counters.snapshot().failures()).isEqualTo(1);
  }

  @Test
  void boundsAttemptsUnderWay() throws Exception {
    StorageSettings two = new StorageSettings(Duration.ofSeconds(30), Duration.ZERO, 2, 0);
    try (DecoratedObjectStore store = ObjectStores.decorated(base, two, counters)) {
      readWithThreads(store, 12, 50);
    }

    assertThat(base.maxInFlight()).isLessThanOrEqualTo(2);
    assertThat(base.count(READ)).isEqualTo(600);
  }

  @Test
  void closesTheStoreBeneathAndItsThreads() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    DecoratedObjectStore store =
        ObjectStores.decorated(
            new CloseableStore(base, () -> closed.set(true)), SETTINGS, counters);
    RangeReader reader = store.open(object);
    reader.readFully(0, ByteChunks.allocate(1));
    reader.close();

    store.close();

    assertThat(closed).isTrue();
    Await.until("all threads have ended", () -> store.liveThreads() == 0);
    assertThatIOException()
        .isThrownBy(() -> store.open(object))
        .withMessage("Cannot open " + object + ": the store is closed");
  }

  @Test
  void passTheExpectedVersionOnAndAgainWhenAReaderIsOpenedAnew() throws IOException {
    ObjectVersion version = base.status(object).version();
    List<ObjectVersion> expected = new CopyOnWriteArrayList<>();
    base.failNext(READ, 1);
    try (DecoratedObjectStore store =
            ObjectStores.decorated(new VersionedStore(base, expected), SETTINGS, counters);
        RangeReader reader = store.open(object, version)) {
      reader.readFully(0, ByteChunks.allocate(100));
    }

    assertThat(expected).containsExactly(version, version);
    assertThat(base.count(OPEN)).isEqualTo(2);
    assertThat(counters.snapshot().requests().opens()).isEqualTo(2);
    assertThat(base.openReaders()).isZero();
  }

  /** Writes down which versions it was asked for. */
  private record VersionedStore(ObjectStore store, List<ObjectVersion> expected)
      implements ObjectStore {

    @Override
    public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
      return store.list(directory);
    }

    @Override
    public ObjectStatus status(ObjectLocation location) throws IOException {
      return store.status(location);
    }

    @Override
    public RangeReader open(ObjectLocation location) throws IOException {
      return store.open(location);
    }

    @Override
    public RangeReader open(ObjectLocation location, ObjectVersion version) throws IOException {
      expected.add(version);
      return store.open(location, version);
    }
  }

  private record CloseableStore(ObjectStore store, Closeable onClose)
      implements ObjectStore, Closeable {

    @Override
    public List<ObjectStatus> list(ObjectLocation directory) throws IOException {
      return store.list(directory);
    }

    @Override
    public ObjectStatus status(ObjectLocation status) throws IOException {
      return store.status(status);
    }

    @Override
    public RangeReader open(ObjectLocation location) throws IOException {
      return store.open(location);
    }

    @Override
    public void close() throws IOException {
      onClose.close();
    }
  }
}
