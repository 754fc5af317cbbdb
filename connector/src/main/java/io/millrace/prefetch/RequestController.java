// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

/**
 * Decides how many tasks may be under way: few enough not to burden the origin, enough that the
 * reader never waits. It begins with {@value #FIRST} and doubles when the reader waited, at most
 * once in half of a task's usual duration, since what a raise brings shows only after that. After
 * 4r results without a wait it takes 1/16 of r off, at least 1, as long as more than ¾ of what is
 * held is ready: while much is still under way, the present number is what keeps the reader from
 * waiting.
 *
 * <p>Pure: time comes in as an argument. Not thread-safe.
 */
final class RequestController {

  /** Where it begins. */
  static final int FIRST = 4;

  private final int ceiling;

  private int requests;
  private long resultsWithoutWait;
  private boolean raised;
  private long raisedAtNanos;
  private long latencyNanos = -1;

  /**
   * @param ceiling the most that it ever allows, at least 1
   */
  RequestController(int ceiling) {
    this.ceiling = ceiling;
    this.requests = Math.min(FIRST, ceiling);
  }

  /** How many tasks may be under way. */
  int requests() {
    return requests;
  }

  /**
   * How long a task takes, as a moving average with weight ⅛ for the newest; -1 before the first.
   */
  long latencyNanos() {
    return latencyNanos;
  }

  /** A task ended after this time, well or not. */
  void onOpened(long nanos) {
    latencyNanos = latencyNanos < 0 ? nanos : latencyNanos + (nanos - latencyNanos) / 8;
  }

  /** The reader got a result that it had to wait for. */
  void onWaited(long nowNanos) {
    resultsWithoutWait = 0;
    if (!raised || nowNanos - raisedAtNanos >= latencyNanos / 2) {
      raised = true;
      raisedAtNanos = nowNanos;
      requests = (int) Math.min(2L * requests, ceiling);
    }
  }

  /**
   * The reader got a result that was ready.
   *
   * @param ready results that wait for the reader, this one included
   * @param held those and the tasks under way
   */
  void onReady(int ready, int held) {
    resultsWithoutWait++;
    if (resultsWithoutWait >= 4L * requests && 4L * ready > 3L * held) {
      resultsWithoutWait = 0;
      requests = Math.max(1, requests - Math.max(1, requests / 16));
    }
  }
}
