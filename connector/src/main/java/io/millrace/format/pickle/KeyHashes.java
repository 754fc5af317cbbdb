// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.Collection;

/**
 * Watches for keys that were made to have one hash. Java's maps sort such keys where all are of one
 * comparable class, but search them one by one where classes are mixed or not comparable, and a
 * file could so make them quadratic.
 *
 * <p>Counts hashes in as many counters as there may be keys. Equal ones share a counter, unequal
 * ones seldom do.
 */
final class KeyHashes {

  /** Fewer keys than this cost little however they are found. */
  static final int FIRST_WATCHED = 32;

  private static final int MOST_ALIKE = 32;

  private byte[] counts = {};

  /**
   * Counts a key.
   *
   * @param all all keys, with this one
   */
  void added(Object key, Collection<Object> all) throws PickleException {
    if (all.size() <= counts.length) {
      count(key);
      return;
    }
    // a power of two, as the counters' number stays
    counts = new byte[Math.max(2 * FIRST_WATCHED, 2 * counts.length)];
    for (Object each : all) {
      count(each);
    }
  }

  private void count(Object key) throws PickleException {
    if (++counts[mixed(key.hashCode()) & (counts.length - 1)] > MOST_ALIKE) {
      throw new PickleException(
          "more than " + MOST_ALIKE + " keys have the hash of " + PyValues.describe(key));
    }
  }

  /** The last step of MurmurHash3: different hashes stay different. */
  private static int mixed(int hash) {
    int h = hash;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
