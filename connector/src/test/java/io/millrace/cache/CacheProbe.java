// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.function.LongSupplier;

/** Looks into caches for the tests of those who use them. */
public final class CacheProbe {

  private CacheProbe() {}

  /** A cache in memory with a clock that extents age by. */
  public static ExtentCache inMemory(CacheSettings settings, LongSupplier nanoClock) {
    return new MemoryExtentCache(settings, nanoClock);
  }

  /** Bytes that are pinned, on their way or lent: 0 when everybody gave everything back. */
  public static long usedBytes(ExtentCache cache) {
    return ((MemoryExtentCache) cache).held().used();
  }
}
