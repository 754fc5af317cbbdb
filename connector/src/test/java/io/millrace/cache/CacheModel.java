// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent.Touch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

  /** Lengths of the arrays of an extent's compressed form; empty where it does not pay. */
  private final Function<Extent, List<Integer>> forms;

  /** Retained extents with the number of their last use, oldest first. */
  private final Map<Extent, Long> retained = new LinkedHashMap<>();

  /** Those of them that are retained in compressed form. */
  private final Set<Extent> compressed = new HashSet<>();

  /** What its form is being read of, and what counts as used if that is removed meanwhile. */
  private @Nullable Extent inflating;

  private long forming;

  private final List<Entry> pinned = new ArrayList<>();
  private final Map<Extent, Entry> pinnedAndResident = new HashMap<>();
  private final Set<Extent> wanted = new HashSet<>();

  /** Those who asked for an extent since it was fetched, the newest last. */
  private final Map<Extent, List<Object>> purposes = new HashMap<>();

  /** When the bytes that are served of an extent came. */
  private final Map<Extent, Long> fetched = new HashMap<>();

  private long uses;
  long reserved;
  long lent;
  long fetches;
  long evictions;
  long rejections;
  long expirations;
  long compressions;
  long now;

  /** How long before their next fetch bytes left their origin. */
  long age;

  /** Whether what is to stay is compressed at the moment. */
  boolean compresses = true;

  /** What the last {@link #acquire} was. */
  Touch touch = Touch.FETCHED;

  /**
   * @param value how often an extent will be read, as the plans tell at the moment
   * @param forms lengths of the arrays of an extent's compressed form; empty where it does not pay
   * @param ttl how long extents are served
   */
  CacheModel(
      long capacity,
      String policy,
      ToDoubleFunction<Extent> value,
      Function<Extent, List<Integer>> forms,
      long ttl) {
    this.forms = forms;
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

  Entry acquire(Extent extent, Access access) {
    touch = isResident(extent) ? asked(extent, access.purpose()) : Touch.FETCHED;
    if (touch == Touch.FETCHED) {
      purposes.put(extent, new ArrayList<>(List.of(access.purpose())));
    }
    Entry entry = pinnedAndResident.get(extent);
    if (entry != null) {
      entry.pins++;
    } else {
      entry = new Entry(extent);
      pinned.add(entry);
      pinnedAndResident.put(extent, entry);
      if (compressed.contains(extent)) {
        inflating = extent;
        makeRoom();
        inflating = null;
        forming = 0;
      } else if (retained.remove(extent) == null) {
        fetches++;
        fetched.put(extent, now - age);
        wanted.remove(extent);
        makeRoom();
      }
    }
    if (access.retain()) {
      wanted.add(extent);
    }
    if (compresses
        && wanted.contains(extent)
        && !compressed.contains(extent)
        && !policy.equals("none")) {
      compress(extent);
    }
    return entry;
  }

  private Touch asked(Extent extent, Object purpose) {
    List<Object> known = purposes.get(extent);
    if (known.contains(purpose)) {
      return Touch.AGAIN;
    }
    known.add(purpose);
    if (known.size() > 8) {
      known.remove(0);
    }
    return Touch.RESIDENT;
  }

  /** A fetch that fails: room was made for it all the same. */
  void fail(Extent extent) {
    Entry entry = new Entry(extent);
    pinned.add(entry);
    makeRoom();
    pinned.remove(entry);
    wanted.remove(extent);
  }

  private void compress(Extent extent) {
    List<Integer> arrays = forms.apply(extent);
    long raw = ChunkPool.chargeOf(extent.length());
    long allRaw = compressed.stream().mapToLong(e -> ChunkPool.chargeOf(e.length())).sum();
    long all = compressed.stream().mapToLong(this::chargeOfForm).sum();
    long room = bound() - (allRaw == 0 ? raw : (long) ((double) raw * all / allRaw));
    if (arrays.isEmpty() || room < 0 || (retainedBytes() > room && !givesWay(extent))) {
      return;
    }
    for (int length : arrays) {
      forming += ChunkPool.heapBytes(length);
      makeRoom();
    }
    forming = 0;
    compressions++;
    if (findRoom(extent, chargeOfForm(extent))) {
      compressed.add(extent);
      retained.put(extent, ++uses);
    }
  }

  /** Whether something may be removed for an extent. */
  private boolean givesWay(Extent extent) {
    Extent victim = victim();
    return victim != null && !(policy.equals("plan") && goesBefore(extent, uses + 1, victim));
  }

  private long chargeOfForm(Extent extent) {
    return ChunkPool.chargeOf(forms.apply(extent).stream().mapToLong(length -> length).sum());
  }

  private void remove(Extent extent) {
    retained.remove(extent);
    if (compressed.remove(extent) && extent.equals(inflating)) {
      forming += chargeOfForm(extent);
    }
  }

  private boolean findRoom(Extent extent, long charge) {
    while (charge <= bound() && retainedBytes() + charge > bound() && givesWay(extent)) {
      remove(victim());
      evictions++;
    }
    return retainedBytes() + charge <= bound();
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
    if (!compresses) {
      remove(extent);
    }
    if (!wanted.contains(extent) || policy.equals("none")) {
      return;
    }
    if (compressed.contains(extent)) {
      retained.remove(extent);
      retained.put(extent, ++uses);
    } else if (findRoom(extent, ChunkPool.chargeOf(extent.length()))) {
      retained.put(extent, ++uses);
    } else {
      rejections++;
    }
  }

  void discard(Extent extent) {
    remove(extent);
    Entry entry = pinnedAndResident.remove(extent);
    if (entry != null) {
      entry.discarded = true;
    }
  }

  void clear() {
    retained.clear();
    compressed.clear();
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
    return retained.keySet().stream()
        .mapToLong(e -> compressed.contains(e) ? chargeOfForm(e) : ChunkPool.chargeOf(e.length()))
        .sum();
  }

  long usedBytes() {
    return lent
        + forming
        + pinned.stream().mapToLong(e -> ChunkPool.chargeOf(e.extent.length())).sum();
  }

  long savedBytes() {
    return compressed.stream()
        .mapToLong(e -> ChunkPool.chargeOf(e.length()) - chargeOfForm(e))
        .sum();
  }

  private long bound() {
    return Math.max(0, capacity - Math.max(reserved, usedBytes()));
  }

  private void makeRoom() {
    while (retainedBytes() > bound()) {
      remove(victim());
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
