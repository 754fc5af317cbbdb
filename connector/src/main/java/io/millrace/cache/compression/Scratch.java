// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;

/** An array to work in, as long as the longest work so far needed; at most about a chunk. */
final class Scratch {

  private byte[] array = {};

  /** The array; it holds anything. */
  byte[] atLeast(int length) {
    if (array.length < length) {
      int doubled = Math.min(2 * array.length, ByteChunks.CHUNK_SIZE);
      array = new byte[Math.max(length, doubled)];
    }
    return array;
  }
}
