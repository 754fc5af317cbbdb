// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a cache should do, written down as plainly as possible: sums are added up anew each time,
 * and victims are searched among all.
 */
final class CacheModel {

  private final long capacity;
  private final String policy;
  private final ToDoubleFunction<Extent> value;
  private final long ttl;

  /** Retained extents with the number of their last use, oldest first. */
  private final Map<Extent, Long> retained = new LinkedHashMap<>();

  private final List<Entry> pinned = new ArrayList<>();
  private final Map<Extent, Entry> pinnedAndResident = new HashMap<>();
  private final Set<Extent> wanted = new HashSet<>();

  /** When the bytes that are served of an extent came. */
  private final Map<Extent, Long> fetched = new HashMap<>();

  private long uses;
  long reserved;
  long lent;
  long fetches;
  long evictions;
  long rejections;
  long expirations;
  long now;

  /**
   * @param value how often an extent will be read, as the plans tell at the moment
   * @param ttl how long extents are served
   */
  CacheModel(long capacity, String policy, ToDoubleFunction<Extent> value, long ttl) {
    this.capacity = capacity;
    this.policy = policy;
    this.value = value;
    this.ttl = ttl;
  }

  /** Drops what is too old, at once. */
  void expire() {
    for (Extent extent : List.copyOf(fetched.keySet())) {
      if (isResident(extent) && now - fetched.get(extent) >= ttl) {
        discard(extent);
        expirations++;
      }
    }
  }

  /** A retained extent, always the same while nothing changes. */
  @Nullable Extent anyRetained() {
    return retained.isEmpty() ? null : retained.keySet().iterator().next();
  }

  /** One extent in memory, with how many hold it. */
  static final class Entry {
    final Extent extent;
    int pins = 1;
    boolean discarded;

    Entry(Extent extent) {
      this.extent = extent;
    }
  }

  Entry acquire(Extent extent, boolean retain) {
    Entry entry = pinnedAndResident.get(extent);
    if (entry != null) {
      entry.pins++;
    } else {
      entry = new Entry(extent);
      pinned.add(entry);
      pinnedAndResident.put(extent, entry);
      if (retained.remove(extent) == null) {
        fetches++;
        fetched.put(extent, now);
        wanted.remove(extent);
        makeRoom();
      }
    }
    if (retain) {
      wanted.add(extent);
    }
    return entry;
  }

  void release(Entry entry) {
    if (--entry.pins > 0) {
      return;
    }
    pinned.remove(entry);
    if (entry.discarded) {
      return;
    }
    Extent extent = entry.extent;
    pinnedAndResident.remove(extent);
    if (!wanted.contains(extent) || policy.equals("none")) {
      return;
    }
    long charge = ChunkPool.chargeOf(extent.length());
    while (charge <= bound() && retainedBytes() + charge > bound()) {
      Extent victim = victim();
      if (victim == null || (policy.equals("plan") && goesBefore(extent, uses + 1, victim))) {
        break;
      }
      retained.remove(victim);
      evictions++;
    }
    if (retainedBytes() + charge <= bound()) {
      retained.put(extent, ++uses);
    } else {
      rejections++;
    }
  }

  void discard(Extent extent) {
    retained.remove(extent);
    Entry entry = pinnedAndResident.remove(extent);
    if (entry != null) {
      entry.discarded = true;
    }
  }

  void clear() {
    retained.clear();
  }

  void reserve(long bytes) {
    reserved += bytes;
    makeRoom();
  }

  void lend(long length) {
    lent += ChunkPool.chargeOf(length);
    makeRoom();
  }

  boolean isResident(Extent extent) {
    return retained.containsKey(extent) || pinnedAndResident.containsKey(extent);
  }

  long retainedExtents() {
    return retained.size();
  }

  long retainedBytes() {
    return retained.keySet().stream().mapToLong(e -> ChunkPool.chargeOf(e.length())).sum();
  }

  long usedBytes() {
    return lent + pinned.stream().mapToLong(e -> ChunkPool.chargeOf(e.extent.length())).sum();
  }

  private long bound() {
    return Math.max(0, capacity - Math.max(reserved, usedBytes()));
  }

  private void makeRoom() {
    while (retainedBytes() > bound()) {
      retained.remove(victim());
      evictions++;
    }
  }

  private @Nullable Extent victim() {
    Extent victim = null;
    for (Extent extent : retained.keySet()) {
      if (victim == null
          || (policy.equals("plan") && goesBefore(extent, retained.get(extent), victim))) {
        victim = extent;
      }
    }
    return victim;
  }

  private boolean goesBefore(Extent extent, long use, Extent other) {
    return new Candidate(extent, value.applyAsDouble(extent), use, 0)
        .goesBefore(new Candidate(other, value.applyAsDouble(other), retained.get(other), 0));
  }
}
