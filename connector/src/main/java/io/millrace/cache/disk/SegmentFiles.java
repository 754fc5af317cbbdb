// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.CachePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a {@link SegmentStore}: appends records and reclaims what dead ones take. Used by
 * the store's writer, but for the sums; numbers change under the store's lock, so that readers see
 * them whole.
 */
final class SegmentFiles {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

  /** How long a disk that refused to grow is not asked again. */
  private static final long FULL_NANOS = 60_000_000_000L;

  /**
   * Where the files are.
   *
   * @param minFree share of the file system that stays free
   * @param reservedElsewhere bytes that count against the bound, too
   */
  record Setup(
      Path directory,
      DiskFiles files,
      double minFree,
      LongSupplier reservedElsewhere,
      LongSupplier nanoClock) {}

  private final Setup setup;
  private final StoreLimits limits;
  private final ReentrantLock lock;
  private final StoreContents contents;
  private final Map<Long, Segment> segments = new HashMap<>();

  /** Those that are appended to, by lifetime. */
  private final @Nullable Segment[] open = new @Nullable Segment[CachePolicy.LIFETIMES];

  /** Segments that cannot be opened, and what they take of {@link #fileBytes}. */
  private final List<Path> leftAlone = new ArrayList<>();

  private long leftAloneBytes;
  private volatile boolean givenUp;
  private long nextId;
  private long fileBytes;
  private long moves;
  private long movedBytes;
  private long damages;
  private volatile long room;
  private volatile long liveBound;
  private boolean full;
  private long fullBytes;
  private long fullSince;

  SegmentFiles(Setup setup, StoreLimits limits, ReentrantLock lock, StoreContents contents) {
    this.setup = setup;
    this.limits = limits;
    this.lock = lock;
    this.contents = contents;
    this.room = limits.capacityBytes();
    this.liveBound = limits.liveBound(room);
  }

  StoreLimits limits() {
    return limits;
  }

  /** What the files may take now: the capacity, unless the file system has less to give. */
  long room() {
    return room;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** Records moved to reclaim room. */
  long moves() {
    return moves;
  }

  long movedBytes() {
    return movedBytes;
  }

  /** Records that could not be moved because they could not be read. */
  long damages() {
    return damages;
  }

  void resetCounters() {
    moves = 0;
    movedBytes = 0;
    damages = 0;
  }

  /** Takes over a segment that is there already. */
  void adopt(Segment segment) {
    segments.put(segment.id, segment);
    fileBytes += StoreLimits.SEGMENT_OVERHEAD;
    nextId = Math.max(nextId, segment.id + 1);
  }

  /** Notes how long a segment is that is there already. */
  void lengthen(Segment segment, long length) {
    fileBytes += Math.max(0, length - segment.length);
    segment.length = Math.max(length, segment.length);
  }

  /** Counts a file that cannot be opened. */
  void leaveAlone(Path path, long bytes) {
    leftAlone.add(path);
    leftAloneBytes += bytes + StoreLimits.SEGMENT_OVERHEAD;
    fileBytes += bytes + StoreLimits.SEGMENT_OVERHEAD;
    nextId = Math.max(nextId, Segment.idOf(path) + 1);
  }

  /** Forgets what was left alone, too: after this nothing is worth keeping. */
  void giveUp() {
    segments.values().forEach(segment -> segment.partlyKnown = false);
    givenUp = true;
  }

  /** Goes on with segments that have room, as far as their records belong together. */
  void reopen() {
    Map<Segment, Integer> lifetimes = new HashMap<>();
    for (StoredExtent stored : contents.all()) {
      int lifetime = contents.lifetime(stored.extent);
      lifetimes.merge(stored.segment, lifetime, (a, b) -> a.equals(b) ? a : -1);
    }
    lifetimes.forEach(
        (segment, lifetime) -> {
          if (lifetime < 0 || segment.sealed || segment.length >= limits.segmentBytes()) {
            segment.sealed = true;
          } else if (open[lifetime] == null) {
            open[lifetime] = segment;
          }
        });
  }

  /** Finds out how much room there is. */
  void measure() throws IOException {
    DiskFiles.Space space = setup.files().space(setup.directory());
    long free = space.usableBytes() - (long) (setup.minFree() * space.totalBytes());
    long now =
        Math.min(limits.capacityBytes() - setup.reservedElsewhere().getAsLong(), fileBytes + free);
    if (full && setup.nanoClock().getAsLong() - fullSince > FULL_NANOS) {
      full = false;
    }
    room = Math.max(0, full ? Math.min(now, fullBytes) : now);
    liveBound = limits.liveBound(Math.max(0, room - stuckBytes()));
  }

  /** What neither holds a record that is known nor can be reclaimed. */
  private long stuckBytes() {
    lock.lock();
    try {
      long bytes = leftAloneBytes;
      for (Segment segment : segments.values()) {
        if (segment.partlyKnown) {
          bytes += segment.length + StoreLimits.SEGMENT_OVERHEAD - segment.liveBytes;
        }
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of live records that there may be now. */
  long liveBound() {
    return liveBound;
  }

  /** Notes that the disk refused to grow, and takes a segment less than it has now. */
  void full() {
    full = true;
    fullBytes = Math.max(0, fileBytes - limits.segmentBytes());
    fullSince = setup.nanoClock().getAsLong();
  }

  /** Where a record was appended. */
  record Place(Segment segment, long offset) {}

  /** Writes a record to its place. */
  interface Appender {
    void append(DiskFile file, long offset) throws IOException;
  }

  /** Appends a record; what is left of it after a failure is cut off, or never used. */
  Place append(int lifetime, long bytes, Appender appender) throws IOException {
    Segment segment = open[lifetime];
    if (segment != null && segment.length > 0 && segment.length + bytes > limits.segmentBytes()) {
      segment.sealed = true;
      segment = null;
    }
    if (segment == null) {
      segment = create();
      open[lifetime] = segment;
    }
    long offset = segment.length;
    boolean done = false;
    try {
      appender.append(segment.file, offset);
      done = true;
    } finally {
      if (!done) {
        cutOff(segment, bytes);
      }
    }
    grow(segment, bytes);
    return new Place(segment, offset);
  }

  private Segment create() throws IOException {
    Path path = Segment.pathOf(setup.directory(), nextId);
    Segment segment = new Segment(nextId, path, setup.files().open(path));
    nextId++;
    lock.lock();
    try {
      segments.put(segment.id, segment);
      fileBytes += StoreLimits.SEGMENT_OVERHEAD;
    } finally {
      lock.unlock();
    }
    return segment;
  }

  private void grow(Segment segment, long bytes) {
    lock.lock();
    try {
      segment.length += bytes;
      fileBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  private void cutOff(Segment segment, long bytes) {
    try {
      segment.file.truncate(segment.length);
    } catch (IOException e) {
      LOG.debug("Cannot cut off what was written to {}", segment, e);
      close(segment);
      grow(segment, bytes);
    }
  }

  /** Appends no more to a segment. */
  private void close(Segment segment) {
    segment.sealed = true;
    for (int i = 0; i < open.length; i++) {
      if (open[i] == segment) {
        open[i] = null;
      }
    }
  }

  /** Marks on disk what was dropped, so that a later process does not find it. */
  void markDead() throws IOException {
    List<StoredExtent> dropped;
    lock.lock();
    try {
      dropped = contents.takeUnmarked();
    } finally {
      lock.unlock();
    }
    int marked = 0;
    try {
      deleteEmpty();
      for (StoredExtent stored : dropped) {
        if (segments.get(stored.segment.id) == stored.segment) {
          RecordIo.markDead(stored.segment.file, stored.offset);
        }
        marked++;
      }
    } finally {
      putBack(dropped.subList(marked, dropped.size()));
    }
  }

  /** Has records marked the next time. */
  private void putBack(List<StoredExtent> unmarked) {
    lock.lock();
    try {
      contents.putBackUnmarked(unmarked);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reclaims until a record fits, and the files are within their bound.
   *
   * @return whether it does
   */
  boolean makeRoom(long bytes) throws IOException {
    long needed = bytes == 0 ? 0 : bytes + StoreLimits.SEGMENT_OVERHEAD;
    while (true) {
      deleteEmpty();
      if (fileBytes + needed <= limits.appendBound(room)) {
        return true;
      }
      Segment emptiest = emptiest();
      if (emptiest == null) {
        return false;
      }
      close(emptiest);
      move(emptiest);
      if (emptiest.liveBytes > 0) {
        return false;
      }
    }
  }

  private void deleteEmpty() throws IOException {
    List<Segment> empty = new ArrayList<>();
    lock.lock();
    try {
      for (Segment segment : segments.values()) {
        if (segment.liveBytes == 0 && segment.readers == 0 && !segment.partlyKnown) {
          empty.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
    for (Segment segment : empty) {
      close(segment);
      closeFile(segment);
      setup.files().delete(segment.path);
      lock.lock();
      try {
        segments.remove(segment.id);
        fileBytes -= segment.length + StoreLimits.SEGMENT_OVERHEAD;
      } finally {
        lock.unlock();
      }
    }
    deleteGivenUp();
  }

  private void deleteGivenUp() throws IOException {
    if (!givenUp) {
      return;
    }
    for (Path path : leftAlone) {
      setup.files().delete(path);
    }
    leftAlone.clear();
    lock.lock();
    try {
      fileBytes -= leftAloneBytes;
      leftAloneBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The segment whose move frees the most for what it costs; null if none would free anything. */
  private @Nullable Segment emptiest() {
    lock.lock();
    try {
      Segment emptiest = null;
      double least = 1;
      for (Segment segment : segments.values()) {
        double live = (double) segment.liveBytes / Math.max(1, segment.length);
        if (segment.liveBytes > 0 && live < least && !segment.partlyKnown) {
          least = live;
          emptiest = segment;
        }
      }
      return emptiest;
    } finally {
      lock.unlock();
    }
  }

  /** Moves what is live in a segment; where the disk has no room for that, it is dropped. */
  private void move(Segment from) throws IOException {
    for (StoredExtent stored : liveIn(from)) {
      boolean fits =
          fileBytes + stored.recordBytes + StoreLimits.SEGMENT_OVERHEAD <= limits.capacityBytes();
      try {
        if (fits) {
          move(stored, from);
        } else {
          drop(stored);
        }
      } catch (RecordIo.UnreadableException e) {
        LOG.debug("Cannot move {} out of {}: it is dropped", stored.extent, from, e);
        damages++;
        drop(stored);
      } catch (IOException e) {
        if (!DiskErrors.isFull(e)) {
          throw e;
        }
        drop(stored);
      }
    }
  }

  private void move(StoredExtent stored, Segment from) throws IOException {
    long offset = stored.offset;
    Place to =
        append(
            contents.lifetime(stored.extent),
            stored.recordBytes,
            (file, place) -> RecordIo.copy(from.file, offset, file, place, stored.recordBytes));
    lock.lock();
    try {
      if (stored.dead) {
        contents.putBackUnmarked(List.of(stored.movedTo(to.segment(), to.offset())));
      } else {
        contents.moved(stored, to.segment(), to.offset());
      }
      moves++;
      movedBytes += stored.recordBytes;
    } finally {
      lock.unlock();
    }
  }

  private void drop(StoredExtent stored) {
    lock.lock();
    try {
      contents.remove(stored);
    } finally {
      lock.unlock();
    }
  }

  private List<StoredExtent> liveIn(Segment segment) {
    lock.lock();
    try {
      Collection<StoredExtent> all = contents.all();
      return all.stream().filter(stored -> stored.segment == segment).toList();
    } finally {
      lock.unlock();
    }
  }

  private static void closeFile(Segment segment) {
    try {
      segment.file.close();
    } catch (IOException e) {
      LOG.debug("Cannot close {}", segment, e);
    }
  }

  /** Closes all files. */
  void close() {
    for (Segment segment : segments.values()) {
      closeFile(segment);
    }
  }
}
