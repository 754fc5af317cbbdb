// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.OptionalInt;

/**
 * A map from 128-bit fingerprints, never both halves 0, to an int. One that is bounded takes no
 * further keys once it is full. Thread-safe.
 */
final class ChecksumTable {

  private static final int FIRST_CAPACITY = 16;
  private static final int BYTES_PER_PLACE = 2 * Long.BYTES + Integer.BYTES;

  /** Two for each place: high and low half. */
  private long[] keys = new long[2 * FIRST_CAPACITY];

  private int[] values = new int[FIRST_CAPACITY];
  private int size;

  private final long maxBytes;

  /**
   * @param maxBytes of the arrays; that of {@value #FIRST_CAPACITY} places at least
   */
  ChecksumTable(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized OptionalInt get(long high, long low) {
    int place = placeOf(high, low);
    return isFree(place) ? OptionalInt.empty() : OptionalInt.of(values[place]);
  }

  synchronized void put(long high, long low, int value) {
    int place = placeOf(high, low);
    if (isFree(place)) {
      if (4 * (size + 1) > 3 * values.length) {
        if (2 * bytes() > maxBytes) {
          return;
        }
        grow();
        place = placeOf(high, low);
      }
      size++;
    }
    set(place, high, low, value);
  }

  /** Moves what follows back, so that no search ends at the place that came free. */
  synchronized void remove(long high, long low) {
    int mask = values.length - 1;
    int hole = placeOf(high, low);
    if (isFree(hole)) {
      return;
    }
    size--;
    for (int i = (hole + 1) & mask; !isFree(i); i = (i + 1) & mask) {
      int home = (int) keys[2 * i + 1] & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        set(hole, keys[2 * i], keys[2 * i + 1], values[i]);
        hole = i;
      }
    }
    set(hole, 0, 0, 0);
  }

  synchronized long bytes() {
    return (long) values.length * BYTES_PER_PLACE;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new int[2 * oldValues.length];
    for (int i = 0; i < oldValues.length; i++) {
      long high = oldKeys[2 * i];
      long low = oldKeys[2 * i + 1];
      if ((high | low) != 0) {
        set(placeOf(high, low), high, low, oldValues[i]);
      }
    }
  }

  private void set(int place, long high, long low, int value) {
    keys[2 * place] = high;
    keys[2 * place + 1] = low;
    values[place] = value;
  }

  private boolean isFree(int place) {
    return (keys[2 * place] | keys[2 * place + 1]) == 0;
  }

  /** Where the key is, or the free place where it would go. */
  private int placeOf(long high, long low) {
    int mask = values.length - 1;
    int place = (int) low & mask;
    while (!isFree(place) && (keys[2 * place] != high || keys[2 * place + 1] != low)) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
