// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;

/**
 * An extent's bytes, held in place until it is closed. Closing it twice is harmless; using the bytes
 * after that is not: they may be another extent's by then.
 */
public interface PinnedExtent extends AutoCloseable {

  ByteChunks bytes();

  /** Whether the extent was in the cache already, so that asking for it cost the origin nothing. */
  boolean wasResident();

  @Override
  void close();
}
