// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.util.concurrent.Semaphore;

/** Lets a fetcher whose splits are all paused wait until Flink has something new to say. */
final class PauseSignal {

  private final Semaphore woken = new Semaphore(0);

  /** Waits for {@link #wakeUp}; returns at once if that came since the last wait. */
  void await() throws InterruptedException {
    woken.acquire();
    woken.drainPermits();
  }

  void wakeUp() {
    // One permit is enough, however often it is called while nobody waits.
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }
}
