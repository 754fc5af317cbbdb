// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.io.IOException;

/**
 * A cache of extents, shared by the readers of one process. Thread-safe. Owned by whoever made it;
 * {@link #close} gives back everything, fails calls in progress and makes later ones fail with an
 * {@link IllegalStateException}.
 *
 * <p>One bound covers what is retained and the working memory together: {@link #workingMemory} may
 * take up to half of it, and what is retained makes room.
 */
public interface ExtentCache extends AutoCloseable {

  /**
   * The extent's bytes, pinned: from the cache, or fetched on the calling thread, or awaited when
   * another thread is fetching them. At most one fetch of an extent is under way at any time. The
   * caller reserves working memory for it beforehand (see {@link #workingMemory}) and closes the
   * pin.
   *
   * <p>A failed fetch is not remembered: it fails for those who waited for it, and the next call
   * tries again. Bytes of an extent with a recorded checksum are checked after each fetch.
   *
   * @throws io.millrace.storage.CorruptObjectException if a recorded checksum differs
   */
  PinnedExtent acquire(Extent extent, ExtentFetcher fetcher, Access access)
      throws IOException, InterruptedException;

  /**
   * Forgets an extent whose bytes turned out to be wrong, and its checksum: at once, or when its
   * last pin is closed; who asks in between gets it fetched anew.
   */
  void discard(Extent extent);

  /** Whether asking for the extent now would cost the origin nothing. */
  boolean isResident(Extent extent);

  /** Whether someone is bringing the extent right now, so that asking for it would wait. */
  boolean isOnItsWay(Extent extent);

  /** New memory for decoded bytes; the caller has reserved it and gives it back. */
  ByteChunks allocate(long length);

  /** Takes memory back for reuse; the caller must not touch it again. */
  void release(ByteChunks memory);

  /** The budget for everything that is not retained: in flight, prefetched, in use, decoded. */
  ByteBudget workingMemory();

  /** Checksums of extents whose objects were verified against a published hash. */
  ExtentChecksums checksums();

  /** Lets the policy ask a job's plan until the registration is closed. */
  Registration register(AccessPlan plan);

  /** What the cache holds and has done since it was made or {@link #resetStatistics} was called. */
  CacheStatistics statistics();

  /** Sets the counters, not the contents, to zero. */
  void resetStatistics();

  /** Drops everything that is not pinned. */
  void clear();

  @Override
  void close();

  /**
   * Why an extent is asked for.
   *
   * @param purpose the epoch of a scan, compared by {@code equals}; see {@link PinnedExtent.Touch}
   * @param retain whether it may stay after the last pin is closed; false for what is known not to
   *     be read again, or has its home in another cache
   */
  record Access(Object purpose, boolean retain) {}

  /** Ends a registration. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
