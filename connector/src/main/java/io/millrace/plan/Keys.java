// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * Derives the keys of everything seeded, by SplitMix64 (Steele, Lea, Flood: "Fast splittable
 * pseudorandom number generators", OOPSLA 2014): a child key is the parent's SplitMix64 stream at
 * the child's number, so that children of one parent differ always, and of different parents in all
 * likelihood. Changing anything here changes {@link EpochOrder#ALGORITHM_VERSION}.
 */
final class Keys {
  /** 2^64 divided by the golden ratio: SplitMix64's increment. */
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private static final long UNITS = 1;
  private static final long SAMPLES = 2;
  private static final long SHUFFLE_KEY = 3;

  private Keys() {}

  static long ofUnits(long seed, int epoch) {
    return derive(ofEpoch(seed, epoch), UNITS);
  }

  static long ofSamples(long seed, int epoch, long unit) {
    return derive(derive(ofEpoch(seed, epoch), SAMPLES), unit);
  }

  static long ofShuffleKey(long seed, int epoch) {
    return derive(ofEpoch(seed, epoch), SHUFFLE_KEY);
  }

  private static long ofEpoch(long seed, int epoch) {
    if (epoch < 0) {
      throw new IllegalArgumentException("Cannot order epoch " + epoch + ": epochs count from 0");
    }
    return derive(seed, epoch);
  }

  /**
   * The child of {@code parent} with a non-negative number; the + 1 keeps parent 0 and child 0 from
   * giving key 0.
   */
  static long derive(long parent, long child) {
    return mix(mix(parent) + (child + 1) * GOLDEN_GAMMA);
  }

  /**
   * SplitMix64's finaliser: a bijection of 64 bits in which every input bit reaches every output
   * bit.
   */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
