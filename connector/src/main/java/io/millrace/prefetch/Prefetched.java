// SPDX-License-Identifier: Apache-2.0
package io.millrace.prefetch;

import io.millrace.cache.ByteBudget;

/**
 * What a reader takes from a prefetcher.
 *
 * @param opened what the task opened
 * @param timing whether the reader waited
 * @param memory its reservation, which the reader closes after it closed {@code opened}
 * @param waitNanos how long the reader waited, 0 when it did not
 */
public record Prefetched<T>(
    T opened, Timing timing, ByteBudget.Reservation memory, long waitNanos) {

  /** When the work was done, seen from the reader. */
  public enum Timing {
    /** Finished before the reader came. */
    AHEAD,
    /** Begun before the reader came, which waited for the rest. */
    LATE,
    /** Not begun: done on the reader's own thread. */
    ON_DEMAND
  }
}
