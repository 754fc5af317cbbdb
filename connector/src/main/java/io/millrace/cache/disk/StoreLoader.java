// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.CachePolicies;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.nio.file.Path;
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
   */
  static SegmentStore open(StoreDirectory directory, DiskVolume.Setup setup) throws IOException {
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
    return new StoreLoader(directory, setup.policy(), files, setup.limits()).load(records);
  }

  private SegmentStore load(RecordIo records) throws IOException {
    boolean done = false;
    try {
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

  private void load(Path path) throws IOException {
    DiskFile file = files.open(path);
    Segment segment = new Segment(Segment.idOf(path), path, file);
    try {
      SegmentScan scan = new SegmentScan(file, directory.identity());
      long end = scan.run((header, offset) -> found(segment, header, offset));
      damages += scan.damages();
      segment.length = end;
      if (file.size() > end) {
        file.truncate(end);
      }
    } catch (IOException e) {
      LOG.warn("Cannot read all of {}: what was found so far is kept", path, e);
      segment.length = Math.max(segment.length, sizeOr(file, segment.liveBytes));
      segment.sealed = true;
    }
    segments.adopt(segment);
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
