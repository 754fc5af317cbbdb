// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.CachePolicy;

/**
 * How a store divides the bytes that it may take.
 *
 * <p>Evicted extents leave gaps, and a gap is only free again when its segment was moved elsewhere
 * or is empty. So less is kept than there is room for: what is kept back is room for gaps, so that
 * segments with few extents left are found, and for one segment that is being moved.
 *
 * @param capacityBytes bound on the files
 * @param segmentBytes a segment is closed when it has no room for the next record within these
 * @param reservedBytes of the capacity, what no live record may take
 * @param indexBytes bound on the memory that the index takes
 */
record StoreLimits(long capacityBytes, long segmentBytes, long reservedBytes, long indexBytes) {

  /** Of each segment file, beside its records: its last block and its place in the directory. */
  static final long SEGMENT_OVERHEAD = 4096;

  private static final long MIN_SEGMENT = 64 << 10;
  private static final long MAX_SEGMENT = 128 << 20;

  /**
   * @param grouped whether extents that go at the same time are kept together: then gaps gather in
   *     few segments, and a sixteenth is enough; else an eighth
   */
  static StoreLimits of(long capacityBytes, boolean grouped, long indexBytes) {
    long segment = Math.max(MIN_SEGMENT, Math.min(MAX_SEGMENT, capacityBytes / 32));
    long reserved =
        Math.max(3 * segment, capacityBytes / (grouped ? 16 : 8))
            + 2 * CachePolicy.LIFETIMES * SEGMENT_OVERHEAD;
    return new StoreLimits(capacityBytes, segment, reserved, indexBytes);
  }

  /** Bytes of live records that a store of some room may have. */
  long liveBound(long room) {
    long bytes = Math.max(0, Math.min(capacityBytes, room));
    double share = (double) bytes / capacityBytes;
    return Math.max(0, bytes - Math.max(2 * segmentBytes, (long) (share * reservedBytes)));
  }

  /** Bytes that files may have once something was appended, other than to move it. */
  long appendBound(long room) {
    return Math.max(0, Math.min(capacityBytes, room) - segmentBytes);
  }
}
