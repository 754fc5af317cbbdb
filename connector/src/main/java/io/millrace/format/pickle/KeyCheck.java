// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.sample.Bytes;
import java.math.BigInteger;

/**
 * Refuses what cannot be a dict's key or in a set. A pickle can name a large value again and again
 * in a few bytes, and each time it would be hashed and compared: so a key's size is bounded.
 */
final class KeyCheck {

  /** Most elements of a tuple, those of tuples in it included. */
  private static final int MOST_ELEMENTS = 64;

  /** How deep tuples of tuples may be. */
  private static final int DEEPEST = 4;

  private static final int MOST_BYTES = 4096;

  /**
   * A string keeps its hash, and comparing it with another is fast: so many characters count as a
   * byte. Not in a tuple, whose hash differs where that of a string in it does not.
   */
  private static final int CHARACTERS = 16;

  private int elements;
  private long bytes;

  private KeyCheck() {}

  static void check(Object key) throws PickleException {
    if (key instanceof String text && text.length() <= MOST_BYTES) {
      return;
    }
    new KeyCheck().add(key, DEEPEST);
  }

  private void add(Object part, int depth) throws PickleException {
    if (part instanceof PyTuple tuple) {
      elements += tuple.size();
      if (depth == 0) {
        throw new PickleException("a key with " + PyValues.describe(part) + " is too deep");
      }
      for (int i = 0; i < tuple.size() && elements <= MOST_ELEMENTS; i++) {
        add(tuple.get(i), depth - 1);
      }
    } else if (part instanceof String text) {
      bytes += depth == DEEPEST ? text.length() / CHARACTERS : text.length();
    } else if (part instanceof Bytes some) {
      bytes += some.size();
    } else if (part instanceof BigInteger number) {
      bytes += number.bitLength() / Byte.SIZE;
    } else if (!isSmallKey(part)) {
      throw new PickleException(PyValues.describe(part) + " cannot be a key or in a set");
    }
    if (elements > MOST_ELEMENTS || bytes > MOST_BYTES) {
      throw new PickleException("a key with " + PyValues.describe(part) + " is too large");
    }
  }

  private static boolean isSmallKey(Object part) {
    return part instanceof Long
        || part instanceof Double
        || part instanceof Boolean
        || part instanceof PyNone
        || part instanceof PyKey;
  }
}
