// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle has remembered, by number. Picklers count from 0 or 1, optimised pickles leave some
 * out: numbers not far beyond the count are indexes of an array, others keys of a map. So neither
 * grows with a number, only with how many there are.
 */
final class PickleMemo {

  private static final int FIRST_SIZE = 16;

  private final PickleLimits limits;
  private @Nullable Object[] dense = {};
  private @Nullable Map<Integer, Object> sparse;
  private int count;

  PickleMemo(PickleLimits limits) {
    this.limits = limits;
  }

  /** How many numbers are in use. */
  int count() {
    return count;
  }

  /**
   * Remembers a value, in the place of what had the number.
   *
   * @param number 2³¹ and more, which is negative here, is refused
   */
  void put(int number, Object value) throws PickleException {
    if (number < 0) {
      throw new PickleException(Integer.toUnsignedString(number) + " is too large a number");
    }
    boolean isNew;
    if (number < 2L * count + FIRST_SIZE) {
      if (number >= dense.length) {
        dense = Arrays.copyOf(dense, Math.max(FIRST_SIZE, number + 1 + number / 2));
      }
      isNew = dense[number] == null && (sparse == null || sparse.remove(number) == null);
      dense[number] = value;
    } else {
      if (sparse == null) {
        sparse = new HashMap<>();
      }
      isNew = sparse.put(number, value) == null;
    }
    if (isNew && count++ == limits.memo()) {
      throw new PickleException("more than " + limits.memo() + " values would be remembered");
    }
  }

  Object get(int number) throws PickleException {
    Object value = find(number);
    if (value == null) {
      throw new PickleException("nothing was remembered as " + Integer.toUnsignedString(number));
    }
    return value;
  }

  private @Nullable Object find(int number) {
    Object value = number >= 0 && number < dense.length ? dense[number] : null;
    return value == null && sparse != null ? sparse.get(number) : value;
  }

  /** Remembers another value as a number if it stands for a given one. */
  void replace(int number, Object old, Object value) throws PickleException {
    if (find(number) == old) {
      put(number, value);
    }
  }
}
