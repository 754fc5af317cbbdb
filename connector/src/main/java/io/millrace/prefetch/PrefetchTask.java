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

  /** Closes what {@link #open} returned and nobody took. */
  void discard(T opened);
}
