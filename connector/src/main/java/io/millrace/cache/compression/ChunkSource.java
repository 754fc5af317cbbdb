// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;

/**
 * Where the arrays of a stored form come from. Called by the thread that compresses, from one
 * compression at a time. Who implements it keeps count of what it gave: of a compression that ends
 * without a result, everything is to be taken back.
 */
@FunctionalInterface
public interface ChunkSource {

  /** New arrays that nobody counts. */
  ChunkSource ON_HEAP = byte[]::new;

  /**
   * An array for a piece of a stored form; it may hold anything.
   *
   * @param length {@link ByteChunks#CHUNK_SIZE}, or less for the last piece: then the array has
   *     exactly that length
   */
  byte[] take(int length);
}
