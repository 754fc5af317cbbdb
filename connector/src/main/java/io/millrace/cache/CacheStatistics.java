// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/**
 * A cache at one moment. Bytes are of memory as allocated; counts are since the last reset.
 *
 * @param capacityBytes the bound
 * @param retainedBytes held by extents that nobody pins, and by compressed ones
 * @param workingBytes reserved by readers: in flight, prefetched, in use, decoded
 * @param workingPeakBytes the most of that at a time: the rest of the bound is what can stay from
 *     epoch to epoch
 * @param retainedExtents number of these retained extents
 * @param fetches extents brought from the origin
 * @param fetchedBytes their bytes
 * @param evictions extents removed to make room
 * @param rejections extents not kept because what was there is worth more
 * @param expirations extents dropped out of memory because they were older than the time to live
 * @param bytesSaved what the extents that are compressed at the moment would take more if they were
 *     not
 * @param disk the tier on disk; {@link DiskStatistics#NONE} where there is none. What was read from
 *     it is no fetch
 */
public record CacheStatistics(
    long capacityBytes,
    long retainedBytes,
    long workingBytes,
    long workingPeakBytes,
    long retainedExtents,
    long fetches,
    long fetchedBytes,
    long evictions,
    long rejections,
    long expirations,
    long bytesSaved,
    DiskStatistics disk) {

  /** How many bytes of the origin's a byte of what is retained stands for; 1 of an empty cache. */
  public double expansion() {
    return retainedBytes == 0 ? 1 : (double) (retainedBytes + bytesSaved) / retainedBytes;
  }
}
