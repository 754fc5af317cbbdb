// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** Removes what was used longest ago, and always lets the newcomer in. */
final class LruPolicy implements CachePolicy {

  static final String NAME = "lru";

  private final LinkedHashSet<Extent> oldestFirst = new LinkedHashSet<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void onUnpinned(Extent extent) {
    oldestFirst.remove(extent);
    oldestFirst.add(extent);
  }

  @Override
  public void onPinnedOrRemoved(Extent extent) {
    oldestFirst.remove(extent);
  }

  @Override
  public @Nullable Extent victim(@Nullable Extent newcomer) {
    Iterator<Extent> oldest = oldestFirst.iterator();
    return oldest.hasNext() ? oldest.next() : null;
  }
}
