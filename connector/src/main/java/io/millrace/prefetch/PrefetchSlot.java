// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.prefetch.Prefetched.Timing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task in its place in the order; all of it is guarded by the prefetcher's lock. */
final class PrefetchSlot<T> {

  private static final Logger LOG = LoggerFactory.getLogger(PrefetchSlot.class);

  enum State {
    /** Not begun. */
    PENDING,
    /** Its memory is reserved; a worker has it or will take it at once. */
    STARTED,
    /** Its result waits for the reader. */
    OPENED,
    /** Its error waits for the reader; its memory was given back. */
    FAILED
  }

  final PrefetchTask<T> task;
  final long bytes;

  /** Its number among all tasks. */
  final long place;

  State state = State.PENDING;
  @Nullable Reservation memory;
  @Nullable T opened;
  @Nullable Throwable failure;

  /** Whether the reader came before the task had ended. */
  boolean awaited;

  /** How long the reader has waited for it, over all calls. */
  long waitNanos;

  /** Whether the reader waited while a request was on its way. */
  boolean awaitedOrigin;

  /** Whether the reader opens it itself. */
  boolean onDemand;

  /** Requests for bytes that it has made. */
  int extents;

  /** Its requests that are in flight or wait for their turn. */
  int asking;

  /** Whether it is among the tasks of workers that are asking. */
  boolean countedAsking;

  PrefetchSlot(PrefetchTask<T> task, long bytes, long place) {
    this.task = task;
    this.bytes = bytes;
    this.place = place;
  }

  Prefetcher.Head head() {
    return switch (state) {
      case PENDING -> Prefetcher.Head.WAITING;
      case STARTED -> Prefetcher.Head.OPENING;
      case OPENED, FAILED -> Prefetcher.Head.READY;
    };
  }

  boolean isReady() {
    return state == State.OPENED || state == State.FAILED;
  }

  /**
   * What the reader takes; unchecked failures as they are.
   *
   * @throws IOException the task's own failure
   * @throws InterruptedIOException if the task was interrupted: the reader was not
   */
  Prefetched<T> result() throws IOException {
    throwFailure();
    return new Prefetched<>(
        opened(), awaited ? Timing.LATE : Timing.AHEAD, Objects.requireNonNull(memory), waitNanos);
  }

  @SuppressWarnings("NullAway") // null only if the task's own open returned null
  private T opened() {
    return opened;
  }

  /** Gives its memory back, and what was prepared if the opening did not come to it. */
  void openingFailed() {
    Objects.requireNonNull(memory).close();
    task.abandon();
  }

  /** Undoes a task that no worker has, and nobody will take. */
  void giveBack() {
    switch (state) {
      case OPENED -> discard(opened);
      case STARTED -> Objects.requireNonNull(memory).close();
      case PENDING, FAILED -> {}
    }
    task.abandon();
  }

  /** Closes what nobody takes, and gives its memory back. */
  @SuppressWarnings("NullAway") // null only if the task's own open returned null
  void discard(@Nullable T unwanted) {
    try {
      task.discard(unwanted);
    } catch (RuntimeException e) {
      LOG.warn("Cannot discard what was prefetched and not taken", e);
    } finally {
      Objects.requireNonNull(memory).close();
    }
  }

  private void throwFailure() throws IOException {
    if (failure == null) {
      return;
    }
    task.abandon(); // it may have failed before it was opened
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof IOException checked) {
      throw checked;
    }
    if (failure instanceof InterruptedException) {
      InterruptedIOException interrupted =
          new InterruptedIOException("Cannot prefetch: the task was interrupted");
      interrupted.initCause(failure);
      throw interrupted;
    }
    throw new IOException("Cannot prefetch: " + failure, failure);
  }
}
