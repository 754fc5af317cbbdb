// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that is sent a second time if the first one is slow: the first good answer wins, the
 * other attempt is cancelled. Attempts run on workers, so that the caller can leave one that hangs.
 *
 * <p>A failure of the first attempt decides if the second was not sent, or if trying again is no
 * use; else the second one is awaited. That of the second never decides.
 *
 * @param <T> the answer
 */
final class HedgedCall<T> {

  private final StorageRequest request;
  private final RequestTimer timer;
  private final List<Attempt<T>> attempts = new ArrayList<>();

  /** Why nobody waits any more, if that is so; guarded by this. */
  private @Nullable IOException stopped;

  HedgedCall(StorageRequest request, RequestTimer timer) {
    this.request = request;
    this.timer = timer;
  }

  /**
   * Makes the request.
   *
   * @param first the first attempt
   * @param delay after which a second one is made
   * @param second makes it, or null if there may be none
   * @return the attempt that won
   * @throws RequestTimeoutException if the attempts outlast their own time-outs
   * @throws java.io.InterruptedIOException if the caller is interrupted; its flag stays set
   */
  Attempt<T> run(Attempt<T> first, Duration delay, Supplier<@Nullable Attempt<T>> second)
      throws IOException {
    long begin = System.nanoTime();
    Attempt<T> winner = null;
    try {
      start(first);
      if (!awaitEnd(first, begin + delay.toNanos())) {
        startIfAny(second.get());
      }
      winner = winner(first, begin + timer.hangLimit().toNanos());
      return winner;
    } catch (InterruptedException e) {
      throw Interrupts.asIoException(request, e);
    } finally {
      leaveAllBut(winner);
    }
  }

  private void start(Attempt<T> attempt) throws IOException {
    boolean started = false;
    try {
      timer.execute(request, () -> runAttempt(attempt));
      started = true;
    } finally {
      if (!started) {
        attempt.notBegun();
      }
    }
    synchronized (this) {
      attempts.add(attempt);
    }
  }

  private void startIfAny(@Nullable Attempt<T> second) {
    if (second != null) {
      try {
        start(second);
      } catch (IOException e) {
        // The store is being closed: the first attempt tells.
      }
    }
  }

  private void runAttempt(Attempt<T> attempt) {
    try {
      attempt.run();
    } finally {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Whether it ended before a moment. */
  private synchronized boolean awaitEnd(Attempt<T> attempt, long deadline)
      throws IOException, InterruptedException {
    while (!attempt.isOver()) {
      checkGoesOn();
      if (!waitUntil(deadline)) {
        return false;
      }
    }
    return true;
  }

  private synchronized Attempt<T> winner(Attempt<T> first, long deadline)
      throws IOException, InterruptedException {
    while (true) {
      // Before they are asked for answers: one may come between.
      boolean allOver = attempts.stream().allMatch(Attempt::isOver);
      for (Attempt<T> attempt : attempts) {
        if (attempt.succeeded()) {
          return attempt;
        }
      }
      checkGoesOn();
      Throwable failure = first.failure();
      if (failure != null && (allOver || isFinal(failure))) {
        attempts.stream()
            .map(Attempt::failure)
            .filter(other -> other != null && other != failure)
            .forEach(failure::addSuppressed);
        throw TimedCall.asIoException(failure);
      }
      if (!waitUntil(deadline)) {
        throw new RequestTimeoutException(request, timer.timeout());
      }
    }
  }

  private static boolean isFinal(Throwable failure) {
    return !(failure instanceof IOException e) || Retries.isPermanent(e);
  }

  private void checkGoesOn() throws IOException {
    if (stopped != null) {
      throw stopped;
    }
  }

  /** False if the moment has come. Called with this locked, in a loop. */
  @SuppressWarnings("WaitNotInLoop")
  private boolean waitUntil(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    wait(left / 1_000_000, (int) (left % 1_000_000));
    return true;
  }

  /** Makes the caller leave, with this; what is under way is cancelled then. */
  synchronized void stop(IOException reason) {
    stopped = reason;
    notifyAll();
  }

  private void leaveAllBut(@Nullable Attempt<T> winner) {
    List<Attempt<T>> all;
    synchronized (this) {
      all = List.copyOf(attempts);
    }
    for (Attempt<T> attempt : all) {
      if (attempt != winner) {
        attempt.leave(timer, request);
      }
    }
  }
}
