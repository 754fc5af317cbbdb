// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ages, by the clock of a process and by the time of day. */
@Tag("unit")
final class TimeToLiveTest {

  private static final long MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5 * MILLI);
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final TimeToLive ttl = ttl(Duration.ofMillis(10));

  private TimeToLive ttl(Duration limit) {
    return new TimeToLive(limit, nanos::get, millis::get);
  }

  @Test
  void isOverAtTheLimitAlsoWhereTheClockOverflows() {
    long fetched = ttl.now();
    nanos.addAndGet(10 * MILLI - 1);
    assertThat(ttl.isOver(fetched)).isFalse();
    nanos.addAndGet(1);
    assertThat(nanos.get()).isNegative();
    assertThat(ttl.isOver(fetched)).isTrue();
    assertThat(ttl(CacheSettings.NO_TTL).isOver(fetched)).isFalse();
  }

  /** Part of a millisecond makes it older rather than younger. */
  @Test
  void hasTheSameAgeInTheNextProcess() {
    long fetched = ttl.now();
    nanos.addAndGet(3 * MILLI + 1);
    millis.addAndGet(3);
    assertThat(ttl.toWallClock(fetched)).isEqualTo(millis.get() - 4);
    assertThat(ttl.toWallClock(ttl.now())).isEqualTo(millis.get());

    long wall = ttl.toWallClock(fetched);
    nanos.set(77);
    millis.addAndGet(5);
    assertThat(ttl.fromWallClock(wall)).isEqualTo(77 - 9 * MILLI);
    assertThat(ttl.isOver(ttl.fromWallClock(wall))).isFalse();
    millis.addAndGet(1);
    assertThat(ttl.isOver(ttl.fromWallClock(wall))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {1_700_000_000_001L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 7, -1L << 62})
  void isOverAnyLimitWhereTheTimeCannotBe(long fetchedMillis) {
    TimeToLive century = ttl(Duration.ofDays(40_000));
    long fetched = century.fromWallClock(fetchedMillis);
    assertThat(century.isOver(fetched)).isTrue();

    long again = century.fromWallClock(century.toWallClock(fetched));
    millis.addAndGet(1_000_000);
    nanos.addAndGet(1_000_000 * MILLI);
    assertThat(century.isOver(again)).as("when it was written anew").isTrue();
  }

  @Test
  void ageIsTakenFromTheOldestTimeThatCanBe() {
    assertThat(ttl.fromWallClock(millis.get())).isEqualTo(ttl.now());
    assertThat(ttl.fromWallClock(0)).isEqualTo(ttl.now() - millis.get() * MILLI);
  }
}
