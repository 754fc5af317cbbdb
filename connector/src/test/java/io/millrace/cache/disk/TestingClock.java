// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.TimeToLive;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time that passes when a test says so: of one process, and of the day. */
final class TestingClock {

  /** Begins so that it overflows while the tests run, as {@link System#nanoTime} may. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(5).toNanos());

  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

  /**
   * By which a cache ages.
   *
   * @param ttl how long extents are served
   */
  record Time(Duration ttl, LongSupplier nanoClock, LongSupplier wallClock) {

    /** Nothing is ever too old. */
    static final Time NO_LIMIT =
        new Time(Duration.ZERO, System::nanoTime, System::currentTimeMillis);

    TimeToLive toTimeToLive() {
      return new TimeToLive(ttl, nanoClock, wallClock);
    }
  }

  Time time(Duration ttl) {
    return new Time(ttl, nanos::get, millis::get);
  }

  TimeToLive ttl(Duration ttl) {
    return time(ttl).toTimeToLive();
  }

  /** When something was fetched, as caches note it. */
  long ago(Duration age) {
    return nanos.get() - age.toNanos();
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    millis.addAndGet(time.toMillis());
  }

  /** Somebody sets the time of day. */
  void setForward(Duration time) {
    millis.addAndGet(time.toMillis());
  }

  void setBack(Duration time) {
    millis.addAndGet(-time.toMillis());
  }

  /** The next process has another beginning of its time, though the same time of day. */
  void restart() {
    nanos.addAndGet(Duration.ofDays(77).plusNanos(333_333).toNanos());
  }
}
