// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.CacheEntry.Phase;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Extents on the heap.
 *
 * <p><b>Accounting.</b> Bytes are of the heap as allocated ({@link ChunkPool#chargeOf}). Each byte
 * that the cache holds is in one of three states:
 *
 * <ul>
 *   <li><i>retained</i>: of a resident extent that nobody pins;
 *   <li><i>used</i>: of an extent that is being fetched or is pinned, however often, or lent by
 *       {@link #allocate};
 *   <li><i>pooled</i>: of an idle array that waits to be used again.
 * </ul>
 *
 * Those who use bytes have reserved them as working memory before. What they reserved counts from
 * the reservation to its end, whether used already, still or not; an extent that two readers pin is
 * reserved twice. So with {@code working = max(reserved, used)} two bounds hold whenever no thread
 * is inside the lock: {@code retained ≤ max(0, capacity − working)} and {@code retained + used +
 * pooled ≤ max(capacity, used)}. An extent passes from <i>retained</i> to <i>used</i> with its
 * first pin and back with the end of its last one, if it is worth the room; until its reader's
 * reservation ends, too, it counts on both sides. What stays from epoch to epoch is therefore the
 * capacity less the most that is reserved at any time.
 *
 * <p><b>Locking.</b> One lock guards all state, the working memory's and the policy's included. It
 * is taken once or twice for each operation on an extent, never for a sample, and under it
 * references move and numbers change: memory is allocated, fetched into and checked outside. An
 * entry whose bytes are on their way stands in the map as {@link Phase#FETCHING}; who asks for it
 * waits on it.
 *
 * <p><b>Reuse.</b> Whole chunks return to the pool when their extent is removed, which only happens
 * without pins. Memory of a fetch that failed is dropped instead: a request that was given up may
 * still write to it.
 *
 * <p>After {@link #close}, {@link #statistics} still answers, for metrics that outlive the cache;
 * pins and reservations may still be closed.
 */
final class MemoryExtentCache implements ExtentCache {

  private static final int CLEAR_BATCH = 256;

  private final long capacity;
  private final CachePolicy policy;
  private final ReentrantLock lock = new ReentrantLock();
  private final BoundedByteBudget working;
  private final MemoryExtentChecksums checksums = new MemoryExtentChecksums();
  private final ChunkPool pool = new ChunkPool();
  private final Map<Extent, CacheEntry> entries = new HashMap<>();
  private final Set<ByteChunks> lent = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<AccessPlan> plans = new ArrayList<>();

  private boolean closed;
  private long retainedBytes;
  private long retainedExtents;
  private long usedBytes;
  private long fetches;
  private long fetchedBytes;
  private long evictions;
  private long rejections;

  MemoryExtentCache(CacheSettings settings) {
    this.capacity = settings.memoryBytes();
    this.policy = CachePolicies.named(settings.policy());
    this.working = new BoundedByteBudget(capacity / 2, lock, this::makeRoom);
  }

  @Override
  public PinnedExtent acquire(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException {
    CacheEntry entry;
    byte[][] chunks;
    lock.lock();
    try {
      PinnedExtent there = pinOrAwait(extent, access);
      if (there != null) {
        return there;
      }
      entry = new CacheEntry(extent, access);
      entries.put(extent, entry);
      chunks = use(extent.length());
    } finally {
      lock.unlock();
    }
    return fetch(entry, fetcher, chunks);
  }

  /** A pin, now or after another's fetch; null if the caller is to fetch. */
  private @Nullable PinnedExtent pinOrAwait(Extent extent, Access access)
      throws IOException, InterruptedException {
    while (true) {
      checkOpen("read", extent);
      CacheEntry entry = entries.get(extent);
      if (entry == null) {
        return null;
      }
      if (entry.phase == Phase.RESIDENT) {
        pin(entry);
        return new Pin(entry, entry.askedBy(access));
      }
      if (awaitFetch(entry)) {
        return new Pin(entry, entry.askedBy(access));
      }
    }
  }

  private void pin(CacheEntry entry) {
    if (entry.pins++ == 0) {
      policy.onPinnedOrRemoved(entry.extent);
      retainedBytes -= entry.charge;
      retainedExtents--;
      usedBytes += entry.charge;
    }
  }

  /** Whether the fetch gave the caller its pin; if not, it was given up and is to be done again. */
  private boolean awaitFetch(CacheEntry entry) throws IOException, InterruptedException {
    entry.checkNotOwner();
    entry.pins++;
    try {
      entry.await(lock);
    } catch (InterruptedException e) {
      unpin(entry);
      throw e;
    }
    return switch (entry.phase) {
      case RESIDENT -> true;
      case FAILED -> throw rethrown(entry.failure);
      default -> false;
    };
  }

  /** The failure itself, for each of those who waited: its type tells what may be done about it. */
  private static IOException rethrown(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (IOException) Objects.requireNonNull(failure);
  }

  private PinnedExtent fetch(CacheEntry entry, ExtentFetcher fetcher, byte[][] chunks)
      throws IOException, InterruptedException {
    ByteChunks memory;
    try {
      memory = ChunkPool.complete(chunks, entry.extent.length());
      fetcher.fetch(entry.extent, memory);
      check(entry.extent, memory);
    } catch (IOException | RuntimeException | Error e) {
      boolean interrupted = Thread.currentThread().isInterrupted() || isInterrupt(e);
      fail(entry, e, interrupted ? Phase.ABANDONED : Phase.FAILED);
      if (interrupted) {
        throw interrupted(entry.extent, e);
      }
      throw e;
    }
    lock.lock();
    try {
      checkNotClosed(entry, null);
      entry.memory = memory;
      entry.end(Phase.RESIDENT);
      fetches++;
      fetchedBytes += entry.extent.length();
    } finally {
      lock.unlock();
    }
    return new Pin(entry, Touch.FETCHED);
  }

  /** Whether a store says that it was interrupted, which a time-out is not. */
  private static boolean isInterrupt(Throwable e) {
    return (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
        || e instanceof ClosedByInterruptException;
  }

  private static InterruptedException interrupted(Extent extent, Throwable cause) {
    Thread.interrupted(); // the exception says it from here on
    InterruptedException e = new InterruptedException("Interrupted while fetching " + extent);
    e.initCause(cause);
    return e;
  }

  private void fail(CacheEntry entry, Throwable failure, Phase how) {
    lock.lock();
    try {
      checkNotClosed(entry, failure);
      entries.remove(entry.extent);
      usedBytes -= entry.charge;
      entry.failure = failure;
      entry.end(how);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a call that was fetching when the cache was closed. */
  private void checkNotClosed(CacheEntry entry, @Nullable Throwable failure) {
    if (entry.phase == Phase.CLOSED) {
      Thread.interrupted(); // set by close()
      throw new IllegalStateException(closedMessage("read", entry.extent), failure);
    }
  }

  private void check(Extent extent, ByteChunks memory) throws CorruptObjectException {
    OptionalInt expected = checksums.expected(extent);
    if (expected.isEmpty()) {
      return;
    }
    int found = Checksums.crc32c(memory);
    if (found != expected.getAsInt()) {
      throw new CorruptObjectException(
          extent.object(),
          extent.offset(),
          String.format(
              "%d bytes have CRC32C %08x, but had %08x when the object matched its published hash",
              extent.length(), found, expected.getAsInt()));
    }
  }

  private void unpin(CacheEntry entry) {
    lock.lock();
    try {
      if (--entry.pins > 0 || closed || entry.phase != Phase.RESIDENT) {
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
        recycle(entry);
      }
    } finally {
      lock.unlock();
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

  private long retainedBound() {
    return Math.max(0, capacity - Math.max(working.reserved(), usedBytes));
  }

  private long poolBound() {
    return Math.max(0, capacity - retainedBytes - usedBytes);
  }

  /** Called under the lock whenever working memory grew. */
  private void makeRoom() {
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
    retainedBytes -= entry.charge;
    retainedExtents--;
    recycle(entry);
  }

  private void recycle(CacheEntry entry) {
    pool.give(Objects.requireNonNull(entry.memory), poolBound());
    entry.memory = null;
  }

  /** Counts memory as used and gives what the pool has of it. */
  private byte[][] use(long length) {
    byte[][] chunks = pool.take(length);
    usedBytes += ChunkPool.chargeOf(length);
    makeRoom();
    return chunks;
  }

  /** A fetch under way is left alone: it brings other bytes than those that were wrong. */
  @Override
  public void discard(Extent extent) {
    checksums.forget(extent);
    lock.lock();
    try {
      checkOpen("discard", extent);
      CacheEntry entry = entries.get(extent);
      if (entry == null || entry.phase != Phase.RESIDENT) {
        return;
      }
      if (entry.pins == 0) {
        drop(extent);
      } else {
        entry.discarded = true;
        entries.remove(extent);
      }
    } finally {
      lock.unlock();
    }
  }

  /** An extent that is on its way counts as resident: asking for it makes no second request. */
  @Override
  public boolean isResident(Extent extent) {
    lock.lock();
    try {
      checkOpen("look up", extent);
      return entries.containsKey(extent);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ByteChunks allocate(long length) {
    byte[][] chunks;
    lock.lock();
    try {
      checkOpen("allocate", length + " bytes");
      chunks = use(length);
    } finally {
      lock.unlock();
    }
    ByteChunks memory = null;
    try {
      memory = ChunkPool.complete(chunks, length);
      return memory;
    } finally {
      lock.lock();
      try {
        if (memory == null) {
          usedBytes -= ChunkPool.chargeOf(length);
        } else if (!closed) {
          lent.add(memory);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void release(ByteChunks memory) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (!lent.remove(memory)) {
        throw new IllegalArgumentException(
            "Cannot release "
                + memory.length()
                + " bytes that this cache did not allocate or that were released before");
      }
      usedBytes -= ChunkPool.chargeOf(memory.length());
      pool.give(memory, poolBound());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ByteBudget workingMemory() {
    return working;
  }

  @Override
  public ExtentChecksums checksums() {
    return checksums;
  }

  @Override
  public Registration register(AccessPlan plan) {
    lock.lock();
    try {
      checkOpen("register", plan);
      plans.add(plan);
      policy.onPlans(plans);
    } finally {
      lock.unlock();
    }
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        unregister(plan);
      }
    };
  }

  private void unregister(AccessPlan plan) {
    lock.lock();
    try {
      for (int i = 0; i < plans.size(); i++) {
        if (plans.get(i) == plan) {
          plans.remove(i);
          policy.onPlans(plans);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CacheStatistics statistics() {
    lock.lock();
    try {
      return new CacheStatistics(
          capacity,
          retainedBytes,
          working.reserved(),
          retainedExtents,
          fetches,
          fetchedBytes,
          evictions,
          rejections);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resetStatistics() {
    lock.lock();
    try {
      fetches = 0;
      fetchedBytes = 0;
      evictions = 0;
      rejections = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves what came to be retained meanwhile: it lets others in after every few extents. */
  @Override
  public void clear() {
    long left = statistics().retainedExtents();
    while (left > 0) {
      lock.lock();
      try {
        for (int i = 0; i < CLEAR_BATCH && left > 0; i++, left--) {
          Extent victim = policy.victim(null);
          if (victim == null) {
            left = 0;
            break;
          }
          drop(victim);
        }
        pool.trim(0);
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      working.close();
      entries.values().stream()
          .filter(entry -> entry.phase == Phase.FETCHING)
          .forEach(CacheEntry::endForClose);
      entries.clear();
      lent.clear();
      plans.clear();
      policy.onPlans(plans);
      pool.trim(0);
      retainedBytes = 0;
      retainedExtents = 0;
      usedBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen(String operation, Object what) {
    if (closed) {
      throw new IllegalStateException(closedMessage(operation, what));
    }
  }

  private static String closedMessage(String operation, Object what) {
    return "Cannot " + operation + " " + what + ": the cache is closed";
  }

  /** Memory as it is held, for tests: {@code {retained, used, pooled, reserved}}. */
  long[] memoryInUse() {
    lock.lock();
    try {
      return new long[] {retainedBytes, usedBytes, pool.bytes(), working.reserved()};
    } finally {
      lock.unlock();
    }
  }

  private final class Pin implements PinnedExtent {

    private final CacheEntry entry;
    private final ByteChunks bytes;
    private final Touch touch;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Called under the lock, or while the pin itself keeps the memory in place. */
    Pin(CacheEntry entry, Touch touch) {
      this.entry = entry;
      this.bytes = Objects.requireNonNull(entry.memory);
      this.touch = touch;
    }

    @Override
    public ByteChunks bytes() {
      if (released.get()) {
        throw new IllegalStateException("Cannot use " + entry.extent + ": it was released");
      }
      return bytes;
    }

    @Override
    public Touch touch() {
      return touch;
    }

    @Override
    public void close() {
      if (released.compareAndSet(false, true)) {
        unpin(entry);
      }
    }
  }
}
