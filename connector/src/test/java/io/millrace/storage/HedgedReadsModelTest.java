// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All decorators over a store that is sometimes slow and sometimes fails, with readers that are
 * closed and threads that are interrupted at any moment: every byte is right, the bounds hold, and
 * nothing is left.
 */
@Tag("unit")
@Timeout(60)
final class HedgedReadsModelTest {

  private static final int OBJECT_BYTES = 100_000;
  private static final int THREADS = 4;
  private static final int READS = 120;
  private static final int IN_FLIGHT = 6;

  @TempDir private Path directory;

  private final OriginCounters counters = new OriginCounters();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger closedOnes = new AtomicInteger();
  private final AtomicInteger interruptedOnes = new AtomicInteger();
  private TestingObjectStore base;
  private ObjectLocation object;
  private ObjectVersion version;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsWhatIsThereWhateverHappens(long seed) throws Exception {
    byte[] content = new byte[OBJECT_BYTES];
    new Random(seed).nextBytes(content);
    Files.write(directory.resolve("object"), content);
    base = new TestingObjectStore(directory);
    object = base.location("object");
    version = base.status(object).version();
    base.setFault(request -> fault(new Random(seed * 1_000_003 + requests.incrementAndGet())));
    DecoratedObjectStore store =
        ObjectStores.decorated(
            base,
            new StorageSettings(Duration.ofSeconds(20), Duration.ofMinutes(1), IN_FLIGHT, 0),
            counters);
    ExecutorService executor = Executors.newFixedThreadPool(2 * THREADS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + 100L * i);
        done.add(executor.submit(() -> readAll(store, executor, content, random)));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
      store.close();
    }

    OriginStatistics counts = counters.snapshot();
    assertThat(counts.hedges()).isBetween(1L, counts.requests().total() / 20);
    // What lost is counted until it has noticed.
    assertThat(base.maxInFlight()).isLessThanOrEqualTo(IN_FLIGHT + THREADS);
    assertThat(closedOnes).hasPositiveValue();
    assertThat(interruptedOnes).hasPositiveValue();
    Await.until("no request is under way", () -> base.inFlight() == 0);
    Await.until("no reader is open", () -> base.openReaders() == 0);
    Await.until("all threads have ended", () -> store.liveThreads() == 0);
  }

  private static void fault(Random random) throws IOException {
    int kind = random.nextInt(100);
    try {
      // Simulated latency, not a wait for something.
      TimeUnit.MILLISECONDS.sleep(kind < 3 ? 60 : 2 + random.nextInt(2));
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
    if (kind == 99) {
      throw new IOException("injected");
    }
  }

  private Void readAll(ObjectStore store, ExecutorService executor, byte[] content, Random random)
      throws Exception {
    for (int i = 0; i < READS; i++) {
      int length = 1100 + random.nextInt(900);
      int position = random.nextInt(OBJECT_BYTES - length);
      int end = random.nextInt(12);
      ByteChunks target = ByteChunks.allocate(length);
      Thread thread = Thread.currentThread();
      Future<?> meanwhile = null;
      try (RangeReader reader = store.open(object, version)) {
        if (end == 0) {
          meanwhile = executor.submit(() -> closeQuietly(reader));
        } else if (end == 1) {
          meanwhile = executor.submit(thread::interrupt);
        }
        reader.readFully(position, target);
        assertThat(target.copy(0, length))
            .isEqualTo(Arrays.copyOfRange(content, position, position + length));
      } catch (PermanentStorageException e) {
        assertThat(end).isZero();
        closedOnes.incrementAndGet();
      } catch (InterruptedIOException e) {
        assertThat(end).isEqualTo(1);
        interruptedOnes.incrementAndGet();
      } catch (IOException e) {
        // It failed, and was closed before it could be sent again.
        assertThat(e).hasMessage("injected");
        assertThat(end).isZero();
        closedOnes.incrementAndGet();
      }
      boolean unused = Thread.interrupted();
      if (meanwhile != null) {
        await(meanwhile);
      }
      unused = Thread.interrupted();
    }
    return null;
  }

  /** The interrupt that it is about may come as late as here. */
  private static void await(Future<?> meanwhile) throws Exception {
    while (!meanwhile.isDone()) {
      try {
        meanwhile.get();
      } catch (InterruptedException e) {
        // Once at most.
      }
    }
    meanwhile.get();
  }

  private static void closeQuietly(RangeReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      // Whatever it was reading fails.
    }
  }
}
