// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list. Grows while its pickle is read, and may then contain itself. Compared by identity: the
 * elements of two lists are never walked.
 */
public final class PyList {

  // An empty list takes a byte of a pickle, so it should take little here.
  private @Nullable ArrayList<Object> items;

  public void add(Object item) {
    if (items == null) {
      items = new ArrayList<>();
    }
    items.add(item);
  }

  /** What it contains now; cannot be changed. */
  public List<Object> items() {
    return items == null ? List.of() : Collections.unmodifiableList(items);
  }
}
