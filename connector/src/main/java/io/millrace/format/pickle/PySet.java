// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set or a frozen set, in the order of its pickle. Compared by identity. What may be in it, and
 * what is the same, is as for the keys of {@link PyDict}.
 */
public final class PySet {

  private @Nullable LinkedHashSet<Object> items;
  private @Nullable KeyHashes hashes;

  /**
   * Adds what is not there yet.
   *
   * @throws PickleException if it cannot be in a set, or if its hash is that of too many others
   */
  public void add(Object item) throws PickleException {
    KeyCheck.check(item);
    if (items == null) {
      items = new LinkedHashSet<>();
    }
    boolean isNew = items.add(item);
    if (isNew && items.size() >= KeyHashes.FIRST_WATCHED) {
      if (hashes == null) {
        hashes = new KeyHashes();
      }
      hashes.added(item, items);
    }
  }

  /** What it contains now, in order; cannot be changed. */
  public Set<Object> items() {
    return items == null ? Set.of() : Collections.unmodifiableSet(items);
  }
}
