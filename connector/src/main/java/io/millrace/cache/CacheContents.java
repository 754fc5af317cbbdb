// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.CacheEntry.Phase;
import io.millrace.storage.ByteChunks;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MemoryExtentCache} holds, and its sums. Every method is called under the cache's
 * lock; none does more than move references and change numbers.
 *
 * <p><b>Accounting.</b> Bytes are of the heap as allocated ({@link ChunkPool#chargeOf}). Each byte
 * that is held is in one of three states:
 *
 * <ul>
 *   <li><i>retained</i>: of a resident extent that nobody pins;
 *   <li><i>used</i>: of an extent that is being fetched or is pinned, however often, or lent as
 *       scratch memory;
 *   <li><i>pooled</i>: of an idle array that waits to be used again.
 * </ul>
 *
 * Those who use bytes have <i>reserved</i> them as working memory before. What they reserved counts
 * from the reservation to its end, whether it is used already, still or not; an extent that two
 * readers pin is reserved twice and used once. Outside of the lock two bounds always hold:
 *
 * <pre>
 * retained ≤ max(0, capacity − max(reserved, used))
 * retained + used + pooled ≤ max(capacity, used)
 * </pre>
 *
 * An extent passes from <i>retained</i> to <i>used</i> with its first pin, and back with the end of
 * its last one if it is worth the room. A reader's reservation begins before its pin and ends after
 * it; in between, the extent counts on both sides. So at least the capacity less the most that is
 * ever reserved stays from epoch to epoch.
 */
final class CacheContents {

  private final long capacity;
  private final CachePolicy policy;
  private final LongSupplier reserved;
  private final ExtentAges ages;
  private final ChunkPool pool = new ChunkPool();
  private final Map<Extent, CacheEntry> entries = new HashMap<>();
  private final Set<ByteChunks> lent = Collections.newSetFromMap(new IdentityHashMap<>());

  private long retainedBytes;
  private long retainedExtents;
  private long usedBytes;
  private long evictions;
  private long rejections;
  private long expirations;

  /**
   * @param ages tells which extents are too old
   * @param reserved how much working memory is taken at the moment
   */
  CacheContents(long capacity, CachePolicy policy, ExtentAges ages, LongSupplier reserved) {
    this.capacity = capacity;
    this.policy = policy;
    this.ages = ages;
    this.reserved = reserved;
  }

  /** What there is of an extent, unless it is too old. */
  @Nullable CacheEntry get(Extent extent) {
    expire();
    return entries.get(extent);
  }

  /** The bytes of an extent that was added have come. */
  void fetched(CacheEntry entry) {
    ages.fetched(entry);
  }

  /**
   * Drops what is too old, as {@link #discard} does. With each look-up, each end of a pin and
   * before room is made: so it goes first, and whether or not it is asked for.
   */
  private void expire() {
    for (CacheEntry old = ages.oldestExpired(); old != null; old = ages.oldestExpired()) {
      discard(old.extent);
      expirations++;
    }
  }

  /** Adds an extent that is to be fetched; returns the arrays for it, as far as there are any. */
  byte[][] add(CacheEntry entry) {
    entries.put(entry.extent, entry);
    return use(entry.extent.length());
  }

  /** Removes an extent whose fetch failed. Its memory is not used again: see the cache. */
  void removeFailed(CacheEntry entry) {
    entries.remove(entry.extent);
    usedBytes -= entry.charge;
  }

  void pin(CacheEntry entry) {
    if (entry.pins++ == 0) {
      policy.onPinnedOrRemoved(entry.extent);
      retainedBytes -= entry.charge;
      retainedExtents--;
      usedBytes += entry.charge;
    }
  }

  /** Ends a pin, or a wait for a fetch that did not get that far. */
  void unpin(CacheEntry entry) {
    expire();
    if (--entry.pins > 0 || entry.phase != Phase.RESIDENT) {
      return;
    }
    usedBytes -= entry.charge;
    if (entry.discarded) {
      recycle(entry);
    } else if (entry.retain && policy.admits(entry.extent) && hasRoom(entry)) {
      retainedBytes += entry.charge;
      retainedExtents++;
      policy.onUnpinned(entry.extent);
    } else {
      entries.remove(entry.extent);
      ages.removed(entry);
      recycle(entry);
    }
  }

  /** Whether an extent may stay, after what is worth less was removed. */
  private boolean hasRoom(CacheEntry newcomer) {
    long bound = retainedBound() - newcomer.charge;
    while (bound >= 0 && retainedBytes > bound) {
      Extent victim = policy.victim(newcomer.extent);
      if (victim == null) {
        break;
      }
      evict(victim);
    }
    if (retainedBytes > bound) {
      rejections++;
      return false;
    }
    return true;
  }

  /** Drops an extent at once, or lets it go with its last pin. */
  void discard(Extent extent) {
    CacheEntry entry = entries.get(extent);
    if (entry == null || entry.phase != Phase.RESIDENT) {
      return;
    }
    if (entry.pins == 0) {
      drop(extent);
    } else {
      entry.discarded = true;
      entries.remove(extent);
      ages.removed(entry);
    }
  }

  /** Counts memory as used; returns the arrays for it, as far as there are any. */
  byte[][] use(long length) {
    byte[][] chunks = pool.take(length);
    usedBytes += ChunkPool.chargeOf(length);
    makeRoom();
    return chunks;
  }

  /** Undoes {@link #use} where the memory could not be had. */
  void cancelUse(long length) {
    usedBytes -= ChunkPool.chargeOf(length);
  }

  /** Notes that memory, which is counted as used, was lent. */
  void lend(ByteChunks memory) {
    lent.add(memory);
  }

  void takeBack(ByteChunks memory) {
    if (!lent.remove(memory)) {
      throw new IllegalArgumentException(
          "Cannot release "
              + memory.length()
              + " bytes that this cache did not allocate or that were released before");
    }
    usedBytes -= ChunkPool.chargeOf(memory.length());
    pool.give(memory, poolBound());
  }

  /** Removes what is retained until the sums are within their bounds again. */
  void makeRoom() {
    expire();
    long bound = retainedBound();
    while (retainedBytes > bound) {
      Extent victim = policy.victim(null);
      if (victim == null) {
        throw new IllegalStateException(
            "Cache policy " + policy.name() + " lost " + retainedBytes + " bytes of extents");
      }
      evict(victim);
    }
    pool.trim(poolBound());
  }

  private long retainedBound() {
    return Math.max(0, capacity - Math.max(reserved.getAsLong(), usedBytes));
  }

  private long poolBound() {
    return Math.max(0, capacity - retainedBytes - usedBytes);
  }

  private void evict(Extent victim) {
    drop(victim);
    evictions++;
  }

  private void drop(Extent extent) {
    CacheEntry entry = entries.remove(extent);
    if (entry == null || entry.pins > 0) {
      throw new IllegalStateException(
          "Cache policy " + policy.name() + " chose what cannot be removed: " + extent);
    }
    policy.onPinnedOrRemoved(extent);
    ages.removed(entry);
    retainedBytes -= entry.charge;
    retainedExtents--;
    recycle(entry);
  }

  private void recycle(CacheEntry entry) {
    pool.give(Objects.requireNonNull(entry.memory), poolBound());
    entry.memory = null;
  }

  void setPlans(List<AccessPlan> plans) {
    policy.onPlans(plans);
  }

  /** Removes a number of retained extents, or all if they are fewer, and the idle arrays. */
  void removeRetained(long count) {
    for (long i = 0; i < count; i++) {
      Extent victim = policy.victim(null);
      if (victim == null) {
        break;
      }
      drop(victim);
    }
    pool.trim(0);
  }

  /** Ends all fetches and forgets everything. */
  void close() {
    for (CacheEntry entry : entries.values()) {
      if (entry.phase == Phase.FETCHING) {
        entry.endForClose();
      }
    }
    entries.clear();
    lent.clear();
    ages.clear();
    policy.onPlans(List.of());
    pool.trim(0);
    retainedBytes = 0;
    retainedExtents = 0;
    usedBytes = 0;
  }

  void resetCounters() {
    evictions = 0;
    rejections = 0;
    expirations = 0;
  }

  long retainedBytes() {
    return retainedBytes;
  }

  long retainedExtents() {
    return retainedExtents;
  }

  long usedBytes() {
    return usedBytes;
  }

  long pooledBytes() {
    return pool.bytes();
  }

  long evictions() {
    return evictions;
  }

  long rejections() {
    return rejections;
  }

  long expirations() {
    return expirations;
  }
}
