// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One of the attempts of a {@link HedgedCall}: made by a worker, awaited or abandoned by the
 * caller. Thread-safe.
 *
 * @param <T> the answer
 */
final class Attempt<T> implements Runnable {

  /** What an attempt does, beside the call itself. */
  interface Work<T> extends StorageCall<T> {

    /** Makes a call that is under way end soon, on a worker; an interrupt comes besides. */
    void cancel();

    /** Takes an answer that nobody wants any more. */
    void late(T answer);

    /** Called once, after everything else. */
    default void ended() {}
  }

  private final Work<T> work;
  private final AtomicInteger abandonedCalls;
  private final long begin = System.nanoTime();

  /** All of these are guarded by this. */
  private @Nullable Thread worker;

  private @Nullable T answer;
  private @Nullable Throwable failure;
  private boolean over;
  private boolean abandoned;
  private long nanos;

  /**
   * @param abandonedCalls counts calls that nobody waits for and that have not come back
   */
  Attempt(Work<T> work, AtomicInteger abandonedCalls) {
    this.work = work;
    this.abandonedCalls = abandonedCalls;
  }

  @Override
  public void run() {
    boolean wasAbandoned = true;
    try {
      if (enter()) {
        T value = work.run();
        wasAbandoned = !deliver(value);
        if (wasAbandoned) {
          work.late(value);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      wasAbandoned = !fail(e);
    } finally {
      free();
      if (wasAbandoned) {
        abandonedCalls.decrementAndGet();
      }
      work.ended();
    }
  }

  private synchronized boolean enter() {
    worker = Thread.currentThread();
    return !abandoned;
  }

  private synchronized boolean deliver(T value) {
    if (abandoned) {
      return false;
    }
    answer = value;
    nanos = System.nanoTime() - begin;
    over = true;
    return true;
  }

  /** Notes a failure; false if nobody wants to know. */
  private synchronized boolean fail(Throwable e) {
    if (abandoned) {
      return false;
    }
    failure = e;
    over = true;
    return true;
  }

  private synchronized void free() {
    worker = null;
    boolean unused = Thread.interrupted(); // it was for this attempt, not for the worker's next one
  }

  /** It could not be begun, so that it is not used any further. */
  void notBegun() {
    work.ended();
  }

  synchronized boolean isOver() {
    return over;
  }

  synchronized boolean succeeded() {
    return over && failure == null;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  /** The answer of one that succeeded. */
  @SuppressWarnings("NullAway") // null only if the call's own answer was
  synchronized T answer() {
    return answer;
  }

  /** How long one that succeeded took. */
  synchronized long nanos() {
    return nanos;
  }

  /**
   * Ends it without taking its answer, and without waiting for its end.
   *
   * @param request for messages
   */
  void leave(RequestTimer timer, StorageRequest request) {
    if (!abandon()) {
      if (succeeded()) {
        work.late(answer());
      }
      return;
    }
    try {
      timer.execute(request, work::cancel);
    } catch (IOException e) {
      // The store is being closed, which interrupts all workers.
    }
    synchronized (this) {
      if (worker != null) {
        worker.interrupt();
      }
    }
  }

  /** Whether it was still under way. */
  private synchronized boolean abandon() {
    if (over || abandoned) {
      return false;
    }
    abandoned = true;
    abandonedCalls.incrementAndGet();
    return true;
  }
}
