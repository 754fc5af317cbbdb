// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.Optional;

/**
 * A bound on bytes, shared by several users. Thread-safe, never blocks: who gets nothing now is
 * told when something was given back and tries again.
 */
public interface ByteBudget {

  long capacity();

  /** Bytes taken; more than {@link #capacity} after {@link #reserveNow} had to go beyond it. */
  long reserved();

  /** Takes bytes if they fit. */
  Optional<Reservation> tryReserve(long bytes);

  /**
   * Takes bytes whether they fit or not: for what a reader needs now, so that nobody waits for
   * another's pins.
   */
  Reservation reserveNow(long bytes);

  /**
   * Runs an action whenever bytes were given back, on the thread that gave them back and outside of
   * all locks of the budget; until closed. The action must be quick and must not throw.
   */
  Subscription onRelease(Runnable action);

  /** Bytes that are taken until it is closed; closing twice is harmless. */
  interface Reservation extends AutoCloseable {

    long bytes();

    /** Takes more, whether it fits or not; what was declared turned out to be too little. */
    void growNow(long bytes);

    @Override
    void close();
  }

  /** Ends the notifications when it is closed; closing twice is harmless. */
  interface Subscription extends AutoCloseable {

    @Override
    void close();
  }
}
