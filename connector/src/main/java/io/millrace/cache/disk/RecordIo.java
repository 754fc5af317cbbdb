// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.Extent;
import io.millrace.storage.ByteChunks;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes records and reads them back, every byte checked. */
final class RecordIo {

  private RecordIo() {}

  /** The header of a record that holds an extent as it is; null if its names are too long. */
  static @Nullable ByteBuffer header(Extent extent, ByteChunks bytes, UUID store) {
    CRC32C raw = new CRC32C();
    update(raw, bytes);
    ByteBuffer header =
        RecordHeader.begin(extent, RecordHeader.RAW, bytes.length(), (int) raw.getValue());
    if (header != null) {
      CRC32C crc = RecordHeader.crcOf(header, store);
      update(crc, bytes);
      RecordHeader.complete(header, crc, store);
    }
    return header;
  }

  private static void update(CRC32C crc, ByteChunks bytes) {
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      crc.update(s.array(), s.offset(), s.length());
    }
  }

  static void write(DiskFile file, long offset, ByteBuffer header, ByteChunks bytes)
      throws IOException {
    file.write(header.duplicate(), offset);
    long payload = offset + header.limit();
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      file.write(ByteBuffer.wrap(s.array(), s.offset(), s.length()), payload + s.position());
    }
  }

  /**
   * Reads an extent.
   *
   * @return whether a live record of this extent, and no other, was there and whole; if not, the
   *     target holds anything
   */
  static boolean read(DiskFile file, long offset, Extent extent, ByteChunks target, UUID store)
      throws IOException {
    try {
      ByteBuffer first = ByteBuffer.allocate(RecordHeader.MIN_LENGTH);
      file.read(first, offset);
      int length = RecordHeader.lengthAt(first.flip());
      if (length == 0) {
        return false;
      }
      ByteBuffer whole = ByteBuffer.allocate(length);
      whole.put(first);
      file.read(whole, offset + RecordHeader.MIN_LENGTH);
      RecordHeader header = RecordHeader.parse(whole.flip(), store);
      return header != null
          && header.live()
          && header.extent().equals(extent)
          && readPayload(file, offset, header, whole, target, store);
    } catch (EOFException e) {
      return false; // it was cut short
    }
  }

  private static boolean readPayload(
      DiskFile file,
      long offset,
      RecordHeader header,
      ByteBuffer headerBytes,
      ByteChunks target,
      UUID store)
      throws IOException {
    if (header.codec() != RecordHeader.RAW || header.storedBytes() != target.length()) {
      return false;
    }
    CRC32C crc = RecordHeader.crcOf(headerBytes, store);
    long payload = offset + header.length();
    for (ByteChunks.Segment s = target.first(0, target.length()); s != null; s = s.next()) {
      file.read(ByteBuffer.wrap(s.array(), s.offset(), s.length()), payload + s.position());
      crc.update(s.array(), s.offset(), s.length());
    }
    return (int) crc.getValue() == header.crc();
  }

  /** Copies a record as it is; what is damaged in it stays so, and is found when it is read. */
  static void copy(DiskFile from, long offset, DiskFile to, long target, long bytes)
      throws IOException {
    long there = Math.min(bytes, from.size() - offset);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(there, ByteChunks.CHUNK_SIZE));
    for (long done = 0; done < there; done += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), there - done));
      from.read(buffer, offset + done);
      to.write(buffer.flip(), target + done);
    }
  }

  static void markDead(DiskFile file, long offset) throws IOException {
    file.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, RecordHeader.DEAD_MARK), offset);
  }
}
