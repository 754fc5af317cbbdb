// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.Extent;
import io.millrace.cache.TimeToLive;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Extents in the segment files of one directory. Any thread reads, asks and drops; one thread, the
 * writer, writes and reclaims. A lock guards the index and all numbers, and is never held during
 * input or output.
 *
 * <p>The bound is on files: what an evicted extent took counts until its segment was deleted.
 * Before a record is appended there is room for it, made by deleting segments without live records
 * and by moving the live records of the segment that has the fewest. The policy says which extents
 * are likely to go together; they share segments, so that little is moved: under {@code plan} the
 * set stays the same once it was found, and nothing is written any more.
 *
 * <p>Nothing is forced to the device. A process that dies loses nothing that was written; after a
 * machine died, checksums tell what was not.
 */
final class SegmentStore implements AutoCloseable {

  private final RecordIo records;
  private final TimeToLive ttl;
  private final ReentrantLock lock;
  private final StoreContents contents;
  private final SegmentFiles segments;
  private final StoreLimits limits;

  private boolean closed;
  private long reads;
  private long readBytes;
  private long writes;
  private long writtenBytes;
  private long damages;

  SegmentStore(
      RecordIo records,
      TimeToLive ttl,
      ReentrantLock lock,
      StoreContents contents,
      SegmentFiles segments,
      long damages) {
    this.records = records;
    this.ttl = ttl;
    this.lock = lock;
    this.contents = contents;
    this.segments = segments;
    this.limits = segments.limits();
    this.damages = damages;
  }

  /** Whether there is such an extent; reading it may still find it damaged. */
  boolean contains(Extent extent) {
    lock.lock();
    try {
      return !closed && contents.get(extent) != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads an extent.
   *
   * @return when it was fetched, if it was there and whole; one that is damaged is dropped, and one
   *     that became too old meanwhile is not there
   * @throws ClosedByInterruptException if the thread was interrupted; others are not disturbed
   * @throws IOException if the disk failed
   */
  OptionalLong read(Extent extent, ByteChunks target) throws IOException {
    StoredExtent stored;
    Segment segment;
    long offset;
    lock.lock();
    try {
      stored = closed ? null : contents.get(extent);
      if (stored == null) {
        return OptionalLong.empty();
      }
      segment = stored.segment;
      offset = stored.offset;
      segment.readers++;
    } finally {
      lock.unlock();
    }
    boolean whole = false;
    boolean failed = true;
    try {
      whole = records.read(segment.file, offset, extent, target);
      failed = false;
    } catch (ClosedByInterruptException e) {
      failed = false;
      whole = true; // as far as is known
      throw e;
    } catch (ClosedChannelException e) {
      if (!isClosed()) {
        throw e;
      }
      failed = false;
      whole = true;
      return OptionalLong.empty();
    } finally {
      readEnded(stored, segment, whole && !failed);
    }
    return whole && counted(stored) ? OptionalLong.of(stored.fetchedNanos) : OptionalLong.empty();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void readEnded(StoredExtent stored, Segment segment, boolean whole) {
    lock.lock();
    try {
      segment.readers--;
      if (!whole && !stored.dead && !closed) {
        damages++;
        contents.remove(stored);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts what was read, unless it is too old by now. */
  private boolean counted(StoredExtent stored) {
    lock.lock();
    try {
      if (ttl.isOver(stored.fetchedNanos)) {
        return false;
      }
      reads++;
      readBytes += stored.extent.length();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that an extent is used; null if there is none. The answer is used under no lock. */
  @Nullable Use use(Extent extent, Object purpose) {
    lock.lock();
    try {
      StoredExtent stored = closed ? null : contents.get(extent);
      if (stored == null) {
        return null;
      }
      contents.used(stored);
      return new Use(stored.askedBefore(purpose), stored.intact, stored.fetchedNanos);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What was known of an extent when it was used.
   *
   * @param again whether the same purpose has asked for it before
   * @param intact whether the checksums within its bytes were found right in this process
   * @param fetchedNanos when these bytes were fetched
   */
  record Use(boolean again, boolean intact, long fetchedNanos) {}

  /**
   * Notes that the checksums within an extent's bytes match.
   *
   * @param fetchedNanos of which fetch they are: there may be those of another one by now
   */
  void markIntact(Extent extent, long fetchedNanos) {
    lock.lock();
    try {
      StoredExtent stored = contents.get(extent);
      if (stored != null && stored.fetchedNanos == fetchedNanos) {
        stored.intact = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether an extent would be written, as far as can be told now. */
  boolean wouldAdmit(Extent extent) {
    lock.lock();
    try {
      return !closed
          && contents.get(extent) == null
          && contents.wouldAdmit(
              extent,
              RecordHeader.recordBytes(RecordHeader.FIXED_LENGTH, extent.length()),
              segments.liveBound());
    } finally {
      lock.unlock();
    }
  }

  /** Forgets an extent; the writer marks it on disk. */
  void discard(Extent extent) {
    lock.lock();
    try {
      StoredExtent stored = closed ? null : contents.get(extent);
      if (stored != null) {
        contents.remove(stored);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything; the writer deletes it. */
  void clear() {
    lock.lock();
    try {
      if (!closed) {
        List.copyOf(contents.all()).forEach(contents::remove);
        segments.giveUp();
      }
    } finally {
      lock.unlock();
    }
  }

  void setPlans(List<AccessPlan> plans) {
    lock.lock();
    try {
      contents.setPlans(plans);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes an extent, if it is worth its room. By the writer.
   *
   * @param fetchedNanos when it was fetched
   * @param purposes those who have asked for it
   * @return whether it is there now
   */
  boolean write(Extent extent, ByteChunks bytes, long fetchedNanos, Iterable<Object> purposes)
      throws IOException {
    RecordIo.NewRecord record = records.recordOf(extent, bytes, ttl.toWallClock(fetchedNanos));
    if (record == null) {
      return false;
    }
    long size = record.bytes();
    maintain();
    lock.lock();
    try {
      if (contents.get(extent) != null) {
        return true;
      }
      if (!contents.admit(extent, size, segments.liveBound(), limits.indexBytes())) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    if (!segments.makeRoom(size)) {
      return false;
    }
    SegmentFiles.Place place = segments.append(contents.lifetime(extent), size, record::write);
    lock.lock();
    try {
      StoredExtent stored =
          new StoredExtent(extent, size, fetchedNanos, place.segment(), place.offset());
      purposes.forEach(stored::askedBefore);
      contents.add(stored);
      writes++;
      writtenBytes += size;
    } finally {
      lock.unlock();
    }
    return true;
  }

  /**
   * Keeps to the bounds, which may have become narrower, and marks on disk what is no more. By the
   * writer.
   */
  void maintain() throws IOException {
    segments.measure();
    lock.lock();
    try {
      contents.evictTo(segments.liveBound(), limits.indexBytes());
    } finally {
      lock.unlock();
    }
    segments.markDead();
    segments.makeRoom(0);
  }

  /** The disk refused to grow, whatever it says of itself: keeps to less for a while. */
  void full() {
    segments.full();
  }

  /** Whether it is kept from using all of its capacity. */
  boolean isNarrow() {
    return segments.room() < limits.capacityBytes();
  }

  /** The room that it has at the moment. */
  long room() {
    return segments.room();
  }

  /** Memory that the index takes. */
  long indexBytes() {
    lock.lock();
    try {
      return contents.indexBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that may be kept from one epoch to the next, with the room that there is now. */
  long retainableBytes() {
    return segments.liveBound();
  }

  /** For statistics: the counts since the last reset, and what there is. */
  Counts counts() {
    lock.lock();
    try {
      contents.expire();
      return new Counts(
          segments.fileBytes(),
          contents.count(),
          contents.liveBytes(),
          contents.rawBytes(),
          reads,
          readBytes,
          writes + segments.moves(),
          writtenBytes + segments.movedBytes(),
          contents.evictions(),
          contents.rejections(),
          contents.expirations(),
          damages + segments.damages());
    } finally {
      lock.unlock();
    }
  }

  /**
   * As in {@link io.millrace.cache.DiskStatistics}.
   *
   * @param liveBytes of records that can be read
   * @param rawBytes what these stand for
   */
  record Counts(
      long bytes,
      long extents,
      long liveBytes,
      long rawBytes,
      long reads,
      long readBytes,
      long writes,
      long writtenBytes,
      long evictions,
      long rejections,
      long expirations,
      long damages) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** What there is now, and what was counted then and before that. */
    Counts after(Counts before) {
      return new Counts(
          bytes,
          extents,
          liveBytes,
          rawBytes,
          reads + before.reads,
          readBytes + before.readBytes,
          writes + before.writes,
          writtenBytes + before.writtenBytes,
          evictions + before.evictions,
          rejections + before.rejections,
          expirations + before.expirations,
          damages + before.damages);
    }
  }

  void resetCounters() {
    lock.lock();
    try {
      reads = 0;
      readBytes = 0;
      writes = 0;
      writtenBytes = 0;
      damages = 0;
      contents.resetCounters();
      segments.resetCounters();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the files, which stay. Reads that are under way find nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    segments.close();
  }
}
