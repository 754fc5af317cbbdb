// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dict of any kind, in the order of its pickle. Grows while its pickle is read, and its values
 * may then contain it. Compared by identity.
 *
 * <p>Keys are those that {@link PyKey} allows. What Python takes for one key is several here if the
 * types differ: {@code 1}, {@code 1.0} and {@code True}; {@code 0.0} and {@code -0.0} differ, too.
 */
public final class PyDict {

  private @Nullable LinkedHashMap<Object, Object> items;
  private @Nullable KeyHashes hashes;

  /**
   * Sets a key's value; a key that is there keeps its place.
   *
   * @throws PickleException if it cannot be a key, or if its hash is that of too many others
   */
  public void put(Object key, Object value) throws PickleException {
    KeyCheck.check(key);
    if (items == null) {
      items = new LinkedHashMap<>();
    }
    boolean isNew = items.put(key, value) == null;
    if (isNew && items.size() >= KeyHashes.FIRST_WATCHED) {
      if (hashes == null) {
        hashes = new KeyHashes();
      }
      hashes.added(key, items.keySet());
    }
  }

  /** What it contains now, in order; cannot be changed. */
  public Map<Object, Object> items() {
    return items == null ? Map.of() : Collections.unmodifiableMap(items);
  }
}
