// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import java.time.Duration;

/**
 * How a prefetcher works.
 *
 * @param enabled whether it reads ahead at all; if not, every task is opened when it is taken, on
 *     the taker's thread
 * @param maxRequests the most requests in flight at any time, at least 1; {@value
 *     RequestController#SMALL_FACTOR} times as many where they bring less than 256 KiB on average
 * @param closeTimeout how long {@link Prefetcher#close} waits at most for tasks that were
 *     interrupted
 */
public record PrefetchSettings(boolean enabled, int maxRequests, Duration closeTimeout) {

  /** On, with 64 requests and 10 seconds. */
  public static final PrefetchSettings DEFAULT =
      new PrefetchSettings(true, 64, Duration.ofSeconds(10));

  public PrefetchSettings {
    if (maxRequests < 1) {
      throw new IllegalArgumentException(
          "Cannot prefetch with "
              + maxRequests
              + " requests; set prefetch.max-requests to at least 1, or prefetch.budget to 0 to"
              + " switch prefetching off");
    }
    if (closeTimeout.isNegative()) {
      throw new IllegalArgumentException("Cannot wait for " + closeTimeout);
    }
  }

  /** The same with another ceiling. */
  public PrefetchSettings withMaxRequests(int requests) {
    return new PrefetchSettings(enabled, requests, closeTimeout);
  }

  /** The same, on or off. */
  public PrefetchSettings withEnabled(boolean on) {
    return new PrefetchSettings(on, maxRequests, closeTimeout);
  }
}
