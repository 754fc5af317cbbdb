// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dict of any kind, in the order of its pickle. Grows while its pickle is read, and its values
 * may then contain it. Compared by identity.
 */
public final class PyDict {

  private final LinkedHashMap<Object, Object> items = new LinkedHashMap<>(0);

  public Map<Object, Object> items() {
    return items;
  }
}
