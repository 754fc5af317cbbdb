// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.KEPT;
import static io.millrace.cache.TestingExtents.extent;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.MemoryExtentCache.Held;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("unit")
final class CacheConcurrencyTest {

  private static final long LENGTH = 1000;
  private static final Extent EXTENT = extent(1, LENGTH);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MemoryExtentCache cache = new MemoryExtentCache(new CacheSettings(100_000, "plan"));

  @AfterEach
  void endThreads() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, SECONDS)).isTrue();
  }

  /** A fetch that says when it began and goes on when it is told to, or is interrupted. */
  private static final class GatedFetcher implements ExtentFetcher {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final IOException failure;

    GatedFetcher(IOException failure) {
      this.failure = failure;
    }

    @Override
    public void fetch(Extent extent, ByteChunks target) throws IOException {
      calls.incrementAndGet();
      begun.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      }
      if (failure != null) {
        throw failure;
      }
      TestingExtents.fill(extent, target);
    }
  }

  @Test
  void oneFetchServesAllWhoAskMeanwhile() throws Exception {
    GatedFetcher fetcher = new GatedFetcher(null);
    Future<PinnedExtent> first = acquire(fetcher, "epoch 0");
    fetcher.begun.await();
    Future<PinnedExtent> samePurpose = acquire(fetcher, "epoch 0");
    Future<PinnedExtent> otherPurpose = acquire(fetcher, "epoch 1");
    awaitPins(3);
    assertThat(cache.isResident(EXTENT)).as("asking makes no further request").isTrue();
    fetcher.gate.countDown();

    assertThat(first.get().touch()).isEqualTo(Touch.FETCHED);
    assertThat(samePurpose.get().touch()).isEqualTo(Touch.AGAIN);
    assertThat(otherPurpose.get().touch()).isEqualTo(Touch.RESIDENT);
    assertThat(fetcher.calls).hasValue(1);
    assertThat(cache.held().used()).isEqualTo(ChunkPool.chargeOf(LENGTH));
    first.get().close();
    samePurpose.get().close();
    assertThat(cache.held().retained()).isZero();
    otherPurpose.get().close();
    assertThat(cache.held().retained()).isEqualTo(ChunkPool.chargeOf(LENGTH));
  }

  @Test
  void aFailedFetchFailsAllWhoWaitedAndIsForgotten() throws Exception {
    IOException broken = new IOException("broken");
    GatedFetcher fetcher = new GatedFetcher(broken);
    List<Future<PinnedExtent>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(acquire(fetcher, "epoch 0"));
    }
    awaitPins(3);
    fetcher.gate.countDown();

    for (Future<PinnedExtent> call : calls) {
      assertThatThrownBy(call::get).hasCause(broken);
    }
    assertThat(fetcher.calls).hasValue(1);
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    cache.acquire(EXTENT, TestingExtents::fill, KEPT).close();
    assertThat(cache.statistics().fetches()).isEqualTo(1);
  }

  @Test
  void anInterruptedWaiterLeavesTheFetchAlone() throws Exception {
    GatedFetcher fetcher = new GatedFetcher(null);
    Future<PinnedExtent> first = acquire(fetcher, "epoch 0");
    fetcher.begun.await();
    Future<PinnedExtent> waiter = acquire(fetcher, "epoch 0");
    awaitPins(2);
    waiter.cancel(true);
    awaitPins(1);
    fetcher.gate.countDown();

    first.get().close();
    assertThat(fetcher.calls).hasValue(1);
    assertThat(cache.held()).isEqualTo(new Held(ChunkPool.chargeOf(LENGTH), 0, 0, 0));
  }

  @Test
  void aWaiterTakesOverFromAnInterruptedFetch() throws Exception {
    GatedFetcher given = new GatedFetcher(null);
    AtomicInteger takenOver = new AtomicInteger();
    ExtentFetcher second =
        (extent, target) -> {
          takenOver.incrementAndGet();
          TestingExtents.fill(extent, target);
        };
    CountDownLatch ended = new CountDownLatch(1);
    List<Throwable> thrown = new ArrayList<>();
    Thread owner =
        new Thread(
            () -> {
              try {
                cache.acquire(EXTENT, given, KEPT);
              } catch (IOException | InterruptedException e) {
                thrown.add(e);
              }
              ended.countDown();
            });
    owner.start();
    given.begun.await();
    Future<PinnedExtent> one = acquire(second, "epoch 0");
    Future<PinnedExtent> other = acquire(second, "epoch 0");
    awaitPins(3);
    owner.interrupt();
    ended.await();

    assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(List.of(one.get().touch(), other.get().touch()))
        .containsExactlyInAnyOrder(Touch.FETCHED, Touch.AGAIN);
    assertThat(takenOver).hasValue(1);
    one.get().close();
    other.get().close();
    assertThat(cache.held()).isEqualTo(new Held(ChunkPool.chargeOf(LENGTH), 0, 0, 0));
  }

  @Test
  void aTimeOutIsAFailureAndNotAnInterrupt() {
    SocketTimeoutException timeout = new SocketTimeoutException("30 s");
    assertThatThrownBy(
            () ->
                cache.acquire(
                    EXTENT,
                    (extent, target) -> {
                      throw timeout;
                    },
                    KEPT))
        .isSameAs(timeout);
  }

  @Test
  void closingEndsFetchesAndWaits() throws Exception {
    GatedFetcher fetcher = new GatedFetcher(null);
    Future<PinnedExtent> first = acquire(fetcher, "epoch 0");
    fetcher.begun.await();
    Future<PinnedExtent> waiter = acquire(fetcher, "epoch 0");
    awaitPins(2);
    cache.close();

    for (Future<PinnedExtent> call : List.of(first, waiter)) {
      assertThatThrownBy(call::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot read " + EXTENT + ": the cache is closed");
    }
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "lru", "none"})
  void manyThreadsGetRightBytesFromOneFetchAtATime(String policy) throws Exception {
    long length = ByteChunks.CHUNK_SIZE + 100;
    MemoryExtentCache shared =
        new MemoryExtentCache(new CacheSettings(8 * ChunkPool.chargeOf(length), policy));
    shared.register(extent -> 1);
    AtomicIntegerArray fetching = new AtomicIntegerArray(24);
    AtomicInteger overlaps = new AtomicInteger();
    List<Future<Integer>> readers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Random random = new Random(t);
      readers.add(
          threads.submit(
              () -> {
                int wrong = 0;
                for (int i = 0; i < 150; i++) {
                  int number = random.nextInt(24);
                  boolean fails = random.nextInt(20) == 0;
                  wrong += readOne(shared, number, length, fails, fetching, overlaps);
                }
                return wrong;
              }));
    }

    for (Future<Integer> reader : readers) {
      assertThat(reader.get()).as("reads that gave other bytes than the extent's").isZero();
    }
    assertThat(overlaps).as("fetches of an extent beside another of it").hasValue(0);
    Held held = shared.held();
    assertThat(held.used()).isZero();
    assertThat(held.reserved()).isZero();
    assertThat(held.retained() + held.pooled()).isLessThanOrEqualTo(8 * ChunkPool.chargeOf(length));
    assertThat(held.retained() > 0).isEqualTo(!policy.equals("none"));
  }

  private static int readOne(
      MemoryExtentCache shared,
      int number,
      long length,
      boolean fails,
      AtomicIntegerArray fetching,
      AtomicInteger overlaps)
      throws InterruptedException {
    Extent wanted = extent(number, length);
    ExtentFetcher fetcher =
        (extent, target) -> {
          if (fetching.getAndIncrement(number) > 0) {
            overlaps.incrementAndGet();
          }
          TestingExtents.fill(extent, target);
          Thread.onSpinWait();
          fetching.getAndDecrement(number);
          if (fails) {
            throw new IOException("as asked");
          }
        };
    try (Reservation mine = shared.workingMemory().reserveNow(length);
        PinnedExtent pin = shared.acquire(wanted, fetcher, KEPT)) {
      Thread.onSpinWait();
      return TestingExtents.isFilled(wanted, pin.bytes()) && mine.bytes() == length ? 0 : 1;
    } catch (IOException e) {
      return e.getMessage().equals("as asked") ? 0 : 1;
    }
  }

  @Test
  void nobodyHangsWhenThreadsAreInterruptedAtRandom() throws Exception {
    List<Thread> readers = new ArrayList<>();
    AtomicInteger read = new AtomicInteger();
    AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(6);
    for (int t = 0; t < 6; t++) {
      Random random = new Random(t);
      readers.add(
          new Thread(
              () -> {
                for (int i = 0; i < 500; i++) {
                  try {
                    readUninterrupted(random.nextInt(4));
                    read.incrementAndGet();
                  } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }
                done.countDown();
              }));
    }
    readers.forEach(Thread::start);
    Random random = new Random(99);
    while (done.getCount() > 0) {
      readers.get(random.nextInt(readers.size())).interrupt();
      Thread.onSpinWait();
    }

    assertThat(read.get() + interrupted.get()).isEqualTo(3000);
    assertThat(cache.held().used()).isZero();
    assertThat(cache.held().reserved()).isZero();
  }

  private void readUninterrupted(int number) throws IOException, InterruptedException {
    ExtentFetcher fetcher =
        (extent, target) -> {
          Thread.onSpinWait();
          if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted");
          }
          TestingExtents.fill(extent, target);
        };
    cache.acquire(extent(number, LENGTH), fetcher, new Access("epoch 0", false)).close();
  }

  private Future<PinnedExtent> acquire(ExtentFetcher fetcher, String purpose) {
    return threads.submit(() -> cache.acquire(EXTENT, fetcher, new Access(purpose, true)));
  }

  /** Waits until so many fetch the extent or wait for it. */
  private void awaitPins(int count) {
    while (cache.pins(EXTENT) != count) {
      Thread.onSpinWait();
    }
  }
}
