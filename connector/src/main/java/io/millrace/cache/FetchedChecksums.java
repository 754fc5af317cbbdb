// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.util.OptionalInt;

/**
 * CRC32C checksums of extents that were fetched and found to be of the right version by asking the
 * origin for it after that. Bytes of an extent, which is of one version, with the same checksum are
 * the same bytes: who fetches them once more need not ask again.
 *
 * <p>Bounded: what comes when it is full is not kept, and costs a request with each fetch. Those
 * that came first stay, since every epoch reads the same extents. Thread-safe.
 */
public final class FetchedChecksums {

  private final MemoryExtentChecksums checksums;

  /**
   * @param maxBytes memory that it takes at most, 54 bytes or less for each extent; some 20 KB if
   *     this is less
   */
  public FetchedChecksums(long maxBytes) {
    this.checksums = new MemoryExtentChecksums(maxBytes);
  }

  /** Whether these are the bytes that are known of an extent; false if none are. */
  public boolean knows(Extent extent, ByteChunks bytes) {
    OptionalInt known = checksums.expected(extent);
    return known.isPresent() && known.getAsInt() == Checksums.crc32c(bytes);
  }

  /**
   * Keeps the checksum of an extent's bytes, which were just found to be of its version.
   *
   * @return false if other bytes of it are known: either of the two are wrong. Nothing changes then
   */
  public boolean keep(Extent extent, ByteChunks bytes) {
    int found = Checksums.crc32c(bytes);
    synchronized (this) { // of two who bring different bytes at once only one may pass
      OptionalInt known = checksums.expected(extent);
      if (known.isEmpty()) {
        checksums.record(extent, found);
      }
      return known.isEmpty() || known.getAsInt() == found;
    }
  }

  /** Forgets an extent whose bytes turned out to be wrong. */
  public void forget(Extent extent) {
    checksums.forget(extent);
  }

  /** Bytes that it takes now. */
  long bytes() {
    return checksums.bytes();
  }
}
