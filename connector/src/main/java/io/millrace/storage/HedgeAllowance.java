// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * How many requests may be sent a second time: one of {@value #REQUESTS_PER_HEDGE}, counted from
 * the start, so that an origin which is slow as a whole is not asked twice as much. What was not
 * used is kept for later, up to {@value #MOST} at once. Thread-safe.
 */
final class HedgeAllowance {

  static final int REQUESTS_PER_HEDGE = 20;
  static final int MOST = 16;

  /** In parts of a hedge. */
  private int saved;

  /** A request was sent the first time. */
  synchronized void earn() {
    saved = Math.min(saved + 1, MOST * REQUESTS_PER_HEDGE);
  }

  /** Whether one may be sent a second time, which this then counts. */
  synchronized boolean take() {
    if (saved < REQUESTS_PER_HEDGE) {
      return false;
    }
    saved -= REQUESTS_PER_HEDGE;
    return true;
  }

  /** It was not sent after all. */
  synchronized void giveBack() {
    saved += REQUESTS_PER_HEDGE;
  }
}
