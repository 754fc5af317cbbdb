// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.util.OptionalLong;

/** Brings an extent's bytes from the origin. Called on the thread that asks for the extent. */
@FunctionalInterface
public interface ExtentFetcher {

  /** Fills the target, which has the extent's length. Blocks; an interrupt ends it. */
  void fetch(Extent extent, ByteChunks target) throws IOException;

  /**
   * When the bytes of the last fetch left their origin, by {@link TimeToLive#now}; empty if that
   * was just now, and they are no copy that lay elsewhere. Asked after it, on the same thread.
   */
  default OptionalLong fetchedNanos() {
    return OptionalLong.empty();
  }
}
