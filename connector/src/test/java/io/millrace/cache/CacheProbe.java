// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/** Looks into caches for the tests of those who use them. */
public final class CacheProbe {

  private CacheProbe() {}

  /** Bytes that are pinned, on their way or lent: 0 when everybody gave everything back. */
  public static long usedBytes(ExtentCache cache) {
    return ((MemoryExtentCache) cache).held().used();
  }
}
