// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.CachePolicies;
import io.millrace.cache.TimeToLive;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a store of what lies in a directory: reads headers only. */
final class StoreLoader {

  private static final Logger LOG = LoggerFactory.getLogger(StoreLoader.class);

  private final StoreDirectory directory;
  private final DiskFiles files;
  private final TimeToLive ttl;
  private final StoreContents contents;
  private final SegmentFiles segments;
  private final ReentrantLock lock = new ReentrantLock();
  private long damages;

  private StoreLoader(
      StoreDirectory directory, DiskVolume.Setup setup, SegmentFiles.Setup segments) {
    this.directory = directory;
    this.files = setup.files();
    this.ttl = setup.ttl();
    this.contents = new StoreContents(CachePolicies.named(setup.policy()), ttl);
    this.segments = new SegmentFiles(segments, setup.limits(), lock, contents);
  }

  /**
   * Opens a store.
   *
   * @param directory locked; the caller closes it after the store
   * @param plans of the jobs that live now, which say what goes if there is less room than before
   */
  static SegmentStore open(StoreDirectory directory, DiskVolume.Setup setup, List<AccessPlan> plans)
      throws IOException {
    SegmentFiles.Setup files =
        new SegmentFiles.Setup(
            directory.path(),
            setup.files(),
            setup.settings().minFree(),
            directory::leftoverBytes,
            System::nanoTime);
    RecordIo records =
        new RecordIo(
            directory.identity(), setup.compression(), setup.compresses(), setup.scratch());
    StoreLoader loader = new StoreLoader(directory, setup, files);
    loader.contents.setPlans(plans);
    return loader.load(records);
  }

  private SegmentStore load(RecordIo records) throws IOException {
    boolean done = false;
    try {
      directory.deleteForeign();
      for (Path path : directory.segments()) {
        load(path);
      }
      SegmentStore store = new SegmentStore(records, ttl, lock, contents, segments, damages);
      store.maintain();
      segments.reopen();
      LOG.info(
          "Found {} extents in {}, {} damaged, {} too old",
          contents.count(),
          directory,
          damages,
          contents.expirations());
      done = true;
      return store;
    } finally {
      if (!done) {
        segments.close();
      }
    }
  }

  /** What cannot be read now is left alone: the next process may be luckier. */
  private void load(Path path) throws IOException {
    DiskFile file;
    try {
      file = files.open(path);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("Cannot open {}, which is left as it is", path, e);
      segments.leaveAlone(path, sizeOf(path));
      return;
    }
    Segment segment = new Segment(Segment.idOf(path), path, file);
    segments.adopt(segment);
    boolean scanned = false;
    try {
      SegmentScan scan = new SegmentScan(file, directory.identity());
      long end = scan.run((header, offset) -> found(segment, header, offset));
      scanned = true;
      damages += scan.damages();
      segments.lengthen(segment, end);
      if (file.size() > end) {
        file.truncate(end);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("Cannot read all of {}: what was found so far is kept", path, e);
      segments.lengthen(segment, sizeOr(file, segment.liveBytes));
      segment.sealed = true;
      segment.partlyKnown = !scanned;
    }
  }

  private long sizeOf(Path path) {
    try {
      return files.size(path);
    } catch (IOException e) {
      LOG.debug("Cannot tell the size of {}", path, e);
      return 0;
    }
  }

  private static long sizeOr(DiskFile file, long other) {
    try {
      return Math.max(other, (file.size() / RecordHeader.ALIGNMENT + 1) * RecordHeader.ALIGNMENT);
    } catch (IOException e) {
      return Math.max(other, ByteChunks.CHUNK_SIZE);
    }
  }

  /** Of several records of an extent, as a process that died may leave them, the newest counts. */
  private void found(Segment segment, RecordHeader header, long offset) {
    if (!header.live()) {
      return;
    }
    long fetchedNanos = ttl.fromWallClock(header.fetchedMillis());
    StoredExtent stored =
        new StoredExtent(header.extent(), header.recordBytes(), fetchedNanos, segment, offset);
    StoredExtent other = contents.get(header.extent());
    if (ttl.isOver(fetchedNanos)) {
      contents.foundExpired(stored);
    } else if (other != null && other.fetchedNanos - fetchedNanos > 0) {
      contents.foundDead(stored);
    } else {
      contents.add(stored);
    }
  }
}
