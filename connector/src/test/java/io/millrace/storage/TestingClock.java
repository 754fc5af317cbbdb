// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when somebody sleeps, and then at once. */
final class TestingClock implements StorageClock {

  /** What happens while somebody sleeps. */
  @FunctionalInterface
  interface Sleep {
    void during(Duration duration) throws InterruptedException;
  }

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // overflows soon, as it may
  private final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  private volatile Sleep onSleep = duration -> {};

  void onSleep(Sleep action) {
    onSleep = action;
  }

  List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  /** Lets time pass in which nobody sleeps. */
  void advance(Duration duration) {
    now.addAndGet(duration.toNanos());
  }

  @Override
  public long nanos() {
    return now.get();
  }

  @Override
  public void sleep(long nanos, CountDownLatch until) throws InterruptedException {
    Duration duration = Duration.ofNanos(nanos);
    sleeps.add(duration);
    onSleep.during(duration);
    if (until.getCount() > 0) {
      now.addAndGet(nanos);
    }
  }
}
