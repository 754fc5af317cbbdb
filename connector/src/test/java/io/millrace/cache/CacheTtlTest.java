// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent.Touch;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of extents that are too old. */
@Tag("unit")
final class CacheTtlTest {

  private static final Duration TTL = Duration.ofMinutes(10);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final long LENGTH = 1000;
  private static final long CHARGE = ChunkPool.chargeOf(LENGTH);

  /** Begins so that it overflows while the tests run, as {@link System#nanoTime} may. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5 * MINUTE);

  private int purposes;

  private MemoryExtentCache cache(String policy, long capacity) {
    return new MemoryExtentCache(new CacheSettings(capacity, policy, TTL), now::get);
  }

  private PinnedExtent acquire(ExtentCache cache, int number) throws Exception {
    return cache.acquire(
        TestingExtents.extent(number, LENGTH),
        TestingExtents::fill,
        new Access("purpose " + purposes++, true));
  }

  private Touch use(ExtentCache cache, int number) throws Exception {
    try (PinnedExtent pin = acquire(cache, number)) {
      return pin.touch();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "lru"})
  void servesUntilItIsTooOldAndFetchesAgainThen(String policy) throws Exception {
    MemoryExtentCache cache = cache(policy, 10 * CHARGE);

    assertThat(use(cache, 0)).isEqualTo(Touch.FETCHED);
    now.addAndGet(10 * MINUTE - 1);
    assertThat(use(cache, 0)).as("use does not make it younger").isEqualTo(Touch.RESIDENT);
    now.addAndGet(1);
    assertThat(cache.isResident(TestingExtents.extent(0, LENGTH))).isFalse();
    assertThat(use(cache, 0)).isEqualTo(Touch.FETCHED);
    now.addAndGet(9 * MINUTE);
    assertThat(use(cache, 0)).as("its age counts from the last fetch").isEqualTo(Touch.RESIDENT);
    assertThat(cache.statistics().expirations()).isEqualTo(1);
    assertThat(cache.statistics().evictions()).isZero();
  }

  @Test
  void dropsWhatIsTooOldWithTheNextUseOfOthers() throws Exception {
    MemoryExtentCache cache = cache("plan", 10 * CHARGE);
    for (int i = 0; i < 4; i++) {
      use(cache, i);
      now.addAndGet(MINUTE);
    }

    now.addAndGet(7 * MINUTE);
    use(cache, 9);

    assertThat(cache.statistics().expirations()).as("those of minutes 0 and 1").isEqualTo(2);
    assertThat(cache.held().retained()).isEqualTo(3 * CHARGE);
    cache.workingMemory().reserveNow(0);
    now.addAndGet(MINUTE);
    cache.workingMemory().reserveNow(0);
    assertThat(cache.statistics().expirations()).isEqualTo(3);
  }

  /** By its policy alone the first would stay: no job reads the others. */
  @Test
  void whatIsTooOldGoesFirst() throws Exception {
    MemoryExtentCache cache = cache("plan", 3 * CHARGE);
    cache.register(extent -> extent.equals(TestingExtents.extent(0, LENGTH)) ? 5 : 0);
    use(cache, 0);
    now.addAndGet(9 * MINUTE);
    use(cache, 1);
    use(cache, 2);
    now.addAndGet(2 * MINUTE);

    cache.workingMemory().reserveNow(CHARGE);

    assertThat(cache.isResident(TestingExtents.extent(1, LENGTH))).isTrue();
    assertThat(cache.isResident(TestingExtents.extent(2, LENGTH))).isTrue();
    assertThat(cache.statistics().evictions()).isZero();
    assertThat(cache.statistics().expirations()).isEqualTo(1);
  }

  @Test
  void whatIsInUseMayBeUsedOnButIsNotGivenToOthers() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE);
    PinnedExtent old = acquire(cache, 0);
    now.addAndGet(11 * MINUTE);

    PinnedExtent fresh = acquire(cache, 0);

    assertThat(fresh.touch()).isEqualTo(Touch.FETCHED);
    assertThat(old.bytes()).isNotSameAs(fresh.bytes());
    assertThat(TestingExtents.isFilled(TestingExtents.extent(0, LENGTH), old.bytes())).isTrue();
    assertThat(cache.held().used()).isEqualTo(2 * CHARGE);
    old.close();
    assertThat(cache.held().used()).isEqualTo(CHARGE);
    fresh.close();
    assertThat(cache.held().retained()).isEqualTo(CHARGE);
  }

  @Test
  void whatBecomesTooOldInUseDoesNotStay() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE);
    PinnedExtent pin = acquire(cache, 0);
    now.addAndGet(11 * MINUTE);

    pin.close();

    assertThat(cache.held().retained()).isZero();
    assertThat(cache.held().used()).isZero();
    assertThat(cache.statistics().expirations()).isEqualTo(1);
  }

  @Test
  void aFailedRefetchLeavesNothingOld() throws Exception {
    MemoryExtentCache cache = cache("lru", 10 * CHARGE);
    use(cache, 0);
    now.addAndGet(11 * MINUTE);

    assertThatThrownBy(
            () ->
                cache.acquire(
                    TestingExtents.extent(0, LENGTH),
                    (extent, target) -> {
                      throw new IOException("gone");
                    },
                    new Access("later", true)))
        .hasMessage("gone");
    assertThat(cache.isResident(TestingExtents.extent(0, LENGTH))).isFalse();
    assertThat(use(cache, 0)).isEqualTo(Touch.FETCHED);
  }

  @Test
  void keepsForEverWithoutALimit() throws Exception {
    MemoryExtentCache cache =
        new MemoryExtentCache(new CacheSettings(10 * CHARGE, "plan"), now::get);
    use(cache, 0);
    now.addAndGet(Duration.ofDays(365).toNanos());
    assertThat(use(cache, 0)).isEqualTo(Touch.RESIDENT);
  }

  @Test
  void refusesANegativeLimit() {
    assertThatThrownBy(() -> new CacheSettings(1, "plan", Duration.ofSeconds(-1)))
        .hasMessage(
            "Cannot make a cache whose extents age within PT-1S; set cache.ttl to more than 0");
  }
}
