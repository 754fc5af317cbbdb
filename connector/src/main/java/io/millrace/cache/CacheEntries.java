// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The extents that a {@link MemoryExtentCache} knows of: by name, by age and by version, and those
 * whose bytes are on their way. Called under the cache's lock.
 */
final class CacheEntries {

  private final Map<Extent, CacheEntry> entries = new HashMap<>();
  private final CurrentVersions versions = new CurrentVersions();

  /** Some of them were discarded meanwhile. */
  private final Set<CacheEntry> onTheirWay = Collections.newSetFromMap(new IdentityHashMap<>());

  private final ExtentAges<CacheEntry> ages;

  CacheEntries(ExtentAges<CacheEntry> ages) {
    this.ages = ages;
  }

  @Nullable CacheEntry get(Extent extent) {
    return entries.get(extent);
  }

  void add(CacheEntry entry) {
    entries.put(entry.extent, entry);
    versions.added(entry.extent);
    onTheirWay.add(entry);
  }

  /** An extent's bytes are to come back. */
  void comesBack(CacheEntry entry) {
    onTheirWay.add(entry);
  }

  /**
   * An extent's bytes have come.
   *
   * @param fetched whether they did from a fetcher, so that they are new here
   */
  void arrived(CacheEntry entry, boolean fetched) {
    onTheirWay.remove(entry);
    if (fetched && !entry.discarded) {
      forgetAge(entry);
      entry.age = ages.add(entry, entry.fetchedNanos);
    }
  }

  /** No effect on another entry of the same name. */
  void remove(CacheEntry entry) {
    if (entries.remove(entry.extent, entry)) {
      versions.removed(entry.extent);
    }
    forgetAge(entry);
  }

  private void forgetAge(CacheEntry entry) {
    if (entry.age != null) {
      ages.remove(entry.age);
      entry.age = null;
    }
  }

  /** An extent's bytes will not come. */
  void removeFailed(CacheEntry entry) {
    onTheirWay.remove(entry);
    remove(entry);
  }

  /** The oldest extent if it is too old, else null. */
  @Nullable CacheEntry oldestExpired() {
    return ages.oldestExpired();
  }

  boolean isCurrent(Extent extent) {
    return versions.isCurrent(extent);
  }

  /** What is out of date once an extent is there: its object's extents of other content. */
  List<Extent> replacedBy(Extent newcomer) {
    if (versions.isCurrent(newcomer)) {
      return List.of();
    }
    List<Extent> old = new ArrayList<>();
    for (Extent extent : entries.keySet()) {
      if (extent.object().equals(newcomer.object())
          && !extent.version().agreesWith(newcomer.version())) {
        old.add(extent);
      }
    }
    return old;
  }

  /** Forgets all, and ends what is on its way. */
  void close() {
    onTheirWay.forEach(CacheEntry::endForClose);
    onTheirWay.clear();
    entries.clear();
    versions.clear();
    ages.clear();
  }
}
