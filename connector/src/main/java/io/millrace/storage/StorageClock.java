// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.concurrent.CountDownLatch;

/** Time, so that tests need not wait for it to pass. Thread-safe. */
interface StorageClock {

  StorageClock SYSTEM = new SystemClock();

  /** Nanoseconds since some fixed moment. */
  long nanos();

  /**
   * Waits until a time has passed or a latch opens, whichever comes first.
   *
   * @throws InterruptedException if the thread is interrupted before or while it waits
   */
  void sleep(long nanos, CountDownLatch until) throws InterruptedException;
}
