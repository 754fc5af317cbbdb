// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.Extent;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before an extent's bytes in a segment, big-endian:
 *
 * <pre>
 *  0 int   mark: live or dead; the only thing that is ever overwritten
 *  4 int   CRC32C of the header from byte 8 on
 *  8 byte  format, 2
 *  9 byte  codec: how the bytes are stored
 * 10 short 0
 * 12 int   length of the header
 * 16 int   CRC32C of the header from byte 8 on, without this number, and the stored bytes
 * 20 int   CRC32C of the extent's bytes
 * 24 long  bytes stored
 * 32 long  bytes of the extent
 * 40 long  bytes of the object
 * 48 long  the object's time of modification, in milliseconds
 * 56 long  the extent's first byte in the object
 * 64 int   length of the location; int length of the tag
 * 72 long  when the extent was fetched, in milliseconds
 * 80       location and tag, UTF-8
 * </pre>
 *
 * <p>Format 1, which is still read, has no time of the fetch: its names begin at byte 72.
 *
 * <p>Records begin at multiples of {@value #ALIGNMENT}, so that the one after a damaged header can
 * be found. Both checksums begin with a random number of the store: no object's bytes can pass for
 * a record.
 *
 * @param live whether the record counts
 * @param codec {@link #RAW} or {@link #COMPRESSED}
 * @param length bytes of the header
 * @param crc of header and stored bytes
 * @param rawCrc of the extent's bytes
 * @param storedBytes bytes that follow
 * @param fetchedMillis the time of day of the fetch; {@link #UNKNOWN} of format 1
 * @param extent which they are
 */
record RecordHeader(
    boolean live,
    byte codec,
    int length,
    int crc,
    int rawCrc,
    long storedBytes,
    long fetchedMillis,
    Extent extent) {

  /** The extent's bytes as they are. */
  static final byte RAW = 0;

  /** The stored form of {@link io.millrace.cache.compression.ExtentCompression}. */
  static final byte COMPRESSED = 1;

  static final int ALIGNMENT = 64;

  /** Of any format: so much of a header can be read at first. */
  static final int MIN_LENGTH = 72;

  /** What stands before the names in what is written. */
  static final int FIXED_LENGTH = 80;

  /** Names beyond this are none that a store has; such an extent is not kept on disk. */
  static final int MAX_LENGTH = FIXED_LENGTH + 64 * 1024;

  static final int LIVE_MARK = 0x4d52_4543;
  static final int DEAD_MARK = 0x4d44_454c;

  /** Before any other time. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final byte FORMAT = 2;
  private static final byte FORMAT_WITHOUT_TIME = 1;
  private static final int CRC_START = 8;

  /** Bytes of a record, the gap to the next one included. */
  static long recordBytes(int headerLength, long storedBytes) {
    return (headerLength + storedBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  long recordBytes() {
    return recordBytes(length, storedBytes);
  }

  /** The header of a live record but for its checksums; null if the names are too long. */
  static @Nullable ByteBuffer begin(
      Extent extent, byte codec, long storedBytes, int rawCrc, long fetchedMillis) {
    byte[] uri = extent.object().uri().getBytes(StandardCharsets.UTF_8);
    byte[] tag = extent.version().tag().getBytes(StandardCharsets.UTF_8);
    long length = FIXED_LENGTH + (long) uri.length + tag.length;
    if (length > MAX_LENGTH) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    header.putInt(LIVE_MARK).putInt(0).put(FORMAT).put(codec).putShort((short) 0);
    header.putInt((int) length).putInt(0).putInt(rawCrc);
    header.putLong(storedBytes).putLong(extent.length());
    header.putLong(extent.version().length()).putLong(extent.version().modifiedMillis());
    header.putLong(extent.offset()).putInt(uri.length).putInt(tag.length);
    header.putLong(fetchedMillis).put(uri).put(tag);
    return header.flip();
  }

  /** A checksum that covers a header, which is all of the buffer; the stored bytes follow. */
  static CRC32C crcOf(ByteBuffer header, UUID store) {
    CRC32C crc = seeded(store);
    crc.update(header.array(), header.arrayOffset() + CRC_START, 16 - CRC_START);
    crc.update(header.array(), header.arrayOffset() + 20, header.limit() - 20);
    return crc;
  }

  /** Completes a header once the checksum of everything is known. */
  static void complete(ByteBuffer header, CRC32C crc, UUID store) {
    header.putInt(16, (int) crc.getValue());
    header.putInt(4, headerCrc(header, header.limit(), store));
  }

  private static CRC32C seeded(UUID store) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(16)
            .putLong(store.getMostSignificantBits())
            .putLong(store.getLeastSignificantBits())
            .flip());
    return crc;
  }

  private static int headerCrc(ByteBuffer header, int length, UUID store) {
    CRC32C crc = seeded(store);
    crc.update(header.array(), header.arrayOffset() + CRC_START, length - CRC_START);
    return (int) crc.getValue();
  }

  /** The length that a header gives itself; 0 if there can be none at the buffer's begin. */
  static int lengthAt(ByteBuffer bytes) {
    if (bytes.limit() < MIN_LENGTH) {
      return 0;
    }
    int mark = bytes.getInt(0);
    int length = bytes.getInt(12);
    boolean possible =
        (mark == LIVE_MARK || mark == DEAD_MARK) && length >= MIN_LENGTH && length <= MAX_LENGTH;
    return possible ? length : 0;
  }

  /** The header at the begin of a buffer over an array; null if it is none or damaged. */
  static @Nullable RecordHeader parse(ByteBuffer bytes, UUID store) {
    int length = lengthAt(bytes);
    if (length == 0
        || length > bytes.limit()
        || bytes.getInt(4) != headerCrc(bytes, length, store)) {
      return null;
    }
    return switch (bytes.get(8)) {
      case FORMAT ->
          length < FIXED_LENGTH ? null : parse(bytes, length, FIXED_LENGTH, bytes.getLong(72));
      case FORMAT_WITHOUT_TIME -> parse(bytes, length, MIN_LENGTH, UNKNOWN);
      default -> null;
    };
  }

  private static @Nullable RecordHeader parse(
      ByteBuffer bytes, int length, int names, long fetchedMillis) {
    int uriLength = bytes.getInt(64);
    int tagLength = bytes.getInt(68);
    long storedBytes = bytes.getLong(24);
    if (uriLength < 0
        || tagLength < 0
        || names + (long) uriLength + tagLength != length
        || storedBytes < 1
        || storedBytes > Long.MAX_VALUE / 2) {
      return null;
    }
    try {
      Extent extent =
          new Extent(
              ObjectLocation.of(text(bytes, names, uriLength)),
              new ObjectVersion(
                  bytes.getLong(40), bytes.getLong(48), text(bytes, names + uriLength, tagLength)),
              bytes.getLong(56),
              bytes.getLong(32));
      return new RecordHeader(
          bytes.getInt(0) == LIVE_MARK,
          bytes.get(9),
          length,
          bytes.getInt(16),
          bytes.getInt(20),
          storedBytes,
          fetchedMillis,
          extent);
    } catch (IllegalArgumentException e) {
      return null; // it says of itself what cannot be
    }
  }

  private static String text(ByteBuffer bytes, int offset, int length) {
    return new String(bytes.array(), bytes.arrayOffset() + offset, length, StandardCharsets.UTF_8);
  }
}
