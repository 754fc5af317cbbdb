// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Objects;

/**
 * A keyed, invertible permutation of [0, size), computed and never stored: some 300 bytes whatever
 * the size.
 *
 * <p>A {@link MixedRadixFeistel} over a near-square rectangle of at least {@code size} cells,
 * restricted to {@code size} by cycle walking (Black and Rogaway, "Ciphers with arbitrary finite
 * domains", CT-RSA 2002, method 2): it is applied again until the result is in range. The rectangle
 * exceeds the size by less than two columns, so that a walk of a large one takes fewer than 1 +
 * 2/sqrt(size) steps on average.
 *
 * <p>Immutable and thread-safe; calls allocate nothing.
 */
final class Permutation {
  /** Keeps the rectangle within 2^63. */
  static final long MAX_SIZE = 1L << 62;

  /**
   * Smaller sizes get more rounds: a half of two or three values mixes slowly. Of 6 elements, 16
   * rounds leave the frequencies of the 720 orders 2 % apart; with 24 the difference is too small
   * to be measured.
   */
  private static final long SMALL = 64;

  private static final int SMALL_ROUNDS = 32;

  private final long size;
  private final MixedRadixFeistel feistel;

  Permutation(long key, long size) {
    this(key, size, size < SMALL ? SMALL_ROUNDS : MixedRadixFeistel.ROUNDS);
  }

  /**
   * With another, even number of rounds: a weaker permutation that tests must tell from a good one.
   */
  Permutation(long key, long size, int rounds) {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException("Cannot permute " + size + " values: outside [0, 2^62]");
    }
    this.size = size;
    long left = size == 0 ? 1 : squareRoot(size - 1) + 1;
    long right = size == 0 ? 1 : (size - 1) / left + 1;
    if (left % 2 != 0 && right % 2 != 0) {
      // A turn of an odd ring is an even permutation, and so are all rounds of two odd radices: of
      // 7 elements (3 x 3 cells, walked) four in five orders would then be even ones.
      right++;
    }
    this.feistel = new MixedRadixFeistel(key, left, right, rounds);
  }

  /** The permutation that leaves every value where it is. */
  static Permutation identity(long size) {
    return new Permutation(0, size, 0);
  }

  long size() {
    return size;
  }

  /**
   * The value at {@code place}.
   *
   * @throws IndexOutOfBoundsException if it is not in [0, size)
   */
  long apply(long place) {
    long value = feistel.apply(Objects.checkIndex(place, size));
    while (value >= size) {
      value = feistel.apply(value);
    }
    return value;
  }

  /**
   * The place of {@code value}: {@code invert(apply(x)) == x}.
   *
   * @throws IndexOutOfBoundsException if it is not in [0, size)
   */
  long invert(long value) {
    long place = feistel.invert(Objects.checkIndex(value, size));
    while (place >= size) {
      place = feistel.invert(place);
    }
    return place;
  }

  /** The largest integer whose square is at most {@code n}. */
  static long squareRoot(long n) {
    long root = (long) Math.sqrt((double) n);
    // A double has 53 bits: above 2^52 its root may be off by one either way.
    while (root * root > n) {
      root--;
    }
    while ((root + 1) * (root + 1) <= n) {
      root++;
    }
    return root;
  }
}
