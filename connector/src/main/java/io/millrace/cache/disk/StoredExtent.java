// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.Extent;
import io.millrace.cache.ExtentAges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An extent that is on disk, and where. Guarded by the store's lock. */
final class StoredExtent {

  private static final int MAX_PURPOSES = 4;

  /**
   * What one takes of the heap beside its names: its entries in the maps of store and policy, the
   * extent, its version and its age; rounded up from what a 64-bit JVM with compressed references
   * uses.
   */
  private static final long BOOKKEEPING_BYTES = 512;

  final Extent extent;
  final long recordBytes;

  /** When its bytes left their origin, by {@link io.millrace.cache.TimeToLive#now}. */
  final long fetchedNanos;

  /** While it is among the contents. */
  ExtentAges.@Nullable Age age;

  Segment segment;
  long offset;

  /** Whether a reader found the checksums within its bytes right, since they were fetched. */
  boolean intact;

  /** Whether it is no more. */
  boolean dead;

  private Object[] purposes = {};

  StoredExtent(Extent extent, long recordBytes, long fetchedNanos, Segment segment, long offset) {
    this.extent = extent;
    this.recordBytes = recordBytes;
    this.fetchedNanos = fetchedNanos;
    this.segment = segment;
    this.offset = offset;
  }

  /** A dead one whose record was copied before that was known. */
  StoredExtent movedTo(Segment to, long place) {
    StoredExtent copy = new StoredExtent(extent, recordBytes, fetchedNanos, to, place);
    copy.dead = true;
    return copy;
  }

  /** Notes who asks for it; whether the same purpose, of the newest few, did so before. */
  boolean askedBefore(Object purpose) {
    for (Object known : purposes) {
      if (known.equals(purpose)) {
        return true;
      }
    }
    int from = purposes.length < MAX_PURPOSES ? 0 : 1;
    purposes = Arrays.copyOfRange(purposes, from, purposes.length + 1);
    purposes[purposes.length - 1] = purpose;
    return false;
  }

  /** Bytes of the heap that knowing of an extent on disk takes. */
  static long indexBytes(Extent extent) {
    return BOOKKEEPING_BYTES
        + 2L * extent.object().uri().length()
        + extent.version().tag().length();
  }
}
