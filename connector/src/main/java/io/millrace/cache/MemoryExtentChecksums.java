// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Checksums in open-addressing tables of a 128-bit fingerprint (XXH3 of location, version, offset
 * and length) and the 32-bit checksum: at most {@value #MAX_BYTES_PER_KEY} bytes for each extent,
 * and for each verified object, however long their names; fingerprints of that size do not meet by
 * chance.
 *
 * <p>The tables are many and small, each with its own lock, so that none is long busy growing.
 */
final class MemoryExtentChecksums implements ExtentChecksums {

  /** 20 bytes a place, and at least 3 of 8 places taken after a table has doubled. */
  static final int MAX_BYTES_PER_KEY = 54;

  private static final int TABLES = 64;

  /** Stands for the object itself: no extent has this offset. */
  private static final long WHOLE_OBJECT = -1;

  private final ChecksumTable[] tables = new ChecksumTable[TABLES];

  MemoryExtentChecksums() {
    this(Long.MAX_VALUE);
  }

  /**
   * @param maxBytes of the tables: what comes when they are full is not recorded
   */
  MemoryExtentChecksums(long maxBytes) {
    for (int i = 0; i < TABLES; i++) {
      tables[i] = new ChecksumTable(maxBytes / TABLES);
    }
  }

  @Override
  public boolean isVerified(ObjectLocation object, ObjectVersion version) {
    return get(fingerprint(object, version, WHOLE_OBJECT, 0)).isPresent();
  }

  @Override
  public OptionalInt expected(Extent extent) {
    return get(fingerprint(extent));
  }

  @Override
  public void record(Extent extent, int crc32c) {
    put(fingerprint(extent), crc32c);
  }

  @Override
  public void markVerified(ObjectLocation object, ObjectVersion version) {
    put(fingerprint(object, version, WHOLE_OBJECT, 0), 0);
  }

  /** Compares bytes with the checksum that is known of their extent, if one is. */
  void check(Extent extent, ByteChunks memory) throws CorruptObjectException {
    OptionalInt known = expected(extent);
    if (known.isEmpty()) {
      return;
    }
    int found = Checksums.crc32c(memory);
    if (found != known.getAsInt()) {
      throw new CorruptObjectException(
          extent.object(),
          extent.offset(),
          String.format(
              Locale.ROOT,
              "%d bytes have CRC32C %08x, but had %08x when the object matched its published hash",
              extent.length(),
              found,
              known.getAsInt()));
    }
  }

  /** Forgets an extent's checksum, and so that its object has all of them. */
  void forget(Extent extent) {
    remove(fingerprint(extent));
    remove(fingerprint(extent.object(), extent.version(), WHOLE_OBJECT, 0));
  }

  /** Bytes of the tables' arrays. */
  long bytes() {
    long bytes = 0;
    for (ChecksumTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }

  private OptionalInt get(HashValue128 key) {
    return table(key).get(key.getMostSignificantBits(), key.getLeastSignificantBits());
  }

  private void put(HashValue128 key, int value) {
    table(key).put(key.getMostSignificantBits(), key.getLeastSignificantBits(), value);
  }

  private void remove(HashValue128 key) {
    table(key).remove(key.getMostSignificantBits(), key.getLeastSignificantBits());
  }

  private ChecksumTable table(HashValue128 key) {
    return tables[(int) (key.getMostSignificantBits() >>> 58)];
  }

  private static HashValue128 fingerprint(Extent extent) {
    return fingerprint(extent.object(), extent.version(), extent.offset(), extent.length());
  }

  private static HashValue128 fingerprint(
      ObjectLocation object, ObjectVersion version, long offset, long length) {
    return Hashing.xxh3_128()
        .hashStream()
        .putString(object.uri())
        .putLong(version.length())
        .putLong(version.modifiedMillis())
        .putString(version.tag())
        .putLong(offset)
        .putLong(length)
        .get();
  }
}
