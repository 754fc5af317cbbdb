// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends to a stored form, array by array, up to a limit. What is written beyond it is dropped:
 * the form has overflowed and is of no use.
 */
final class StoredWriter {

  private final ChunkSource source;
  private final long limit;
  private final List<byte[]> full = new ArrayList<>();
  private final byte[] buffer;
  private int used;
  private boolean overflowed;

  /**
   * @param buffer a chunk of the encoder's own: what has its place in it leaves it in one piece
   */
  StoredWriter(ChunkSource source, byte[] buffer, long limit) {
    this.source = source;
    this.buffer = buffer;
    this.limit = limit;
  }

  /** Whether more was written than the limit allows. */
  boolean overflowed() {
    return overflowed;
  }

  long length() {
    return (long) full.size() * ByteChunks.CHUNK_SIZE + used;
  }

  void writeByte(int value) {
    if (makeRoom()) {
      buffer[used] = (byte) value;
      advance(1);
    }
  }

  void writeVarint(long value) {
    long left = value;
    while (left > 0x7f) {
      writeByte((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    writeByte((int) left);
  }

  void write(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length && makeRoom()) {
      int count = Math.min(room(), length - done);
      System.arraycopy(bytes, offset + done, buffer, used, count);
      advance(count);
      done += count;
    }
  }

  /** Sees to it that there is room for at least a byte; false after an overflow. */
  boolean makeRoom() {
    if (overflowed) {
      return false;
    }
    if (used == ByteChunks.CHUNK_SIZE) {
      full.add(copy(used));
      used = 0;
    }
    return true;
  }

  /** The array to write into, from {@link #offset} on. */
  byte[] array() {
    return buffer;
  }

  int offset() {
    return used;
  }

  int room() {
    return ByteChunks.CHUNK_SIZE - used;
  }

  /** Notes what was written into {@link #array}. */
  void advance(int count) {
    used += count;
    overflowed |= length() > limit;
  }

  /** What was written; the writer is at its end. */
  ByteChunks finish() {
    byte[][] chunks = full.toArray(new byte[full.size() + 1][]);
    chunks[full.size()] = copy(used);
    return ByteChunks.over(chunks, length());
  }

  private byte[] copy(int length) {
    byte[] array = source.take(length);
    System.arraycopy(buffer, 0, array, 0, length);
    return array;
  }
}
