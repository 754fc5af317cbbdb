// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.List;

/**
 * A tuple. Comparing two walks all that is in them, which may be very deep, and is only done to
 * those that may be keys.
 *
 * @param items its elements; never changed
 */
public record PyTuple(List<Object> items) {

  public static final PyTuple EMPTY = new PyTuple(List.of());

  public int size() {
    return items.size();
  }

  public Object get(int index) {
    return items.get(index);
  }

  /** A list's own hash is the same for many pairs of small numbers, as keys often are. */
  @Override
  public int hashCode() {
    int hash = items.size();
    for (Object item : items) {
      hash = Integer.rotateLeft((hash ^ item.hashCode()) * 0x9e3779b1, 13);
    }
    return hash;
  }

  /** Does not show the elements, for the same reason. */
  @Override
  public String toString() {
    return PyValues.describe(this);
  }
}
