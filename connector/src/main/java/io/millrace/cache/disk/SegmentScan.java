// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds a segment's records by their headers; the bytes behind them are checked when they are read.
 * Where a header is damaged the next one is searched for, so that one fault costs one record. What
 * follows the last whole record is cut off: it is what a process that died left of a write.
 */
final class SegmentScan {

  private static final int SEARCH_BYTES = 64 * 1024;

  private final DiskFile file;
  private final UUID store;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(RecordHeader.MAX_LENGTH);
  private long damages;

  SegmentScan(DiskFile file, UUID store) throws IOException {
    this.file = file;
    this.store = store;
    this.size = file.size();
  }

  /** Takes a record that was found. */
  interface Sink {
    void found(RecordHeader header, long offset);
  }

  /**
   * Goes through the segment.
   *
   * @return where its last whole record ends
   */
  long run(Sink sink) throws IOException {
    long position = 0;
    while (position < size) {
      RecordHeader header = headerAt(position);
      if (header == null) {
        damages++;
        long next = nextHeader(position + RecordHeader.ALIGNMENT);
        if (next < 0) {
          return position;
        }
        position = next;
        continue;
      }
      long end = position + header.length() + header.storedBytes();
      if (end > size) {
        damages++;
        return position;
      }
      sink.found(header, position);
      position += header.recordBytes();
    }
    return position;
  }

  /** Records that were torn, or whose header was damaged. */
  long damages() {
    return damages;
  }

  private @Nullable RecordHeader headerAt(long position) throws IOException {
    fill(position, 512);
    int length = RecordHeader.lengthAt(window);
    if (length > window.limit()) {
      fill(position, length);
    }
    return RecordHeader.parse(window, store);
  }

  private void fill(long position, int bytes) throws IOException {
    window.clear().limit((int) Math.min(bytes, size - position));
    file.read(window, position);
    window.flip();
  }

  /** Where the next whole header is; negative if there is none. */
  private long nextHeader(long from) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SEARCH_BYTES);
    for (long begin = from; begin < size; begin += SEARCH_BYTES) {
      block.clear().limit((int) Math.min(SEARCH_BYTES, size - begin));
      file.read(block, begin);
      block.flip();
      for (int i = 0; i + Integer.BYTES <= block.limit(); i += RecordHeader.ALIGNMENT) {
        int mark = block.getInt(i);
        if ((mark == RecordHeader.LIVE_MARK || mark == RecordHeader.DEAD_MARK)
            && headerAt(begin + i) != null) {
          return begin + i;
        }
      }
    }
    return -1;
  }
}
