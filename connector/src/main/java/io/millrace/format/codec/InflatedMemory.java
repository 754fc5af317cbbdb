// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import java.io.IOException;

/** Gives memory for what is inflated, counts it and refuses it where there is no more. */
@FunctionalInterface
public interface InflatedMemory {

  /**
   * New memory, for the decompressor to write to.
   *
   * @param length bytes, which the stream can really hold
   * @throws IOException if that is too much
   */
  ByteChunks allocate(long length) throws IOException;
}
