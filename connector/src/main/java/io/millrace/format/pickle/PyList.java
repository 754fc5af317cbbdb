// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.ArrayList;
import java.util.List;

/**
 * A list. Grows while its pickle is read, and may then contain itself. Compared by identity: the
 * elements of two lists are never walked.
 */
public final class PyList {

  private final ArrayList<Object> items = new ArrayList<>(0);

  public List<Object> items() {
    return items;
  }
}
