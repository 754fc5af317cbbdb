// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.KEPT;
import static io.millrace.cache.TestingExtents.NOT_KEPT;
import static io.millrace.cache.TestingExtents.extent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.MemoryExtentCache.Held;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
final class MemoryExtentCacheTest {

  private static final long LENGTH = 1000;
  private static final long CHARGE = ChunkPool.chargeOf(LENGTH);

  private final List<Extent> fetched = new ArrayList<>();
  private final ExtentFetcher origin =
      (extent, target) -> {
        fetched.add(extent);
        TestingExtents.fill(extent, target);
      };

  @Test
  void fetchesAnExtentOnceAndKeepsIt() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    read(cache, extent(1, LENGTH), KEPT);
    assertThat(cache.isResident(extent(1, LENGTH))).isTrue();
    read(cache, extent(1, LENGTH), KEPT);

    assertThat(fetched).containsExactly(extent(1, LENGTH));
    assertThat(cache.statistics())
        .isEqualTo(
            new CacheStatistics(
                10 * CHARGE, CHARGE, 0, 0, 1, 1, LENGTH, 0, 0, 0, 0, DiskStatistics.NONE));
  }

  @Test
  void tellsFirstTouchesOfAPurposeFromLaterOnes() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    Extent extent = extent(1, LENGTH);

    assertThat(read(cache, extent, new Access("epoch 0", true))).isEqualTo(Touch.FETCHED);
    assertThat(read(cache, extent, new Access("epoch 0", true))).isEqualTo(Touch.AGAIN);
    assertThat(read(cache, extent, new Access("epoch 1", true))).isEqualTo(Touch.RESIDENT);
    assertThat(read(cache, extent, new Access("epoch 1", true))).isEqualTo(Touch.AGAIN);
    assertThat(read(cache, extent, new Access("epoch 0", true))).isEqualTo(Touch.AGAIN);
    for (int epoch = 2; epoch < 10; epoch++) {
      assertThat(read(cache, extent, new Access("epoch " + epoch, true))).isEqualTo(Touch.RESIDENT);
    }
    assertThat(read(cache, extent, new Access("epoch 2", true))).isEqualTo(Touch.AGAIN);
    assertThat(read(cache, extent, new Access("epoch 1", true)))
        .as("a purpose older than eight others is forgotten")
        .isEqualTo(Touch.RESIDENT);
  }

  @Test
  void doesNotKeepWhatNobodyWantsKept() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    read(cache, extent(1, LENGTH), NOT_KEPT);
    assertThat(cache.isResident(extent(1, LENGTH))).isFalse();

    try (PinnedExtent first = cache.acquire(extent(1, LENGTH), origin, NOT_KEPT)) {
      read(cache, extent(1, LENGTH), KEPT);
      assertThat(first.touch()).isEqualTo(Touch.FETCHED);
    }
    assertThat(cache.isResident(extent(1, LENGTH))).as("one of two wants it kept").isTrue();
  }

  @Test
  void lendsNothingFromTheRetainedSetUnderPolicyNone() throws Exception {
    MemoryExtentCache cache = cache("none", 10 * CHARGE);
    try (PinnedExtent first = cache.acquire(extent(1, LENGTH), origin, KEPT)) {
      assertThat(read(cache, extent(1, LENGTH), new Access("epoch 1", true)))
          .as("shared while another reader holds it")
          .isEqualTo(Touch.RESIDENT);
      assertThat(first.bytes().length()).isEqualTo(LENGTH);
    }

    assertThat(cache.isResident(extent(1, LENGTH))).isFalse();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    assertThat(cache.statistics().rejections()).isZero();
  }

  @Test
  void countsAnExtentAsUsedWhilePinnedAndAsRetainedAfterwards() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    Reservation mine = cache.workingMemory().reserveNow(LENGTH);
    PinnedExtent first = cache.acquire(extent(1, LENGTH), origin, KEPT);
    PinnedExtent second = cache.acquire(extent(1, LENGTH), origin, KEPT);
    assertThat(cache.held()).isEqualTo(new Held(0, CHARGE, 0, LENGTH));

    first.close();
    first.close();
    assertThat(cache.held()).as("still pinned").isEqualTo(new Held(0, CHARGE, 0, LENGTH));
    second.close();
    assertThat(cache.held()).isEqualTo(new Held(CHARGE, 0, 0, LENGTH));
    mine.close();
    assertThat(cache.held()).isEqualTo(new Held(CHARGE, 0, 0, 0));
  }

  @Test
  void retainedExtentsMakeRoomForWorkingMemoryDownToNone() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE);
    for (int i = 0; i < 10; i++) {
      read(cache, extent(i, LENGTH), KEPT);
    }
    assertThat(cache.statistics().retainedExtents()).isEqualTo(10);
    assertThat(cache.workingMemory().capacity()).isEqualTo(5 * CHARGE);
    assertThat(cache.workingMemory().tryReserve(5 * CHARGE + 1)).isEmpty();
    assertThat(cache.statistics().retainedExtents()).as("refused without harm").isEqualTo(10);

    Reservation half = cache.workingMemory().tryReserve(5 * CHARGE).orElseThrow();
    assertThat(cache.statistics().retainedExtents()).isEqualTo(5);
    assertThat(cache.isResident(extent(4, LENGTH))).isFalse();
    assertThat(cache.isResident(extent(5, LENGTH))).isTrue();

    half.growNow(2 * CHARGE + 1);
    assertThat(cache.statistics().retainedExtents()).isEqualTo(2);
    Reservation beyond = cache.workingMemory().reserveNow(20 * CHARGE);
    assertThat(cache.statistics().retainedExtents()).isZero();
    assertThat(cache.statistics().evictions()).isEqualTo(10);
    beyond.close();
    half.close();
    assertThat(cache.statistics().workingBytes()).isZero();
  }

  @Test
  void turnsANewcomerAwayWithoutHarmIfItCannotFitAtAll() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE);
    read(cache, extent(1, LENGTH), KEPT);
    Reservation reserved = cache.workingMemory().reserveNow(8 * CHARGE);
    read(cache, extent(2, 4 * LENGTH), KEPT);

    assertThat(cache.isResident(extent(1, LENGTH))).isTrue();
    assertThat(cache.isResident(extent(2, 4 * LENGTH))).isFalse();
    assertThat(cache.statistics().rejections()).isEqualTo(1);
    reserved.close();
  }

  @Test
  void usesWholeChunksAgainAndNeverWhilePinned() throws Exception {
    long length = 2L * ByteChunks.CHUNK_SIZE + 5;
    MemoryExtentCache cache = cache("lru", 2 * ChunkPool.chargeOf(length));
    PinnedExtent first = cache.acquire(extent(1, length), origin, NOT_KEPT);
    byte[][] chunks = first.bytes().chunks();
    PinnedExtent second = cache.acquire(extent(2, length), origin, NOT_KEPT);
    assertThat(shared(second.bytes(), chunks)).isZero();
    assertThat(TestingExtents.isFilled(extent(1, length), first.bytes())).isTrue();

    first.close();
    assertThat(cache.held().pooled()).isEqualTo(2 * ChunkPool.CHUNK_BYTES);
    ByteChunks scratch = cache.allocate(length);
    assertThat(shared(scratch, chunks)).as("all but the short one").isEqualTo(2);
    assertThat(cache.held().pooled()).isZero();
    cache.release(scratch);
    second.close();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 4 * ChunkPool.CHUNK_BYTES, 0));
  }

  @Test
  void takesScratchMemoryBackOnlyOnce() {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    ByteChunks scratch = cache.allocate(LENGTH);
    assertThat(scratch.length()).isEqualTo(LENGTH);
    assertThat(cache.held().used()).isEqualTo(CHARGE);
    cache.release(scratch);

    assertThat(cache.held().used()).isZero();
    assertThatThrownBy(() -> cache.release(scratch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot release 1000 bytes that this cache did not allocate or that were released"
                + " before");
    assertThatThrownBy(() -> cache.release(ByteChunks.allocate(LENGTH)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void triesAgainAfterAFailedFetch() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    IOException broken = new IOException("broken");
    assertThatThrownBy(
            () ->
                cache.acquire(
                    extent(1, LENGTH),
                    (extent, target) -> {
                      throw broken;
                    },
                    KEPT))
        .isSameAs(broken);
    IllegalStateException bug = new IllegalStateException("bug");
    assertThatThrownBy(
            () ->
                cache.acquire(
                    extent(1, LENGTH),
                    (extent, target) -> {
                      throw bug;
                    },
                    KEPT))
        .isSameAs(bug);

    assertThat(cache.isResident(extent(1, LENGTH))).isFalse();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    assertThat(read(cache, extent(1, LENGTH), KEPT)).isEqualTo(Touch.FETCHED);
  }

  @Test
  void checksARecordedChecksumAfterEachFetch() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    Extent extent = new Extent(extent(1, 5000).object(), extent(1, 5000).version(), 100, LENGTH);
    ByteChunks bytes = ByteChunks.allocate(LENGTH);
    TestingExtents.fill(extent, bytes);
    int right = Checksums.crc32c(bytes);
    cache.checksums().record(extent, right);
    read(cache, extent, KEPT);

    cache.clear();
    assertThatThrownBy(() -> cache.acquire(extent, (e, target) -> {}, KEPT))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object test://data/shard.1 at offset 100: 1000 bytes have CRC32C %08x, but"
                + " had %08x when the object matched its published hash",
            Checksums.crc32c(ByteChunks.allocate(LENGTH)), right);
    assertThat(cache.isResident(extent)).isFalse();
    assertThat(read(cache, extent, KEPT)).isEqualTo(Touch.FETCHED);
  }

  @Test
  void forgetsWhatWasDiscardedAndItsChecksum() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    Extent extent = extent(1, LENGTH);
    read(cache, extent, KEPT);
    cache.checksums().record(extent, 17);
    cache.checksums().markVerified(extent.object(), extent.version());
    cache.discard(extent);

    assertThat(cache.isResident(extent)).isFalse();
    assertThat(cache.checksums().expected(extent)).isEmpty();
    assertThat(cache.checksums().isVerified(extent.object(), extent.version())).isFalse();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    cache.discard(extent);
  }

  @Test
  void fetchesAnewWhatWasDiscardedWhilePinned() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    Extent extent = extent(1, LENGTH);
    PinnedExtent wrong = cache.acquire(extent, origin, KEPT);
    cache.discard(extent);
    assertThat(cache.isResident(extent)).isFalse();
    PinnedExtent anew = cache.acquire(extent, origin, KEPT);

    assertThat(anew.touch()).isEqualTo(Touch.FETCHED);
    assertThat(anew.bytes()).isNotSameAs(wrong.bytes());
    assertThat(cache.held().used()).isEqualTo(2 * CHARGE);
    anew.close();
    wrong.close();
    assertThat(cache.held()).isEqualTo(new Held(CHARGE, 0, 0, 0));
    assertThat(read(cache, extent, KEPT)).isEqualTo(Touch.AGAIN);
  }

  @Test
  void clearsAllThatIsNotPinned() throws Exception {
    MemoryExtentCache cache = cache("plan", 2000 * CHARGE);
    for (int i = 0; i < 1000; i++) {
      read(cache, extent(i, LENGTH), KEPT);
    }
    PinnedExtent pinned = cache.acquire(extent(3, LENGTH), origin, KEPT);
    cache.clear();

    assertThat(cache.held()).isEqualTo(new Held(0, CHARGE, 0, 0));
    assertThat(TestingExtents.isFilled(extent(3, LENGTH), pinned.bytes())).isTrue();
    pinned.close();
    assertThat(cache.isResident(extent(3, LENGTH))).isTrue();
    assertThat(cache.statistics().evictions()).as("nothing had to make room").isZero();
  }

  @Test
  void resetsCountersAndNotContents() throws Exception {
    MemoryExtentCache cache = cache("lru", CHARGE);
    read(cache, extent(1, LENGTH), KEPT);
    read(cache, extent(2, LENGTH), KEPT);
    assertThat(cache.statistics().evictions()).isEqualTo(1);
    cache.resetStatistics();

    assertThat(cache.statistics())
        .isEqualTo(
            new CacheStatistics(CHARGE, CHARGE, 0, 0, 1, 0, 0, 0, 0, 0, 0, DiskStatistics.NONE));
  }

  @Test
  void refusesBytesOfAClosedPin() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    PinnedExtent pin = cache.acquire(extent(1, LENGTH), origin, KEPT);
    pin.close();

    assertThatThrownBy(pin::bytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot use " + extent(1, LENGTH) + ": it was released");
  }

  @Test
  void refusesEverythingButGivingBackOnceClosed() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    ExtentCache.Registration registration = cache.register(extent -> 1);
    Reservation reserved = cache.workingMemory().reserveNow(LENGTH);
    PinnedExtent pin = cache.acquire(extent(1, LENGTH), origin, KEPT);
    ByteChunks scratch = cache.allocate(LENGTH);
    read(cache, extent(2, LENGTH), KEPT);
    cache.close();
    cache.close();

    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, LENGTH));
    assertThat(TestingExtents.isFilled(extent(1, LENGTH), pin.bytes())).isTrue();
    pin.close();
    cache.release(scratch);
    reserved.close();
    registration.close();
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
    assertThat(cache.workingMemory().tryReserve(1)).isEmpty();
    assertThatThrownBy(() -> cache.workingMemory().reserveNow(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot reserve 1 bytes: the cache is closed");
    assertThatThrownBy(() -> cache.acquire(extent(1, LENGTH), origin, KEPT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read " + extent(1, LENGTH) + ": the cache is closed");
    assertThatThrownBy(() -> cache.allocate(7))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot allocate 7 bytes: the cache is closed");
    assertThatThrownBy(() -> cache.isResident(extent(1, LENGTH)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cache.register(extent -> 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cache::clear).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAFetcherThatAsksForItsOwnExtent() {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    ExtentFetcher circular =
        (extent, target) -> {
          try {
            cache.acquire(extent, origin, KEPT).close();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };

    assertThatThrownBy(() -> cache.acquire(extent(1, LENGTH), circular, KEPT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("its fetcher asked the cache for the same extent");
    assertThat(cache.held()).isEqualTo(new Held(0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "lru", "none"})
  void givesEveryExtentItsOwnBytes(String policy) throws Exception {
    MemoryExtentCache cache = cache(policy, 5 * CHARGE);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int i = 0; i < 20; i++) {
        Extent extent = extent(i, LENGTH - i);
        try (PinnedExtent pin = cache.acquire(extent, origin, KEPT)) {
          assertThat(pin.bytes().length()).isEqualTo(LENGTH - i);
          assertThat(TestingExtents.isFilled(extent, pin.bytes())).isTrue();
        }
      }
    }
    cache.close();
  }

  private Touch read(ExtentCache cache, Extent extent, Access access) throws Exception {
    try (PinnedExtent pin = cache.acquire(extent, origin, access)) {
      return pin.touch();
    }
  }

  private static long shared(ByteChunks memory, byte[][] chunks) {
    return Arrays.stream(memory.chunks())
        .filter(mine -> Arrays.stream(chunks).anyMatch(other -> other == mine))
        .count();
  }

  private static MemoryExtentCache cache(String policy, long bytes) {
    return new MemoryExtentCache(new CacheSettings(bytes, policy));
  }
}
