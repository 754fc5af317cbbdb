// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits in tests for what another thread does. */
public final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Await() {}

  /** Returns as soon as the condition holds; fails with its name if it does not come to hold. */
  public static void until(String condition, BooleanSupplier holds) {
    until(condition, LIMIT, holds);
  }

  /** As {@link #until(String, BooleanSupplier)}, for what may take longer than half a minute. */
  public static void until(String condition, Duration limit, BooleanSupplier holds) {
    long begin = System.nanoTime();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime() - begin).as(condition).isLessThan(limit.toNanos());
      LockSupport.parkNanos(100_000);
    }
  }
}
