// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.KEPT;
import static io.millrace.cache.TestingExtents.NOT_KEPT;
import static io.millrace.cache.TestingExtents.extent;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.MemoryExtentCache.Held;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.compression.CompressionData;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the memory tier does with compressed extents. */
@Tag("unit")
final class CompressedCacheTest {

  private static final int LENGTH = 300_000;
  private static final long CHARGE = ChunkPool.chargeOf(LENGTH);
  private static final byte[] TEXT = CompressionData.text(LENGTH);

  private final List<MemoryExtentCache> caches = new ArrayList<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private final ExtentFetcher origin =
      (extent, target) -> {
        fetches.incrementAndGet();
        copy(bytesOf(extent), target);
      };

  @AfterEach
  void close() {
    caches.forEach(MemoryExtentCache::close);
  }

  /** Text with the extent's name in it, so that no extent is like another. */
  private static byte[] bytesOf(Extent extent) {
    byte[] bytes = TEXT.clone();
    byte[] name = extent.object().uri().getBytes(StandardCharsets.UTF_8);
    System.arraycopy(name, 0, bytes, 0, name.length);
    return bytes;
  }

  private static void copy(byte[] bytes, ByteChunks target) {
    int at = 0;
    for (ByteChunks.Segment s = target.first(0, bytes.length); s != null; s = s.next()) {
      System.arraycopy(bytes, at, s.array(), s.offset(), s.length());
      at += s.length();
    }
  }

  /** The seed's cache counted compressed bytes while it held others; here the sums are what is. */
  @Test
  void countsWhatIsReallyHeld() throws Exception {
    MemoryExtentCache cache = cache("plan", 20 * CHARGE, CompressionMode.AUTO);
    PinnedExtent pin = cache.acquire(extent(1, LENGTH), origin, KEPT);
    Held pinned = cache.held();

    assertThat(pinned.used()).as("the bytes").isEqualTo(CHARGE);
    assertThat(pinned.retained()).as("their form").isPositive().isLessThan(CHARGE / 2);
    assertThat(cache.statistics().bytesSaved()).isEqualTo(CHARGE - pinned.retained());
    assertThat(cache.statistics().retainedExtents()).isEqualTo(1);
    assertThat(cache.statistics().expansion()).isEqualTo((double) CHARGE / pinned.retained());
    pin.close();
    assertThat(cache.held().used()).isZero();
    assertThat(cache.held().retained()).isEqualTo(pinned.retained());
    cache.clear();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    assertThat(cache.statistics().bytesSaved()).isZero();
  }

  /** The seed's cache compressed everything twice; here it is once, however often it is read. */
  @Test
  void compressesOnceAndHoldsMoreThanItsCapacity() throws Exception {
    MemoryExtentCache cache = cache("plan", 12 * CHARGE, CompressionMode.AUTO);
    for (int epoch = 0; epoch < 4; epoch++) {
      for (int i = 0; i < 20; i++) {
        Touch touch = read(cache, extent(i, LENGTH), new Access("epoch " + epoch, true));
        assertThat(touch).isEqualTo(epoch == 0 ? Touch.FETCHED : Touch.RESIDENT);
      }
    }
    assertThat(fetches).hasValue(20);
    assertThat(cache.compressions()).isEqualTo(20);
    assertThat(cache.statistics().retainedBytes() + cache.statistics().bytesSaved())
        .isEqualTo(20 * CHARGE);
  }

  @Test
  void compressesNothingThatWillNotStay() throws Exception {
    MemoryExtentCache cache = cache("plan", 4 * CHARGE, CompressionMode.AUTO);
    cache.register(extent -> extent.object().name().endsWith("9") ? 0 : 1);
    read(cache, extent(1, LENGTH), NOT_KEPT);
    assertThat(cache.compressions()).isZero();
    for (int i = 1000; i < 1009; i++) {
      read(cache, extent(i, LENGTH), KEPT);
    }
    ByteBudget.Reservation tight =
        cache.workingMemory().reserveNow(4 * CHARGE - cache.held().retained());
    long compressed = cache.compressions();
    read(cache, extent(9, LENGTH), KEPT);
    assertThat(cache.compressions())
        .as("of what is worth less than all there is")
        .isEqualTo(compressed);
    tight.close();
  }

  @Test
  void leavesRawWhatFitsAsItIs() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    ExtentCache.Registration small = cache.register(plan(3 * LENGTH));
    for (int i = 0; i < 3; i++) {
      read(cache, extent(i, LENGTH), KEPT);
    }
    assertThat(cache.compressions()).isZero();
    assertThat(cache.held().retained()).isEqualTo(3 * CHARGE);

    ExtentCache.Registration large = cache.register(plan(5 * LENGTH));
    assertThat(read(cache, extent(1, LENGTH), KEPT)).isEqualTo(Touch.AGAIN);
    assertThat(cache.compressions()).as("together they do not fit").isEqualTo(1);
    assertThat(cache.held().retained()).isLessThan(3 * CHARGE);

    large.close();
    read(cache, extent(1, LENGTH), KEPT);
    assertThat(cache.held().retained()).as("raw again").isEqualTo(3 * CHARGE);
    assertThat(cache.statistics().bytesSaved()).isZero();
    small.close();
  }

  @Test
  void asksPlansAgainHowMuchTheyRead() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    AtomicLong bytes = new AtomicLong(8 * LENGTH);
    cache.register(plan(bytes::get));
    read(cache, extent(1, LENGTH), KEPT);
    assertThat(cache.compressions()).isEqualTo(1);

    bytes.set(3 * LENGTH);
    read(cache, extent(2, LENGTH), KEPT);
    assertThat(cache.compressions()).isEqualTo(1);
  }

  private static AccessPlan plan(long bytes) {
    return plan(() -> bytes);
  }

  private static AccessPlan plan(LongSupplier bytes) {
    return new AccessPlan() {
      @Override
      public double readsPerEpoch(Extent extent) {
        return 1;
      }

      @Override
      public long bytes() {
        return bytes.getAsLong();
      }
    };
  }

  @Test
  void triesNoiseOnceAndKeepsItAsItIs() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    byte[] noise = CompressionData.noise(LENGTH);
    ExtentFetcher noisy = (extent, target) -> copy(noise, target);
    for (int i = 0; i < 3; i++) {
      try (PinnedExtent pin = cache.acquire(extent(1, LENGTH), noisy, KEPT)) {
        assertThat(pin.bytes().copy(0, LENGTH)).isEqualTo(noise);
      }
    }
    assertThat(cache.held()).isEqualTo(new Held(CHARGE, 0, 0, 0));
    assertThat(cache.statistics().bytesSaved()).isZero();
    assertThat(cache.statistics().expansion()).isEqualTo(1);
  }

  @Test
  void keepsTheBytesOfAPinWhoseFormIsRemoved() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE, CompressionMode.ZSTD);
    PinnedExtent pin = cache.acquire(extent(1, LENGTH), origin, KEPT);
    cache.clear();

    assertThat(cache.statistics().bytesSaved()).isZero();
    assertThat(pin.bytes().copy(0, LENGTH)).isEqualTo(bytesOf(extent(1, LENGTH)));
    pin.close();
    assertThat(cache.held().retained())
        .as("goes the way of what is not compressed")
        .isEqualTo(CHARGE);
    read(cache, extent(1, LENGTH), KEPT);
    assertThat(cache.held().retained()).as("compressed when it is next read").isLessThan(CHARGE);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void keepsTheNoteThatChecksumsMatchAndChecksItsOwn() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    Extent extent = extent(1, LENGTH);
    try (PinnedExtent pin = cache.acquire(extent, origin, KEPT)) {
      pin.markIntact();
      cache.checksums().record(extent, Checksums.crc32c(pin.bytes()));
    }
    try (PinnedExtent pin = cache.acquire(extent, origin, KEPT)) {
      assertThat(pin.isIntact()).isTrue();
      assertThat(pin.touch()).isEqualTo(Touch.AGAIN);
    }
    assertThat(fetches).hasValue(1);
  }

  /** Bytes that come back other than they went are as good as lost: they are fetched again. */
  @Test
  void fetchesAgainWhatComesBackWrong() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    Extent extent = extent(1, LENGTH);
    read(cache, extent, KEPT);
    cache.checksums().record(extent, Checksums.crc32c(CompressionData.chunks(bytesOf(extent))));
    damage(cache, extent);
    try (PinnedExtent pin = cache.acquire(extent, origin, KEPT)) {
      assertThat(pin.touch()).isEqualTo(Touch.FETCHED);
      assertThat(pin.bytes().copy(0, LENGTH)).isEqualTo(bytesOf(extent));
    }
    assertThat(fetches).hasValue(2);
    assertThat(cache.statistics().retainedExtents()).isEqualTo(1);
    assertThat(read(cache, extent, KEPT)).isEqualTo(Touch.AGAIN);
  }

  /** Its form is damaged, so its bytes are fetched anew; meanwhile it is discarded. */
  @Test
  void endsWhatIsBroughtBackAndWasDiscardedWhenItIsClosed() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    Extent extent = extent(1, LENGTH);
    read(cache, extent, KEPT);
    damage(cache, extent);
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (PinnedExtent pin =
                  cache.acquire(
                      extent,
                      (wanted, target) -> {
                        fetching.countDown();
                        awaitInterruptibly(gate);
                        origin.fetch(wanted, target);
                      },
                      KEPT)) {
                ended.complete(new AssertionError("Got " + pin.bytes().length() + " bytes"));
              } catch (IOException | InterruptedException | IllegalStateException e) {
                ended.complete(e);
              }
            });
    reader.start();
    fetching.await();
    cache.discard(extent);

    cache.close();
    gate.countDown();

    assertThat(ended.get(30, TimeUnit.SECONDS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read " + extent + ": the cache is closed");
    reader.join();
    assertThat(cache.held().used()).isZero();
  }

  private static void awaitInterruptibly(CountDownLatch gate) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static void damage(MemoryExtentCache cache, Extent extent) {
    for (byte[] array : cache.storedArrays(extent)) {
      Arrays.fill(array, array.length / 2, array.length, (byte) 0x55);
    }
  }

  @Test
  void forgetsTheFormOfWhatIsDiscarded() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE, CompressionMode.AUTO);
    PinnedExtent pin = cache.acquire(extent(1, LENGTH), origin, KEPT);
    cache.discard(extent(1, LENGTH));
    assertThat(cache.isResident(extent(1, LENGTH))).isFalse();
    assertThat(cache.held().retained()).isZero();
    pin.close();
    assertThat(cache.held().used()).isZero();

    read(cache, extent(2, LENGTH), KEPT);
    cache.discard(extent(2, LENGTH));
    assertThat(cache.isResident(extent(2, LENGTH))).isFalse();
    assertThat(cache.held().retained()).isZero();
  }

  /** Many threads over few extents in little room: bytes are right and the sums come out even. */
  @Test
  void givesRightBytesToManyThreads() throws Exception {
    MemoryExtentCache cache = cache("lru", 5 * CHARGE, CompressionMode.ZSTD);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      Callable<Void> reader =
          () -> {
            for (int i = 0; i < 60; i++) {
              int number = (int) ((i * 7L + Thread.currentThread().getId()) % 12);
              Extent extent = extent(number, LENGTH);
              try (PinnedExtent pin = cache.acquire(extent, origin, KEPT)) {
                assertThat(pin.bytes().copy(0, LENGTH)).isEqualTo(bytesOf(extent));
              }
            }
            return null;
          };
      for (Future<Void> done :
          threads.invokeAll(IntStream.range(0, 6).mapToObj(i -> reader).toList())) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.held().used()).isZero();
    assertThat(cache.held().retained() + cache.held().pooled()).isLessThanOrEqualTo(5 * CHARGE);
    cache.clear();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
  }

  private Touch read(ExtentCache cache, Extent extent, Access access) throws Exception {
    try (PinnedExtent pin = cache.acquire(extent, origin, access)) {
      return pin.touch();
    }
  }

  private MemoryExtentCache cache(String policy, long bytes, CompressionMode mode) {
    MemoryExtentCache cache = new MemoryExtentCache(new CacheSettings(bytes, policy, mode));
    caches.add(cache);
    return cache;
  }
}
