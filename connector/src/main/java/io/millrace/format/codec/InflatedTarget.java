// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the declared size, or growing up to a bound, filled forwards. When it is full it offers
 * one byte that betrays excess.
 */
final class InflatedTarget {

  private final long length;
  private final List<byte[]> grown = new ArrayList<>(0);
  private final byte[] excess = new byte[1];

  private ByteChunks.@Nullable Segment segment;
  private int used;
  private long position;

  InflatedTarget(ByteChunks bytes) {
    this.length = bytes.length();
    this.segment = bytes.first(0, length);
  }

  /** One without memory: {@link #grow} gives it some. */
  InflatedTarget(long most) {
    this.length = most;
  }

  /** The declared size, or the bound. */
  long length() {
    return length;
  }

  /** Takes a chunk of memory if the last one is full and the bound is not reached. */
  void grow(InflatedMemory memory) throws IOException {
    if (segment == null && position < length) {
      long count = Math.min(ByteChunks.CHUNK_SIZE, length - position);
      ByteChunks chunk = memory.allocate(count);
      grown.add(chunk.chunks()[0]);
      segment = chunk.first(0, count);
      used = 0;
    }
  }

  /** What was written to memory that this target took itself. */
  ByteChunks written() {
    byte[][] chunks = grown.subList(0, ByteChunks.chunkCount(position)).toArray(new byte[0][]);
    return ByteChunks.over(chunks, position);
  }

  /** Bytes filled; one more than {@link #length} once there was excess. */
  long position() {
    return position;
  }

  long remaining() {
    return length - position;
  }

  /** The array that takes the next {@link #room} bytes from {@link #offset} on. */
  byte[] array() {
    return segment == null ? excess : segment.array();
  }

  int offset() {
    return segment == null ? 0 : segment.offset() + used;
  }

  /** Bytes that fit together, at least 1: beyond the end it is the excess. */
  int room() {
    return segment == null ? 1 : segment.length() - used;
  }

  /** Takes bytes as written, at most {@link #room}; false if they were excess. */
  boolean advance(int count) {
    position += count;
    if (segment == null) {
      return count == 0;
    }
    used += count;
    if (used == segment.length()) {
      segment = segment.next();
      used = 0;
    }
    return true;
  }

  /** Writes all that a stream gives; false, and no more read, at the first byte of excess. */
  boolean fillFrom(InputStream stream) throws IOException {
    while (true) {
      int count = stream.read(array(), offset(), room());
      if (count < 0) {
        return true;
      }
      if (!advance(count)) {
        return false;
      }
    }
  }
}
