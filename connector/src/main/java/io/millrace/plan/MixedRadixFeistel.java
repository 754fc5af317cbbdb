// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * A keyed bijection of [0, left · right): a number is written as {@code l · right + r}, and rounds
 * add a keyed hash of one half to the other, alternating, each modulo its radix. A round is undone
 * by subtracting the same hash, which makes the whole a bijection whatever the hash is. The
 * construction is the generalised Feistel cipher of Black and Rogaway ("Ciphers with arbitrary
 * finite domains", CT-RSA 2002, method 3). Radices that need not be equal nor powers of two keep
 * the domain within one row of any size wanted.
 *
 * <p>For statistical quality, not for secrecy. Two rounds visibly fail (the tests show it); sixteen
 * are enough for all but the smallest rectangles, see {@link Permutation}.
 *
 * <p>Immutable; calls allocate nothing. Arguments are not checked: callers do.
 */
final class MixedRadixFeistel {
  static final int ROUNDS = 16;

  /** Radices up to this keep every sum and product here within a signed long. */
  static final long MAX_RADIX = 1L << 32;

  private final long left;
  private final long right;
  private final long[] keys;

  MixedRadixFeistel(long key, long left, long right) {
    this(key, left, right, ROUNDS);
  }

  /** With another, even number of rounds; none at all is the identity. */
  MixedRadixFeistel(long key, long left, long right, int rounds) {
    if (left < 1 || left > MAX_RADIX || right < 1 || right > MAX_RADIX) {
      throw new IllegalArgumentException(
          "Cannot permute " + left + " x " + right + " values: a radix must be in [1, 2^32]");
    }
    // The largest value must not overflow; the product itself may, once: 2^63.
    if (left * right - 1 < 0) {
      throw new IllegalArgumentException(
          "Cannot permute " + left + " x " + right + " values: more than 2^63");
    }
    if (rounds < 0 || rounds % 2 != 0) {
      throw new IllegalArgumentException("Cannot permute in " + rounds + " rounds: must be even");
    }
    this.left = left;
    this.right = right;
    this.keys = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      keys[i] = Keys.derive(key, i);
    }
  }

  long apply(long x) {
    long l = x / right;
    long r = x - l * right;
    for (int i = 0; i + 1 < keys.length; i += 2) {
      l = addModulo(l, hash(keys[i], r, left), left);
      r = addModulo(r, hash(keys[i + 1], l, right), right);
    }
    return l * right + r;
  }

  long invert(long y) {
    long l = y / right;
    long r = y - l * right;
    for (int i = keys.length - 2; i >= 0; i -= 2) {
      r = subtractModulo(r, hash(keys[i + 1], l, right), right);
      l = subtractModulo(l, hash(keys[i], r, left), left);
    }
    return l * right + r;
  }

  /**
   * A hash of {@code half} in [0, radix), reduced by multiply-high (Lemire 2019) instead of a slow
   * division.
   */
  private static long hash(long key, long half, long radix) {
    // multiplyHigh is signed: one bit of the hash is given up, and the radix doubled for it.
    return Math.multiplyHigh(Keys.mix(key ^ half) >>> 1, radix << 1);
  }

  // Without a branch: one would be mispredicted half the time.
  private static long addModulo(long a, long b, long radix) {
    long sum = a + b - radix;
    return sum + (radix & (sum >> 63));
  }

  private static long subtractModulo(long a, long b, long radix) {
    long difference = a - b;
    return difference + (radix & (difference >> 63));
  }
}
