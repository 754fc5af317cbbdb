// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.CacheEntry.Phase;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ByteChunks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
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
 *   <li><i>retained</i>: of a resident extent that nobody pins, or of an extent's compressed form,
 *       whether somebody pins the extent or not;
 *   <li><i>used</i>: of an extent that is being fetched, decompressed or is pinned, however often,
 *       lent as scratch memory, or of a compressed form that is being made;
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
 * An extent that is not compressed passes from <i>retained</i> to <i>used</i> with its first pin,
 * and back with the end of its last one if it is worth the room. A reader's reservation begins
 * before its pin and ends after it; in between, the extent counts on both sides. So at least the
 * capacity less the most that is ever reserved stays from epoch to epoch.
 *
 * <p><b>Compression.</b> An extent that is to stay is compressed once, by the thread that brought
 * it, while that holds its pin: what is <i>retained</i> of it from then on is the compressed form.
 * Its bytes are <i>used</i> while they are pinned, dropped with the last pin, and come back from
 * the compressed form, which stays. A form in the making is nobody's reservation: it takes room
 * from what is retained, chunk by chunk, where it is about to go. Is its form chosen for removal
 * while an extent is pinned, then the extent goes the way of those that are not compressed; while a
 * thread is reading the form, then that counts as used until it is done. With {@link
 * CompressionMode#AUTO} nothing is compressed while all that live plans read fits as it is into
 * what no working memory can take.
 */
final class CacheContents {

  /** What extents take beyond their bytes, on a guess. */
  private static final double BOOKKEEPING_SHARE = 0.02;

  private final long capacity;
  private final CachePolicy policy;
  private final CompressionMode compression;
  private final LongSupplier reserved;
  private final CacheCounters counters = new CacheCounters();
  private final ChunkPool pool = new ChunkPool();
  private final CacheEntries entries;
  private final List<AccessPlan> plans = new ArrayList<>();
  private final Set<ByteChunks> lent = Collections.newSetFromMap(new IdentityHashMap<>());

  private long retainedBytes;
  private long retainedExtents;
  private long usedBytes;

  // Charges of the extents whose compressed form is retained, as they are and as they would be.
  private long storedBytes;

  private long storedRawBytes;
  private boolean closed;

  /**
   * @param ttl how long extents are served
   * @param reserved how much working memory is taken at the moment
   */
  CacheContents(CacheSettings settings, TimeToLive ttl, LongSupplier reserved) {
    this.capacity = settings.memoryBytes();
    this.policy = CachePolicies.named(settings.policy());
    this.compression = settings.compression();
    this.entries = new CacheEntries(new ExtentAges<>(ttl));
    this.reserved = reserved;
  }

  /** What there is of an extent, unless it is too old. */
  @Nullable CacheEntry get(Extent extent) {
    expire();
    return entries.get(extent);
  }

  /**
   * Drops what is too old, as {@link #discard} does. With each look-up, each end of a pin and
   * before room is made: so it goes first, and whether or not it is asked for.
   */
  private void expire() {
    for (CacheEntry old = entries.oldestExpired(); old != null; old = entries.oldestExpired()) {
      discard(old.extent);
      counters.expirations++;
    }
  }

  /**
   * Adds an extent that is to be fetched, and drops what it shows to be out of date; returns the
   * arrays for it, as far as there are any.
   */
  byte[][] add(CacheEntry entry) {
    entries.replacedBy(entry.extent).forEach(this::discard);
    byte[][] chunks = use(entry.extent.length());
    entries.add(entry); // last: of a failure before nobody knows, so nobody waits
    return chunks;
  }

  /**
   * Removes an extent that could not be brought. Its memory is not used again: see the cache.
   *
   * @param form what it was to come from, null if from the origin
   */
  void removeFailed(CacheEntry entry, @Nullable ByteChunks form) {
    removeIfStored(entry);
    if (form != null) {
      endInflating(entry, form);
    }
    entries.removeFailed(entry);
    usedBytes -= entry.charge;
  }

  /** Begins to bring an extent back from its compressed form; returns arrays as {@link #add}. */
  byte[][] inflate(CacheEntry entry) {
    entry.beginInflating();
    entries.comesBack(entry);
    return use(entry.extent.length());
  }

  /**
   * Ends the bringing of an extent, whose bytes are there.
   *
   * @param form what they were to come from, null if from the origin
   * @param fetched whether they did come from the origin, so that the form is of no use
   */
  void brought(CacheEntry entry, ByteChunks memory, @Nullable ByteChunks form, boolean fetched) {
    entry.memory = memory;
    entries.arrived(entry, fetched);
    if (form != null) {
      if (fetched) {
        entry.intact = false;
        removeIfStored(entry);
      }
      endInflating(entry, form);
    }
    entry.end(Phase.RESIDENT);
  }

  /** Nobody reads a form any more; if it was removed meanwhile, its memory is free now. */
  private void endInflating(CacheEntry entry, ByteChunks form) {
    entry.inflating = false;
    if (entry.stored == null) {
      usedBytes -= ChunkPool.chargeOf(form.length());
      pool.give(form, poolBound());
    }
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
    if (!compresses()) {
      removeIfStored(entry);
    }
    if (entry.discarded) {
      recycle(entry);
    } else if (entry.stored != null) {
      recycle(entry);
      entry.phase = Phase.STORED;
      policy.onUnpinned(entry.extent);
    } else if (mayStay(entry) && hasRoom(entry.extent, entry.charge)) {
      retain(entry);
    } else {
      counters.rejections += mayStay(entry) ? 1 : 0;
      entries.remove(entry);
      recycle(entry);
    }
  }

  private boolean mayStay(CacheEntry entry) {
    return entry.retain && entries.isCurrent(entry.extent) && policy.admits(entry.extent);
  }

  /** What made room for it may have gone to the pool. */
  private void retain(CacheEntry entry) {
    retainedBytes += entry.retainedCharge();
    retainedExtents++;
    policy.onUnpinned(entry.extent);
    pool.trim(poolBound());
  }

  /** Whether an extent may stay, after what is worth less was removed. */
  private boolean hasRoom(Extent newcomer, long charge) {
    while (charge <= retainedBound() && retainedBytes > retainedBound() - charge) {
      Extent victim = policy.victim(newcomer);
      if (victim == null) {
        break;
      }
      evict(victim);
    }
    return retainedBytes <= retainedBound() - charge;
  }

  /** Whether what is to stay is compressed, as things are. */
  private boolean compresses() {
    return switch (compression) {
      case AUTO -> !plansFit();
      case ZSTD -> true;
      case NONE -> false;
    };
  }

  /**
   * Whether one of those who hold an extent, the caller, is to compress it now: nobody has or does,
   * and it looks as if the form will stay. If so, others are told that one does.
   */
  boolean beginCompressing(CacheEntry entry) {
    if (!compresses()
        || entry.stored != null
        || entry.compressing
        || entry.incompressible
        || entry.discarded
        || !mayStay(entry)) {
      return false;
    }
    long expected =
        storedRawBytes == 0
            ? entry.charge
            : (long) ((double) entry.charge * storedBytes / storedRawBytes);
    long room = retainedBound() - expected;
    entry.compressing = room >= 0 && (retainedBytes <= room || policy.victim(entry.extent) != null);
    return entry.compressing;
  }

  /**
   * Ends what {@link #beginCompressing} began.
   *
   * @param stored the compressed form, null if there is none
   * @param counted what was counted as used for it
   * @return whether it stays; if not, the caller gives its arrays back
   */
  boolean endCompressing(CacheEntry entry, @Nullable ByteChunks stored, long counted) {
    entry.compressing = false;
    usedBytes -= counted;
    if (stored == null) {
      entry.incompressible = true;
      return false;
    }
    counters.compressions++;
    long charge = ChunkPool.chargeOf(stored.length());
    if (entry.discarded || !hasRoom(entry.extent, charge)) {
      return false;
    }
    entry.stored = stored;
    storedBytes += charge;
    storedRawBytes += entry.charge;
    retain(entry);
    return true;
  }

  /** An array of a compressed form in the making, counted as used; null if there is none idle. */
  byte @Nullable [] useArray(int length) {
    byte[] idle = pool.takeOne(length);
    usedBytes += ChunkPool.heapBytes(length);
    makeRoom();
    return idle;
  }

  /** Takes back an array of a form that did not come to be. */
  void giveArray(byte[] array) {
    pool.giveOne(array, poolBound());
  }

  /** Drops an extent at once, or lets it go with its last pin. */
  void discard(Extent extent) {
    CacheEntry entry = entries.get(extent);
    if (entry == null || (entry.phase == Phase.FETCHING && !entry.inflating)) {
      return;
    }
    if (entry.pins == 0) {
      drop(extent);
      return;
    }
    removeIfStored(entry);
    entry.discarded = true;
    entries.remove(entry);
  }

  /** Counts memory as used; returns the arrays for it, as far as there are any. */
  byte[][] use(long length) {
    byte[][] chunks = pool.take(length);
    usedBytes += ChunkPool.chargeOf(length);
    boolean done = false;
    try {
      makeRoom();
      done = true;
    } finally {
      usedBytes -= done ? 0 : ChunkPool.chargeOf(length);
    }
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
    while (retainedBytes > retainedBound()) {
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
    counters.evictions++;
  }

  private void drop(Extent extent) {
    CacheEntry entry = entries.get(extent);
    if (entry == null || (entry.pins > 0 && entry.stored == null)) {
      throw new IllegalStateException(
          "Cache policy " + policy.name() + " chose what cannot be removed: " + extent);
    }
    if (entry.stored != null) {
      removeStored(entry);
      if (entry.phase == Phase.STORED) {
        entries.remove(entry);
      }
      return;
    }
    entries.remove(entry);
    policy.onPinnedOrRemoved(extent);
    retainedBytes -= entry.charge;
    retainedExtents--;
    recycle(entry);
  }

  private void removeIfStored(CacheEntry entry) {
    if (entry.stored != null) {
      removeStored(entry);
    }
  }

  /** Drops a compressed form; it counts as used as long as it is being read. */
  private void removeStored(CacheEntry entry) {
    ByteChunks stored = Objects.requireNonNull(entry.stored);
    long charge = entry.retainedCharge();
    policy.onPinnedOrRemoved(entry.extent);
    retainedBytes -= charge;
    retainedExtents--;
    storedBytes -= charge;
    storedRawBytes -= entry.charge;
    entry.stored = null;
    if (entry.inflating) {
      usedBytes += charge;
    } else {
      pool.give(stored, poolBound());
    }
  }

  private void recycle(CacheEntry entry) {
    pool.give(Objects.requireNonNull(entry.memory), poolBound());
    entry.memory = null;
  }

  void addPlan(AccessPlan plan) {
    plans.add(plan);
    policy.onPlans(plans);
  }

  void removePlan(AccessPlan plan) {
    if (plans.remove(plan)) {
      policy.onPlans(plans);
    }
  }

  /** Asked each time: plans may change their minds about what they read. */
  private boolean plansFit() {
    double bytes = 0;
    for (AccessPlan plan : plans) {
      bytes += plan.bytes();
    }
    return !plans.isEmpty() && bytes * (1 + BOOKKEEPING_SHARE) <= capacity / 2.0;
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
    entries.close();
    closed = true;
    lent.clear();
    plans.clear();
    policy.onPlans(List.of());
    pool.trim(0);
    retainedBytes = 0;
    retainedExtents = 0;
    usedBytes = 0;
    storedBytes = 0;
    storedRawBytes = 0;
  }

  boolean isClosed() {
    return closed;
  }

  CacheCounters counters() {
    return counters;
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

  /** How much less is retained than if nothing were compressed. */
  long savedBytes() {
    return storedRawBytes - storedBytes;
  }
}
