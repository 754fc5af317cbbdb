// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;
import java.io.IOException;

/** Brings an extent's bytes from the origin. Called on the thread that asks for the extent. */
@FunctionalInterface
public interface ExtentFetcher {

  /** Fills the target, which has the extent's length. Blocks; an interrupt ends it. */
  void fetch(Extent extent, ByteChunks target) throws IOException;
}
