// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget.Reservation;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** A task in its place in the order; all of it is guarded by the prefetcher's lock. */
final class PrefetchSlot<T> {

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
  State state = State.PENDING;
  @Nullable Reservation memory;
  @Nullable T opened;
  @Nullable Throwable failure;

  /** Whether the reader came before the task had ended. */
  boolean awaited;

  /** How long the reader has waited for it, over all calls. */
  long waitNanos;

  PrefetchSlot(PrefetchTask<T> task, long bytes) {
    this.task = task;
    this.bytes = bytes;
  }

  boolean isReady() {
    return state == State.OPENED || state == State.FAILED;
  }

  /**
   * Throws what the task failed with, if it did; unchecked ones as they are.
   *
   * @throws InterruptedIOException if the task was interrupted: the reader was not
   */
  void throwFailure() throws IOException {
    if (failure == null) {
      return;
    }
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
