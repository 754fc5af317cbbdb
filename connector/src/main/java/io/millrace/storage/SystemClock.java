// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The machine's monotonic clock. */
final class SystemClock implements StorageClock {

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("ReturnValueIgnored") // both ends of the wait mean the same to the caller
  public void sleep(long nanos, CountDownLatch until) throws InterruptedException {
    until.await(nanos, TimeUnit.NANOSECONDS);
  }
}
