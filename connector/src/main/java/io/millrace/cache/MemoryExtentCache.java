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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Extents on the heap. {@link CacheContents} says what counts against the bound, and when.
 *
 * <p><b>Locking.</b> One lock guards all state, the working memory's and the policy's included. It
 * is taken once or twice for each operation on an extent, never for a sample; under it references
 * move and numbers change, while memory is allocated, fetched into and checked outside. An extent
 * whose bytes are on their way stands among the contents as {@link Phase#FETCHING}; who asks for it
 * waits on it, and is given its pin by the thread that fetched. If that thread is interrupted, one
 * of those who wait fetches with its own fetcher, and the others wait for it.
 *
 * <p><b>Reuse.</b> Whole chunks return to the pool when their extent is removed, which only happens
 * without pins. Memory of a fetch that failed is dropped instead: a request that was given up may
 * still write to it. Memory that {@link #allocate} returns holds what was in it before.
 *
 * <p><b>End.</b> {@link #close} interrupts the threads that are fetching; their calls, and those
 * that wait, end with an {@link IllegalStateException}. After it {@link #statistics} still answers,
 * for metrics that outlive the cache, pins, memory and reservations may still be given back, and
 * working memory is refused.
 */
final class MemoryExtentCache implements ExtentCache {

  private static final int CLEAR_BATCH = 256;

  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final BoundedByteBudget working;
  private final CacheContents contents;
  private final MemoryExtentChecksums checksums = new MemoryExtentChecksums();
  private final List<AccessPlan> plans = new ArrayList<>();

  private boolean closed;
  private long fetches;
  private long fetchedBytes;

  MemoryExtentCache(CacheSettings settings) {
    this(settings, System::nanoTime);
  }

  /** With a clock that extents age by. */
  MemoryExtentCache(CacheSettings settings, LongSupplier nanoClock) {
    this.capacity = settings.memoryBytes();
    this.working = new BoundedByteBudget(capacity / 2, lock, this::makeRoom);
    this.contents =
        new CacheContents(
            capacity,
            CachePolicies.named(settings.policy()),
            new ExtentAges(settings.ttl(), nanoClock),
            working::reserved);
  }

  private void makeRoom() {
    contents.makeRoom();
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
      chunks = contents.add(entry);
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
      CacheEntry entry = contents.get(extent);
      if (entry == null) {
        return null;
      }
      if (entry.phase == Phase.RESIDENT) {
        contents.pin(entry);
        return new Pin(entry, entry.askedBy(access));
      }
      if (awaitFetch(entry)) {
        return new Pin(entry, entry.askedBy(access));
      }
    }
  }

  /** Whether the fetch gave the caller its pin; if not, it was given up and is to be done again. */
  private boolean awaitFetch(CacheEntry entry) throws IOException, InterruptedException {
    entry.checkNotOwner();
    entry.pins++;
    try {
      entry.await(lock);
    } catch (InterruptedException e) {
      if (!closed) {
        contents.unpin(entry);
      }
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
      boolean interrupted = isInterrupt(e);
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
      contents.fetched(entry);
      fetches++;
      fetchedBytes += entry.extent.length();
    } finally {
      lock.unlock();
    }
    return new Pin(entry, Touch.FETCHED);
  }

  /** Whether the fetch ended because its thread was interrupted; a time-out is no such thing. */
  private static boolean isInterrupt(Throwable e) {
    return e instanceof IOException
        && (Thread.currentThread().isInterrupted()
            || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
            || e instanceof ClosedByInterruptException);
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
      contents.removeFailed(entry);
      entry.failure = failure;
      entry.end(how);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a call that was fetching when the cache was closed. */
  private static void checkNotClosed(CacheEntry entry, @Nullable Throwable failure) {
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
              Locale.ROOT,
              "%d bytes have CRC32C %08x, but had %08x when the object matched its published hash",
              extent.length(),
              found,
              expected.getAsInt()));
    }
  }

  private void unpin(CacheEntry entry) {
    lock.lock();
    try {
      if (!closed) {
        contents.unpin(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A fetch under way is left alone: it brings other bytes than those that were wrong. */
  @Override
  public void discard(Extent extent) {
    checksums.forget(extent);
    lock.lock();
    try {
      checkOpen("discard", extent);
      contents.discard(extent);
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
      return contents.get(extent) != null;
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
      chunks = contents.use(length);
    } finally {
      lock.unlock();
    }
    ByteChunks memory = null;
    try {
      memory = ChunkPool.complete(chunks, length);
      return memory;
    } finally {
      settle(memory, length);
    }
  }

  /** Notes what became of memory that was counted as used; null if it could not be had. */
  private void settle(@Nullable ByteChunks memory, long length) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (memory == null) {
        contents.cancelUse(length);
      } else {
        contents.lend(memory);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(ByteChunks memory) {
    lock.lock();
    try {
      if (!closed) {
        contents.takeBack(memory);
      }
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
    AtomicBoolean ended = new AtomicBoolean();
    lock.lock();
    try {
      checkOpen("register", plan);
      plans.add(plan);
      contents.setPlans(plans);
    } finally {
      lock.unlock();
    }
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
          contents.setPlans(plans);
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
          contents.retainedBytes(),
          working.reserved(),
          working.peak(),
          contents.retainedExtents(),
          fetches,
          fetchedBytes,
          contents.evictions(),
          contents.rejections(),
          contents.expirations());
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
      contents.resetCounters();
      working.resetPeak();
    } finally {
      lock.unlock();
    }
  }

  /** In steps, which let others in; leaves what came to be retained meanwhile. */
  @Override
  public void clear() {
    for (long left = statistics().retainedExtents(); left >= 0; left -= CLEAR_BATCH) {
      lock.lock();
      try {
        checkOpen("clear", "the contents");
        contents.removeRetained(Math.min(left, CLEAR_BATCH));
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        working.close();
        contents.close();
        plans.clear();
      }
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

  /** For tests of the sums. */
  Held held() {
    lock.lock();
    try {
      return new Held(
          contents.retainedBytes(),
          contents.usedBytes(),
          contents.pooledBytes(),
          working.reserved());
    } finally {
      lock.unlock();
    }
  }

  /** For tests that wait for threads to wait: how many fetch, await or hold an extent. */
  int pins(Extent extent) {
    lock.lock();
    try {
      CacheEntry entry = contents.get(extent);
      return entry == null ? 0 : entry.pins;
    } finally {
      lock.unlock();
    }
  }

  /** The sums of {@link CacheContents} at one moment. */
  record Held(long retained, long used, long pooled, long reserved) {}

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
    public boolean isIntact() {
      return entry.intact;
    }

    @Override
    public void markIntact() {
      entry.intact = true;
    }

    @Override
    public void close() {
      if (released.compareAndSet(false, true)) {
        unpin(entry);
      }
    }
  }
}
