// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.Extent;
import io.millrace.cache.compression.ChunkSource;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes records and reads them back, every byte checked. Stateless but for its compression. */
final class RecordIo {

  private final UUID store;
  private final ExtentCompression compression;
  private final BooleanSupplier compresses;
  private final Scratch scratch;

  /**
   * @param store whose records they are
   * @param compression the caller's, who closes it
   * @param compresses whether room is short, so that it is worth the time
   * @param scratch memory for stored forms
   */
  RecordIo(UUID store, ExtentCompression compression, BooleanSupplier compresses, Scratch scratch) {
    this.store = store;
    this.compression = compression;
    this.compresses = compresses;
    this.scratch = scratch;
  }

  /** Memory for the time of a read. */
  interface Scratch {
    ByteChunks allocate(long length);

    void release(ByteChunks memory);
  }

  /**
   * A record that is to be written.
   *
   * @param header its header
   * @param stored the bytes after it
   */
  record NewRecord(ByteBuffer header, ByteChunks stored) {
    long bytes() {
      return RecordHeader.recordBytes(header.limit(), stored.length());
    }

    void write(DiskFile file, long offset) throws IOException {
      file.write(header.duplicate(), offset);
      long payload = offset + header.limit();
      for (ByteChunks.Segment s = stored.first(0, stored.length()); s != null; s = s.next()) {
        file.write(ByteBuffer.wrap(s.array(), s.offset(), s.length()), payload + s.position());
      }
    }
  }

  /**
   * The record of an extent, compressed if that pays; null if its names are too long.
   *
   * @param fetchedMillis the time of day of its fetch
   */
  @Nullable NewRecord recordOf(Extent extent, ByteChunks bytes, long fetchedMillis) {
    CRC32C raw = new CRC32C();
    update(raw, bytes);
    ByteChunks compressed =
        compresses.getAsBoolean()
            ? compression.compress(bytes, ChunkSource.ON_HEAP).orElse(null)
            : null;
    ByteChunks stored = compressed == null ? bytes : compressed;
    ByteBuffer header =
        RecordHeader.begin(
            extent,
            compressed == null ? RecordHeader.RAW : RecordHeader.COMPRESSED,
            stored.length(),
            (int) raw.getValue(),
            fetchedMillis);
    if (header == null) {
      return null;
    }
    CRC32C crc = RecordHeader.crcOf(header, store);
    update(crc, stored);
    RecordHeader.complete(header, crc, store);
    return new NewRecord(header, stored);
  }

  private static void update(CRC32C crc, ByteChunks bytes) {
    for (ByteChunks.Segment s = bytes.first(0, bytes.length()); s != null; s = s.next()) {
      crc.update(s.array(), s.offset(), s.length());
    }
  }

  /**
   * Reads an extent.
   *
   * @return whether a live record of this extent, and no other, was there and whole; if not, the
   *     target holds anything
   */
  boolean read(DiskFile file, long offset, Extent extent, ByteChunks target) throws IOException {
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
      if (header == null || !header.live() || !header.extent().equals(extent)) {
        return false;
      }
      CRC32C crc = RecordHeader.crcOf(whole, store);
      long payload = offset + header.length();
      return switch (header.codec()) {
        case RecordHeader.RAW ->
            header.storedBytes() == target.length()
                && readStored(file, payload, target, crc) == header.crc();
        case RecordHeader.COMPRESSED -> readCompressed(file, payload, header, crc, target);
        default -> false;
      };
    } catch (EOFException e) {
      return false; // it was cut short
    }
  }

  /** Reads bytes; the checksum over them and what came before. */
  private static int readStored(DiskFile file, long position, ByteChunks target, CRC32C crc)
      throws IOException {
    for (ByteChunks.Segment s = target.first(0, target.length()); s != null; s = s.next()) {
      file.read(ByteBuffer.wrap(s.array(), s.offset(), s.length()), position + s.position());
      crc.update(s.array(), s.offset(), s.length());
    }
    return (int) crc.getValue();
  }

  private boolean readCompressed(
      DiskFile file, long position, RecordHeader header, CRC32C crc, ByteChunks target)
      throws IOException {
    if (header.storedBytes() > target.length()) {
      return false; // then it would be stored as it is
    }
    ByteChunks stored = scratch.allocate(header.storedBytes());
    try {
      if (readStored(file, position, stored, crc) != header.crc()) {
        return false;
      }
      Extent extent = header.extent();
      compression.decompress(extent.object(), extent.offset(), stored, target);
      CRC32C raw = new CRC32C();
      update(raw, target);
      return (int) raw.getValue() == header.rawCrc();
    } catch (CorruptObjectException e) {
      return false;
    } finally {
      scratch.release(stored);
    }
  }

  /** A record cannot be read where it is to be copied from. */
  static final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1L;

    private UnreadableException(String message, @Nullable IOException cause) {
      super(message, cause);
    }
  }

  /**
   * Copies a record as it is; what is damaged in it stays so, and is found when it is read.
   *
   * @throws UnreadableException if it is not there or its disk does not give it
   */
  static void copy(DiskFile from, long offset, DiskFile to, long target, long bytes)
      throws IOException {
    long there = Math.min(bytes, sizeOf(from) - offset);
    if (there <= 0) {
      throw new UnreadableException("Cannot read a record at " + offset + ": the file ends", null);
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(there, ByteChunks.CHUNK_SIZE));
    for (long done = 0; done < there; done += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), there - done));
      try {
        from.read(buffer, offset + done);
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        throw new UnreadableException("Cannot read a record at " + offset, e);
      }
      to.write(buffer.flip(), target + done);
    }
  }

  private static long sizeOf(DiskFile from) throws IOException {
    try {
      return from.size();
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new UnreadableException("Cannot tell a file's size", e);
    }
  }

  static void markDead(DiskFile file, long offset) throws IOException {
    file.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, RecordHeader.DEAD_MARK), offset);
  }
}
