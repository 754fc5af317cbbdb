// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.time.Duration;

/**
 * How a store is asked.
 *
 * @param requestTimeout after which a request is given up and tried again
 * @param retryTimeout how long one request is tried in all, waits included; zero for no retries
 * @param maxRequestsInFlight requests that may be under way at once
 * @param maxRequestsPerSecond requests that may begin in a second, 0 for no limit
 * @param hedging whether requests that are slower than most are sent a second time
 */
public record StorageSettings(
    Duration requestTimeout,
    Duration retryTimeout,
    int maxRequestsInFlight,
    double maxRequestsPerSecond,
    boolean hedging) {

  /** Longer ones would overflow the nanoseconds that time is counted in. */
  private static final Duration LONGEST = Duration.ofDays(365);

  public static final StorageSettings DEFAULTS =
      new StorageSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), 256, 0);

  /** With hedging. */
  public StorageSettings(
      Duration requestTimeout,
      Duration retryTimeout,
      int maxRequestsInFlight,
      double maxRequestsPerSecond) {
    this(requestTimeout, retryTimeout, maxRequestsInFlight, maxRequestsPerSecond, true);
  }

  public StorageSettings {
    if (requestTimeout.isNegative()
        || requestTimeout.isZero()
        || requestTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Cannot use request timeout " + requestTimeout + ": must be positive, at most a year");
    }
    if (retryTimeout.isNegative() || retryTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Cannot use retry timeout " + retryTimeout + ": must not be negative, at most a year");
    }
    if (maxRequestsInFlight < 1) {
      throw new IllegalArgumentException(
          "Cannot use " + maxRequestsInFlight + " requests in flight: must be at least 1");
    }
    if (!(maxRequestsPerSecond >= 0) || Double.isInfinite(maxRequestsPerSecond)) {
      throw new IllegalArgumentException(
          "Cannot use "
              + maxRequestsPerSecond
              + " requests per second: must be 0 (no limit) or a positive number");
    }
  }
}
