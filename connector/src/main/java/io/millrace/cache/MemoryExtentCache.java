// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.CacheEntry.Phase;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p><b>Compression</b> is done on the thread that asked for an extent, before it gets its pin;
 * others may use the bytes meanwhile. What is there in compressed form only is brought back by the
 * first who asks, and the others wait, as if it fetched. A form that is damaged is fetched anew.
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

  private static final Logger LOG = LoggerFactory.getLogger(MemoryExtentCache.class);
  private static final int CLEAR_BATCH = 256;

  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final BoundedByteBudget working;
  private final TimeToLive ttl;
  private final CacheContents contents;
  private final StoredForms stored;
  private final MemoryExtentChecksums checksums = new MemoryExtentChecksums();

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
    this.ttl = new TimeToLive(settings.ttl(), nanoClock, System::currentTimeMillis);
    this.contents = new CacheContents(settings, ttl, working::reserved);
    this.stored = new StoredForms(settings.compression(), lock, contents);
  }

  private void makeRoom() {
    contents.makeRoom();
  }

  @Override
  public PinnedExtent acquire(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException {
    Task task = null;
    EntryPin pin;
    lock.lock();
    try {
      pin = pinOrAwait(extent, access);
      if (pin == null) {
        task = begin(extent, access);
      }
    } finally {
      lock.unlock();
    }
    return compressed(pin != null ? pin : bring(Objects.requireNonNull(task), fetcher));
  }

  /**
   * What the caller is to do for an extent.
   *
   * @param form what the bytes come from, null if from the origin
   * @param touch what asking for the extent was, if they do
   * @param chunks arrays for them, as far as there are any
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
  private record Task(CacheEntry entry, @Nullable ByteChunks form, Touch touch, byte[][] chunks) {}

  private Task begin(Extent extent, Access access) {
    CacheEntry known = contents.get(extent);
    if (known == null) {
      CacheEntry entry = new CacheEntry(extent, access);
      return new Task(entry, null, Touch.FETCHED, contents.add(entry));
    }
    // Before room is made for the bytes, which may cost the form its place.
    ByteChunks form = known.stored;
    return new Task(known, form, known.askedBy(access), contents.inflate(known));
  }

  /** The pin itself, after the extent was compressed if that is up to the caller. */
  private PinnedExtent compressed(EntryPin pin) {
    if (!pin.compresses()) {
      return pin;
    }
    boolean done = false;
    try {
      stored.compress(pin.entry(), pin.bytes());
      done = true;
    } finally {
      if (!done) {
        pin.close();
      }
    }
    return pin;
  }

  /** A pin, now or after another's fetch; null if the caller is to bring the bytes. */
  private @Nullable EntryPin pinOrAwait(Extent extent, Access access)
      throws IOException, InterruptedException {
    while (true) {
      checkOpen("read", extent);
      CacheEntry entry = contents.get(extent);
      if (entry == null || entry.phase == Phase.STORED) {
        return null;
      }
      if (entry.phase == Phase.RESIDENT) {
        contents.pin(entry);
        return pin(entry, entry.askedBy(access));
      }
      if (awaitFetch(entry)) {
        return pin(entry, entry.askedBy(access));
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
      case FAILED -> throw FetchFailures.rethrown(entry.failure);
      default -> false;
    };
  }

  /** Brings bytes back from their compressed form, or from the origin if there is none. */
  private EntryPin bring(Task task, ExtentFetcher fetcher)
      throws IOException, InterruptedException {
    CacheEntry entry = task.entry;
    Extent extent = entry.extent;
    Touch touch;
    ByteChunks memory;
    try {
      memory = ChunkPool.complete(task.chunks, extent.length());
      touch = inflated(task, memory) ? task.touch : Touch.FETCHED;
      if (touch == Touch.FETCHED) {
        fetcher.fetch(extent, memory);
        checksums.check(extent, memory);
      }
    } catch (IOException | RuntimeException | Error e) {
      boolean interrupted = FetchFailures.isInterrupt(e);
      fail(task, e, interrupted ? Phase.ABANDONED : Phase.FAILED);
      if (interrupted) {
        throw FetchFailures.interrupted(extent, e);
      }
      throw e;
    }
    lock.lock();
    try {
      checkNotClosed(entry, null);
      if (touch == Touch.FETCHED) {
        fetches++;
        fetchedBytes += extent.length();
        entry.fetchedNanos = fetcher.fetchedNanos().orElseGet(ttl::now);
      }
      contents.brought(entry, memory, task.form, touch == Touch.FETCHED);
      return pin(entry, touch);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the bytes came back; a form that is damaged is as good as none. */
  private boolean inflated(Task task, ByteChunks memory) {
    if (task.form == null) {
      return false;
    }
    Extent extent = task.entry.extent;
    try {
      stored.inflate(extent, task.form, memory);
      checksums.check(extent, memory);
      return true;
    } catch (CorruptObjectException e) {
      LOG.warn("Cannot use what the cache holds of {}; it is fetched again", extent, e);
      return false;
    }
  }

  private void fail(Task task, Throwable failure, Phase how) {
    CacheEntry entry = task.entry;
    lock.lock();
    try {
      checkNotClosed(entry, failure);
      contents.removeFailed(entry, task.form);
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

  /** Of an extent whose pins were counted; called under the lock. */
  private EntryPin pin(CacheEntry entry, Touch touch) {
    return new EntryPin(entry, touch, contents.beginCompressing(entry), this::unpin);
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
    return isKnown(extent, false);
  }

  @Override
  public boolean isOnItsWay(Extent extent) {
    return isKnown(extent, true);
  }

  private boolean isKnown(Extent extent, boolean onlyOnItsWay) {
    lock.lock();
    try {
      checkOpen("look up", extent);
      CacheEntry entry = contents.get(extent);
      return entry != null && (!onlyOnItsWay || entry.phase == Phase.FETCHING);
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
      contents.addPlan(plan);
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
      contents.removePlan(plan);
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
          contents.counters().evictions,
          contents.counters().rejections,
          contents.counters().expirations,
          contents.savedBytes(),
          DiskStatistics.NONE);
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
      contents.counters().reset();
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
      }
    } finally {
      lock.unlock();
    }
    stored.close();
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

  /** For tests: how often an extent was compressed. */
  long compressions() {
    lock.lock();
    try {
      return contents.counters().compressions;
    } finally {
      lock.unlock();
    }
  }

  /** For tests that damage an extent's compressed form. */
  byte[][] storedArrays(Extent extent) {
    lock.lock();
    try {
      return Objects.requireNonNull(Objects.requireNonNull(contents.get(extent)).stored).chunks();
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
}
