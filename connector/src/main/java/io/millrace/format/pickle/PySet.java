// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.LinkedHashSet;
import java.util.Set;

/** A set or a frozen set, in the order of its pickle. Compared by identity. */
public final class PySet {

  private final LinkedHashSet<Object> items = new LinkedHashSet<>(0);

  public Set<Object> items() {
    return items;
  }
}
