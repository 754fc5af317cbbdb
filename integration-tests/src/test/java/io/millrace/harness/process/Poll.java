// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what another process does, by looking again and again. */
public final class Poll {

  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private Poll() {}

  /**
   * Looks until there is something, at least once; blocks for at most about the limit and the time
   * of one look.
   *
   * @return what was found; empty if the limit passed before
   * @throws IllegalStateException if the thread is interrupted, as JUnit does when a test takes too
   *     long; the thread stays interrupted
   */
  public static <T> Optional<T> within(Duration limit, Supplier<Optional<T>> look) {
    long begin = System.nanoTime();
    while (true) {
      boolean last = System.nanoTime() - begin >= limit.toNanos();
      Optional<T> found = look.get();
      if (found.isPresent() || last) {
        return found;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("Interrupted while waiting for another process");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
