// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.cache.compression.ChunkSource;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the compressed forms of a {@link MemoryExtentCache}'s extents and reads them. Works outside
 * of the cache's lock, on the thread that asks for an extent, and takes the lock for each array.
 */
final class StoredForms implements AutoCloseable {

  private final ReentrantLock lock;
  private final CacheContents contents;
  private final ExtentCompression compression;

  StoredForms(CompressionMode mode, ReentrantLock lock, CacheContents contents) {
    this.lock = lock;
    this.contents = contents;
    this.compression = new ExtentCompression(mode);
  }

  /** Compresses an extent whose bytes the caller holds, after it was told to. */
  void compress(CacheEntry entry, ByteChunks raw) {
    CountedArrays arrays = new CountedArrays();
    ByteChunks stored = null;
    try {
      stored = compression.compress(raw, arrays).orElse(null);
    } finally {
      settle(entry, stored, arrays);
    }
  }

  private void settle(CacheEntry entry, @Nullable ByteChunks stored, CountedArrays arrays) {
    lock.lock();
    try {
      if (!contents.isClosed() && !contents.endCompressing(entry, stored, arrays.counted)) {
        arrays.taken.forEach(contents::giveArray);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fills memory from a compressed form. */
  void inflate(Extent extent, ByteChunks stored, ByteChunks memory) throws CorruptObjectException {
    compression.decompress(extent.object(), extent.offset(), stored, memory);
  }

  @Override
  public void close() {
    compression.close();
  }

  /** Arrays out of the cache's pool, as far as it has any, counted as used. */
  private final class CountedArrays implements ChunkSource {

    private final List<byte[]> taken = new ArrayList<>();
    private long counted;

    @Override
    public byte[] take(int length) {
      byte[] idle = null;
      lock.lock();
      try {
        if (!contents.isClosed()) {
          idle = contents.useArray(length);
          counted += ChunkPool.heapBytes(length);
        }
      } finally {
        lock.unlock();
      }
      byte[] array = Objects.requireNonNullElseGet(idle, () -> new byte[length]);
      taken.add(array);
      return array;
    }
  }
}
