// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long after their fetch extents are served, and the clocks that tell. Within a process they
 * age by {@link System#nanoTime}, which nobody sets. What outlives the process has the time of day
 * of its fetch, from which the next one reckons its age; a time that cannot be, as one in the
 * future, makes it older than any limit, in this process and in those that come. Thread-safe.
 */
public final class TimeToLive {

  /** Older than any limit: an age that is not known. */
  private static final Duration OLDEST = Duration.ofDays(36_500);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long limitNanos;
  private final LongSupplier nanoClock;
  private final LongSupplier wallClock;

  /**
   * With clocks of one's own.
   *
   * @param limit {@link CacheSettings#NO_TTL} if nothing ever is too old
   * @param nanoClock the time, as {@link System#nanoTime}
   * @param wallClock the time of day, as {@link System#currentTimeMillis}
   */
  public TimeToLive(Duration limit, LongSupplier nanoClock, LongSupplier wallClock) {
    this.limitNanos = (limit.compareTo(OLDEST) < 0 ? limit : OLDEST).toNanos();
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
  }

  /** By the machine's clocks. */
  public static TimeToLive of(Duration limit) {
    return new TimeToLive(limit, System::nanoTime, System::currentTimeMillis);
  }

  /** Whether there is a limit. */
  public boolean isLimited() {
    return limitNanos != 0;
  }

  /** The time that fetches are noted by. */
  public long now() {
    return nanoClock.getAsLong();
  }

  /** Whether what was fetched then is too old to be served now. */
  public boolean isOver(long fetchedNanos) {
    return isLimited() && now() - fetchedNanos >= limitNanos;
  }

  /** The time of day of a fetch, in milliseconds, for those who read it in another process. */
  public long toWallClock(long fetchedNanos) {
    long age = now() - fetchedNanos;
    return wallClock.getAsLong() - (age + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }

  /** When something was fetched by a time of day, which may be any number. */
  public long fromWallClock(long fetchedMillis) {
    long oldest = OLDEST.toMillis();
    long age = wallClock.getAsLong() - fetchedMillis; // negative if it overflows, too
    return now() - (age < 0 || age > oldest ? oldest : age) * NANOS_PER_MILLI;
  }
}
