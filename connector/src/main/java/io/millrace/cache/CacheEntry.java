// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.storage.ByteChunks;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * One extent of a {@link MemoryExtentCache}; all of it is guarded by the cache's lock, unless a
 * field says otherwise.
 */
final class CacheEntry {

  private static final int MAX_PURPOSES = 8;

  enum Phase {
    /** Its owner is bringing the bytes, from the origin or from their compressed form. */
    FETCHING,
    /** The bytes are there. */
    RESIDENT,
    /** Only their compressed form is there; nobody holds them. */
    STORED,
    /** The fetch failed, and so do those who waited for it. */
    FAILED,
    /** The fetching thread was interrupted; one of those who waited takes over. */
    ABANDONED,
    /** The cache was closed meanwhile. */
    CLOSED
  }

  final Extent extent;
  final long charge;
  Phase phase = Phase.FETCHING;
  boolean retain;

  /** Whether its bytes are wrong: it left the cache, and its memory goes with the last pin. */
  boolean discarded;

  /** Whether a reader found its bytes right; not guarded: those who hold them set and read it. */
  volatile boolean intact;

  /** Those who hold the bytes; while fetching, those who wait for them, the owner included. */
  int pins = 1;

  /** When its bytes left their origin. */
  long fetchedNanos;

  /** Once they came; see {@link ExtentAges}. */
  ExtentAges.@Nullable Age age;

  @Nullable ByteChunks memory;

  /** The bytes compressed, which is what is retained of them, whether they are held or not. */
  @Nullable ByteChunks stored;

  /** Whether the owner reads {@link #stored}, so that its memory must stay as it is. */
  boolean inflating;

  /** Whether one of those who hold the bytes is compressing them. */
  boolean compressing;

  /** Whether compressing them was found not to pay. */
  boolean incompressible;

  @Nullable Throwable failure;
  private @Nullable Thread owner = Thread.currentThread();
  private @Nullable Condition done;

  /** Those who asked for it, the newest last. */
  private Object[] purposes;

  CacheEntry(Extent extent, Access access) {
    this.extent = extent;
    this.retain = access.retain();
    this.purposes = new Object[] {access.purpose()};
    this.charge = ChunkPool.chargeOf(extent.length());
  }

  /** What is retained of it counts, compressed or not. */
  long retainedCharge() {
    return stored == null ? charge : ChunkPool.chargeOf(stored.length());
  }

  /** Makes the calling thread the one that brings the bytes back. */
  void beginInflating() {
    phase = Phase.FETCHING;
    owner = Thread.currentThread();
    inflating = true;
    pins = 1;
  }

  /**
   * Notes who asks for bytes that are there. Of the purposes the newest {@value #MAX_PURPOSES} are
   * known, which is two epochs of four scans.
   */
  Touch askedBy(Access access) {
    retain |= access.retain();
    for (Object purpose : purposes) {
      if (purpose.equals(access.purpose())) {
        return Touch.AGAIN;
      }
    }
    int from = purposes.length < MAX_PURPOSES ? 0 : 1;
    purposes = Arrays.copyOfRange(purposes, from, purposes.length + 1);
    purposes[purposes.length - 1] = access.purpose();
    return Touch.RESIDENT;
  }

  /** Refuses to wait for a fetch that the calling thread is itself about to do. */
  void checkNotOwner() {
    if (owner == Thread.currentThread()) {
      throw new IllegalStateException(
          "Cannot read " + extent + ": its fetcher asked the cache for the same extent");
    }
  }

  /** Waits until the fetch is over, one way or the other. */
  void await(Lock lock) throws InterruptedException {
    if (done == null) {
      done = lock.newCondition();
    }
    while (phase == Phase.FETCHING) {
      done.await();
    }
  }

  /** Ends the fetch and wakes those who wait for it. */
  void end(Phase how) {
    phase = how;
    owner = null;
    if (done != null) {
      done.signalAll();
      done = null;
    }
  }

  /** Ends the fetch before its time; the thread at work is interrupted, so that it notices. */
  void endForClose() {
    if (owner != null) {
      owner.interrupt();
    }
    end(Phase.CLOSED);
  }
}
