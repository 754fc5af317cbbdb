// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;

/** A store refused a request because it gets too many. Trying again later helps. */
public final class ThrottledException extends IOException {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * @param object what the request was for
   * @param problem the store's answer, such as {@code 503 SlowDown}
   * @param retryAfter how long the store asked to wait, zero if it did not say
   */
  public ThrottledException(ObjectLocation object, String problem, Duration retryAfter) {
    super("Throttled at " + object + ": " + problem);
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("Cannot wait a negative time: " + retryAfter);
    }
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
