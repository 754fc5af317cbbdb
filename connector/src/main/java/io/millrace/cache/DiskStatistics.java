// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * The tier on disk at one moment, all its directories together. Bytes are of files, what is waiting
 * to be reclaimed included; counts are since the last reset.
 *
 * @param state {@link #OK}, {@link #DEGRADED} or {@link #OFF}
 * @param capacityBytes the bound
 * @param bytes what the files take
 * @param extents number of extents that can be read
 * @param reads extents read
 * @param readBytes their bytes
 * @param writes extents written, those that were moved to reclaim room included
 * @param writtenBytes bytes written for them
 * @param evictions extents removed to make room
 * @param rejections extents not kept because what was there is worth more
 * @param expirations extents dropped because they were older than the time to live
 * @param skips extents not written because the disk was too slow or failed
 * @param damages extents that were found torn or damaged, and dropped
 */
public record DiskStatistics(
    int state,
    long capacityBytes,
    long bytes,
    long extents,
    long reads,
    long readBytes,
    long writes,
    long writtenBytes,
    long evictions,
    long rejections,
    long expirations,
    long skips,
    long damages) {

  /** All of it works. */
  public static final int OK = 0;

  /** It holds less than it is allowed to: a disk is full or fails. */
  public static final int DEGRADED = 1;

  /** No directory works. */
  public static final int OFF = 2;

  /** There is no such tier. */
  public static final DiskStatistics NONE =
      new DiskStatistics(OK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Two directories together; what is off in one of them only is degraded. */
  public DiskStatistics plus(DiskStatistics other) {
    return new DiskStatistics(
        state == other.state ? state : DEGRADED,
        capacityBytes + other.capacityBytes,
        bytes + other.bytes,
        extents + other.extents,
        reads + other.reads,
        readBytes + other.readBytes,
        writes + other.writes,
        writtenBytes + other.writtenBytes,
        evictions + other.evictions,
        rejections + other.rejections,
        expirations + other.expirations,
        skips + other.skips,
        damages + other.damages);
  }
}
