// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which resident extents of a cache are too old to be served. All have the same time to live, so
 * they expire in the order in which they came, and only the oldest has to be looked at. Called
 * under the cache's lock.
 */
final class ExtentAges {

  private final long ttlNanos;
  private final LongSupplier nanoClock;

  /** Entries have no equality but their identity. */
  private final Set<CacheEntry> oldestFirst;

  /**
   * @param ttl {@link CacheSettings#NO_TTL} if nothing ever expires; then nothing is kept, either
   * @param nanoClock the time, as {@link System#nanoTime}
   */
  ExtentAges(Duration ttl, LongSupplier nanoClock) {
    this.ttlNanos = ttl.toNanos();
    this.nanoClock = nanoClock;
    this.oldestFirst = ttlNanos == 0 ? Collections.emptySet() : new LinkedHashSet<>();
  }

  /** An extent's bytes have come, for the first time or anew. */
  void fetched(CacheEntry entry) {
    if (ttlNanos != 0) {
      oldestFirst.remove(entry);
      entry.fetchedNanos = nanoClock.getAsLong();
      oldestFirst.add(entry);
    }
  }

  /** An extent has left the cache. */
  void removed(CacheEntry entry) {
    if (ttlNanos != 0) {
      oldestFirst.remove(entry);
    }
  }

  /** The oldest extent if it is too old, else null. */
  @Nullable CacheEntry oldestExpired() {
    Iterator<CacheEntry> oldest = oldestFirst.iterator();
    if (!oldest.hasNext()) {
      return null;
    }
    CacheEntry entry = oldest.next();
    return nanoClock.getAsLong() - entry.fetchedNanos >= ttlNanos ? entry : null;
  }

  void clear() {
    if (ttlNanos != 0) {
      oldestFirst.clear();
    }
  }
}
