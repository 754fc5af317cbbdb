// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget;
import java.io.IOException;

/**
 * One thing that a reader will need: it is opened ahead of time, on a background thread.
 *
 * @param <T> what the reader gets
 */
public interface PrefetchTask<T> {

  /** Working memory that opening it takes, in bytes, as far as is known beforehand. */
  long bytes();

  /**
   * Fetches and prepares; blocks; an interrupt ends it. Called at most once, on a background thread
   * or, when the reader gets there first, on the reader's.
   *
   * @param memory what was reserved for it; grows if it needs more. It stays reserved until the
   *     reader closes what it took.
   * @param requests by which it asks the origin, and for nothing that costs the origin nothing
   */
  T open(ByteBudget.Reservation memory, OriginRequests requests)
      throws IOException, InterruptedException;

  /** Whether {@link #prepare} has something to do. Asked under a lock: must not block. */
  default boolean prepares() {
    return false;
  }

  /**
   * Fetches the little that {@link #open} has to know before it can ask for the rest, while there
   * is no memory for that yet, or others come first: so that memory that is reserved does not wait
   * for two requests in a row. Blocks; an interrupt ends it. Called at most once, on a background
   * thread; {@link #open} may be called meanwhile.
   *
   * @throws IOException if it could not be fetched: {@link #open} tries it itself
   */
  default void prepare(OriginRequests requests) throws IOException, InterruptedException {}

  /**
   * Gives back what was prepared, if {@link #open} does not come any more; harmless after it, and
   * while {@link #prepare} goes on. Does not block.
   */
  default void abandon() {}

  /** Closes what {@link #open} returned and nobody took. */
  void discard(T opened);
}
