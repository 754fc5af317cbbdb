// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * A sample's place in an epoch as one number: rank of its unit · 2^32 + place in the unit's order.
 * Unique within the epoch, ascending in the epoch's order, never negative.
 */
public final class EpochPosition {
  /** Ranks are below this. */
  public static final long MAX_RANKS = 1L << 31;

  /** Places within a unit are below this. */
  public static final long MAX_PLACES = 1L << 32;

  private EpochPosition() {}

  /**
   * The position of the sample at {@code place} of the unit at {@code rank}.
   *
   * @throws IndexOutOfBoundsException if the rank is not in [0, 2^31) or the place not in [0, 2^32)
   */
  public static long of(long rank, long place) {
    if (rank < 0 || rank >= MAX_RANKS) {
      throw new IndexOutOfBoundsException(
          "Cannot make the epoch position of rank " + rank + ": outside [0, 2^31)");
    }
    if (place < 0 || place >= MAX_PLACES) {
      throw new IndexOutOfBoundsException(
          "Cannot make the epoch position of place "
              + place
              + " at rank "
              + rank
              + ": outside [0, 2^32)");
    }
    return rank * MAX_PLACES + place;
  }

  /**
   * The rank in a position.
   *
   * @throws IllegalArgumentException if the position is negative
   */
  public static long rank(long position) {
    return check(position) / MAX_PLACES;
  }

  /**
   * The place in a position.
   *
   * @throws IllegalArgumentException if the position is negative
   */
  public static long place(long position) {
    return check(position) % MAX_PLACES;
  }

  private static long check(long position) {
    if (position < 0) {
      throw new IllegalArgumentException(
          "Cannot read epoch position " + position + ": outside [0, 2^63)");
    }
    return position;
  }
}
