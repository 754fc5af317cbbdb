// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static io.millrace.cache.TestingExtents.KEPT;
import static io.millrace.cache.TestingExtents.NOT_KEPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.MemoryExtentCache.Held;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that are written anew while a cache has extents of what they were. */
@Tag("unit")
final class ReplacedObjectsTest {

  private static final int LENGTH = 20_000;

  private static Extent extent(int object, long modified, int part) {
    return new Extent(
        ObjectLocation.of("test://data/shard." + object),
        new ObjectVersion(10L * LENGTH, modified, ""),
        (long) part * LENGTH,
        LENGTH);
  }

  private static MemoryExtentCache cache(CompressionMode mode) {
    return new MemoryExtentCache(new CacheSettings(100 * LENGTH, "plan", mode));
  }

  private static Touch read(MemoryExtentCache cache, Extent extent) throws Exception {
    try (PinnedExtent pin = cache.acquire(extent, TestingExtents::fill, KEPT)) {
      assertThat(TestingExtents.isFilled(extent, pin.bytes())).isTrue();
      return pin.touch();
    }
  }

  @ParameterizedTest
  @EnumSource(CompressionMode.class)
  void leavesNothingOfBefore(CompressionMode mode) throws Exception {
    try (MemoryExtentCache cache = cache(mode)) {
      for (int part = 0; part < 5; part++) {
        read(cache, extent(1, 100, part));
        read(cache, extent(2, 100, part));
      }
      assertThat(cache.statistics().retainedExtents()).isEqualTo(10);

      read(cache, extent(1, 200, 0));

      assertThat(cache.statistics().retainedExtents()).isEqualTo(6);
      for (int part = 0; part < 5; part++) {
        assertThat(cache.isResident(extent(1, 100, part))).isFalse();
        assertThat(cache.isResident(extent(2, 100, part))).isTrue();
      }
      assertThat(cache.statistics().evictions()).as("nothing had to make room").isZero();
      // A version that tells less agrees with any.
      read(cache, extent(1, 0, 1));
      assertThat(cache.isResident(extent(1, 200, 0))).isTrue();
    }
  }

  @Test
  void letsPinnedBytesGoWithTheirLastPin() throws Exception {
    try (MemoryExtentCache cache = cache(CompressionMode.NONE)) {
      PinnedExtent old = cache.acquire(extent(1, 100, 0), TestingExtents::fill, KEPT);
      read(cache, extent(1, 200, 0));
      assertThat(TestingExtents.isFilled(extent(1, 100, 0), old.bytes())).isTrue();
      old.close();
      assertThat(cache.isResident(extent(1, 100, 0))).isFalse();
      assertThat(cache.isResident(extent(1, 200, 0))).isTrue();
    }
  }

  /** It was on its way when the newer one came: there is no sense in keeping it. */
  @Test
  void keepsNothingThatWasReplacedWhileItWasFetched() throws Exception {
    try (MemoryExtentCache cache = cache(CompressionMode.ZSTD)) {
      cache
          .acquire(
              extent(1, 100, 0),
              (wanted, target) -> {
                try {
                  read(cache, extent(1, 200, 0));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
                TestingExtents.fill(wanted, target);
              },
              KEPT)
          .close();
      assertThat(cache.isResident(extent(1, 100, 0))).isFalse();
      assertThat(cache.isResident(extent(1, 200, 0))).isTrue();
      assertThat(cache.held().used()).isZero();
      assertThat(cache.statistics().rejections()).isZero();
    }
  }

  /** A plan that fails in an unusual way, while room is made for what is to be fetched. */
  @Test
  void canBeAskedAgainAfterAnErrorBeforeTheFetch() throws Exception {
    long charge = ChunkPool.chargeOf(LENGTH);
    AtomicBoolean fails = new AtomicBoolean();
    try (MemoryExtentCache cache =
        new MemoryExtentCache(new CacheSettings(2 * charge, "plan", CompressionMode.NONE))) {
      cache.register(
          extent -> {
            if (fails.get()) {
              throw new StackOverflowError("made up");
            }
            return 1;
          });
      read(cache, extent(1, 100, 0));
      read(cache, extent(1, 100, 1));
      Held before = cache.held();
      fails.set(true);
      assertThatThrownBy(() -> cache.acquire(extent(1, 100, 2), TestingExtents::fill, NOT_KEPT))
          .isInstanceOf(StackOverflowError.class);
      assertThat(cache.held().used()).isEqualTo(before.used());
      assertThat(cache.isResident(extent(1, 100, 2))).isFalse();

      fails.set(false);

      assertThat(read(cache, extent(1, 100, 2))).isEqualTo(Touch.FETCHED);
      assertThat(cache.held().used()).isZero();
    }
  }
}
