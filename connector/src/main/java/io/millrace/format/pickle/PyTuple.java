// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.List;

/**
 * A tuple.
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
}
