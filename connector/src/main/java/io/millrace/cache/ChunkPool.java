// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Idle arrays of {@link ByteChunks#CHUNK_SIZE} bytes, kept for reuse: the heap then holds the same
 * arrays for the life of a cache instead of a stream of new ones. Shorter arrays are left to the
 * garbage collector. Not thread-safe: its owner's lock guards it; it moves references only.
 */
final class ChunkPool {

  /** What one array takes of the heap, header included. */
  static final long CHUNK_BYTES = heapBytes(ByteChunks.CHUNK_SIZE);

  /**
   * What an extent takes beside its arrays: its record, its entries in the maps of cache and
   * policy, who asked for it, and its array of arrays; rounded up from what a 64-bit JVM with
   * compressed references uses.
   */
  static final long BOOKKEEPING_BYTES = 352;

  private final ArrayDeque<byte[]> idle = new ArrayDeque<>();

  /** What this many bytes take of the heap when they are held as an extent. */
  static long chargeOf(long length) {
    long tail = length % ByteChunks.CHUNK_SIZE;
    return BOOKKEEPING_BYTES
        + length / ByteChunks.CHUNK_SIZE * (CHUNK_BYTES + Integer.BYTES)
        + (tail == 0 ? 0 : heapBytes(tail));
  }

  /** What an array takes of the heap. */
  static long heapBytes(long arrayLength) {
    return (16 + arrayLength + 7) & ~7L;
  }

  long bytes() {
    return idle.size() * CHUNK_BYTES;
  }

  /**
   * Arrays for a run of this length, as far as there are idle ones; null where one is missing. What
   * they hold is what was in them before.
   */
  byte[][] take(long length) {
    byte[][] chunks = new byte[ByteChunks.chunkCount(length)][];
    long whole = Math.min(length / ByteChunks.CHUNK_SIZE, idle.size());
    for (int i = 0; i < whole; i++) {
      chunks[i] = idle.pop();
    }
    return chunks;
  }

  /** An idle array of this length, or null. */
  byte @Nullable [] takeOne(int length) {
    return length == ByteChunks.CHUNK_SIZE ? idle.poll() : null;
  }

  /** Takes an array that nobody uses any more, as {@link #give}. */
  void giveOne(byte[] chunk, long maxBytes) {
    if (chunk.length == ByteChunks.CHUNK_SIZE && bytes() + CHUNK_BYTES <= maxBytes) {
      idle.push(chunk);
    }
  }

  /** Makes the missing arrays of what {@link #take} returned. Needs no lock. */
  @SuppressWarnings("NullAway") // the elements are null until this has run
  static ByteChunks complete(byte[][] chunks, long length) {
    for (int i = 0; i < chunks.length; i++) {
      if (chunks[i] == null) {
        chunks[i] = new byte[ByteChunks.chunkLength(length, i)];
      }
    }
    return ByteChunks.over(chunks, length);
  }

  /** Takes arrays that nobody uses any more, as long as the pool stays within a bound. */
  void give(ByteChunks memory, long maxBytes) {
    for (byte[] chunk : memory.chunks()) {
      giveOne(chunk, maxBytes);
    }
  }

  /** Drops arrays until the pool is within a bound. */
  void trim(long maxBytes) {
    while (bytes() > maxBytes) {
      idle.pop();
    }
  }
}
