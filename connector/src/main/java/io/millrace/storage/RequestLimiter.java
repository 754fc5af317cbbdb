// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Lets a number of requests be under way at once and a number begin in a second, first come, first
 * served. Has no thread: who waits sleeps until the moment that it was given. Thread-safe.
 */
final class RequestLimiter {

  private final Semaphore inFlight;
  private final long nanosPerRequest;
  private final StorageClock clock;
  private final CountDownLatch never = new CountDownLatch(1);

  private final Object lock = new Object();

  /** When the next request may begin; guarded by lock. */
  private long nextBegin;

  RequestLimiter(StorageSettings settings, StorageClock clock) {
    double perSecond = settings.maxRequestsPerSecond();
    this.inFlight = new Semaphore(settings.maxRequestsInFlight(), true);
    this.nanosPerRequest = perSecond == 0 ? 0 : (long) Math.ceil(1e9 / perSecond);
    this.clock = clock;
    this.nextBegin = clock.nanos();
  }

  /** Waits until a request may begin. Followed by {@link #end} unless it throws. */
  void begin(StorageRequest request) throws InterruptedIOException {
    boolean begun = false;
    try {
      inFlight.acquire();
      try {
        sleepUntilTurn();
        begun = true;
      } finally {
        if (!begun) {
          inFlight.release();
        }
      }
    } catch (InterruptedException e) {
      throw Interrupts.asIoException(request, e);
    }
  }

  /** Begins a request if that may be at once. Followed by {@link #end} if it says so. */
  boolean tryBegin() {
    if (!inFlight.tryAcquire()) {
      return false;
    }
    boolean now = nanosPerRequest == 0 || isTurn();
    if (!now) {
      inFlight.release();
    }
    return now;
  }

  private boolean isTurn() {
    synchronized (lock) {
      long now = clock.nanos();
      if (nextBegin - now > 0) {
        return false;
      }
      nextBegin = now + nanosPerRequest;
      return true;
    }
  }

  void end() {
    inFlight.release();
  }

  private void sleepUntilTurn() throws InterruptedException {
    if (nanosPerRequest == 0) {
      return;
    }
    long wait;
    synchronized (lock) {
      long now = clock.nanos();
      long begin = nextBegin - now > 0 ? nextBegin : now;
      nextBegin = begin + nanosPerRequest;
      wait = begin - now;
    }
    if (wait > 0) {
      boolean came = false;
      try {
        clock.sleep(wait, never);
        came = true;
      } finally {
        if (!came) {
          giveTurnBack();
        }
      }
    }
  }

  /** Those who wait already keep their turns; whoever comes next gets one earlier. */
  private void giveTurnBack() {
    synchronized (lock) {
      nextBegin -= nanosPerRequest;
    }
  }
}
