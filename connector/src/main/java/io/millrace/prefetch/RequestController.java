// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

/**
 * Decides how many requests may be in flight: few enough not to burden the origin, enough that the
 * reader never waits. It begins with {@value #FIRST} and doubles when the reader waited for a
 * request, at most once in half of a request's usual duration, since what a raise brings shows only
 * after that. After 4r extents without a wait it takes 1/16 of r off, at least 1, as long as more
 * than ¾ of what is held is ready and it is not the number of requests that keeps more from being
 * held: else the present number is what keeps the reader from waiting.
 *
 * <p>It also decides how far ahead is far enough: {@value #AHEAD_PER_REQUEST} tasks for each
 * request, or what the reader takes in {@value #AHEAD_LATENCIES} times the usual duration of a
 * task, whichever is more. That covers a task that takes so many times longer than usual. What goes
 * beyond would only take memory from what is kept for later, and time: bytes that wait for long
 * have left the processor's cache when they are decoded.
 *
 * <p>Pure: time comes in as an argument. Not thread-safe.
 */
final class RequestController {

  /** Where it begins. */
  static final int FIRST = 4;

  /** Requests that bring less than this on average are cheap, so that more are allowed. */
  static final long SMALL_BYTES = 256 << 10;

  static final int SMALL_FACTOR = 16;

  /** What a request costs of a turn, in parts of it, unless it brings next to nothing. */
  static final int FULL_COST = 16;

  static final int AHEAD_PER_REQUEST = 4;
  static final int AHEAD_LATENCIES = 16;

  /** However fast the origin is. */
  private static final long MIN_LOOK_NANOS = 1_000_000;

  private final int ceiling;
  private final Average requestNanos = new Average();
  private final Average requestBytes = new Average();
  private final Average taskNanos = new Average();
  private final Average takeNanos = new Average();

  private int requests;
  private long extentsWithoutWait;
  private boolean raised;
  private long raisedAtNanos;

  /**
   * @param ceiling the most that it ever allows of requests that are not small, at least 1
   */
  RequestController(int ceiling) {
    this.ceiling = ceiling;
    this.requests = Math.min(FIRST, ceiling);
  }

  /** How many requests may be in flight. */
  int requests() {
    return requests;
  }

  /**
   * What a request for so many bytes costs: a {@value #FULL_COST}th of a turn if it brings less
   * than that part of what requests bring on average, such as a table of where a shard's samples
   * lie, or else a turn.
   */
  int cost(long bytes) {
    return FULL_COST * bytes < requestBytes.value() ? 1 : FULL_COST;
  }

  /** How long a request takes; -1 before the first. */
  long latencyNanos() {
    return requestNanos.value();
  }

  /** After how long a reader that still waits is to say so again: half a latency. */
  long lookNanos() {
    return Math.max(MIN_LOOK_NANOS, requestNanos.value() / 2);
  }

  /** How many tasks may be begun and not taken. */
  long lookAhead() {
    long needed =
        taskNanos.value() < 0 || takeNanos.value() < 0
            ? 0
            : AHEAD_LATENCIES * taskNanos.value() / Math.max(1, takeNanos.value()) + 1;
    return Math.max((long) AHEAD_PER_REQUEST * requests, needed);
  }

  private int ceiling() {
    long bytes = requestBytes.value();
    return bytes >= 0 && bytes < SMALL_BYTES
        ? (int) Math.min((long) SMALL_FACTOR * ceiling, Integer.MAX_VALUE)
        : ceiling;
  }

  /** A request for so many bytes ended after this time, well or not. */
  void onRequestEnded(long nanos, long bytes) {
    requestNanos.add(nanos);
    requestBytes.add(bytes);
    requests = Math.min(requests, ceiling());
  }

  /** A task ended after this time, its requests and the waits for them included. */
  void onOpened(long nanos) {
    taskNanos.add(nanos);
  }

  /** The reader came for the next result, after it had used the one before for this time. */
  void onUsed(long nanos) {
    takeNanos.add(nanos);
  }

  /** The reader waits for a request, or has waited for one. */
  void onWaited(long nowNanos) {
    extentsWithoutWait = 0;
    long latency = requestNanos.value();
    if (!raised || (latency >= 0 && nowNanos - raisedAtNanos >= latency / 2)) {
      raised = true;
      raisedAtNanos = nowNanos;
      requests = (int) Math.min(2L * requests, ceiling());
    }
  }

  /**
   * The reader got a result that was ready.
   *
   * @param extents how many requests brought it; 0 if it cost the origin nothing
   * @param ready bytes that wait for the reader, these included
   * @param held those, and those of tasks under way
   * @param enough whether no more would be held if more requests were allowed
   */
  void onReady(int extents, long ready, long held, boolean enough) {
    extentsWithoutWait += extents;
    if (enough && extentsWithoutWait >= 4L * requests && 4 * ready > 3 * held) {
      extentsWithoutWait = 0;
      requests = Math.max(1, requests - Math.max(1, requests / 16));
    }
  }

  /** A moving average with weight ⅛ for the newest; -1 before the first. */
  private static final class Average {

    private long value = -1;

    long value() {
      return value;
    }

    void add(long newest) {
      value = value < 0 ? newest : value + (newest - value) / 8;
    }
  }
}
