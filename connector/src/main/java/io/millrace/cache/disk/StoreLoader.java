// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.CachePolicies;
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
  private final StoreContents contents;
  private final SegmentFiles segments;
  private final ReentrantLock lock = new ReentrantLock();
  private long damages;

  private StoreLoader(
      StoreDirectory directory, String policy, SegmentFiles.Setup setup, StoreLimits limits) {
    this.directory = directory;
    this.files = setup.files();
    this.contents = new StoreContents(CachePolicies.named(policy));
    this.segments = new SegmentFiles(setup, limits, lock, contents);
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
    StoreLoader loader = new StoreLoader(directory, setup.policy(), files, setup.limits());
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
      SegmentStore store = new SegmentStore(records, lock, contents, segments, damages);
      store.maintain();
      segments.reopen();
      LOG.info("Found {} extents in {}, {} damaged", contents.count(), directory, damages);
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

  private void found(Segment segment, RecordHeader header, long offset) {
    if (header.live()) {
      contents.add(new StoredExtent(header.extent(), header.recordBytes(), segment, offset));
    }
  }
}
