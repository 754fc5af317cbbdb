// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyDict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Finds the tensors in a file's value, which must not contain itself. */
final class StoredTensors {

  private StoredTensors() {}

  static List<TensorValue> of(Object value) {
    List<TensorValue> tensors = new ArrayList<>();
    add(value, tensors);
    return tensors;
  }

  private static void add(Object value, List<TensorValue> tensors) {
    Collection<Object> elements =
        value instanceof PyDict dict ? dict.items().values() : ValueTypes.elementsOf(value);
    if (elements != null) {
      elements.forEach(element -> add(element, tensors));
    } else if (value instanceof TensorValue tensor) {
      tensors.add(tensor);
    }
  }
}
