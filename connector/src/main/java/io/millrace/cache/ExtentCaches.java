// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

/** Makes caches. */
public final class ExtentCaches {

  private ExtentCaches() {}

  /** A cache that holds everything in memory, on the heap. The caller closes it. */
  public static ExtentCache inMemory(CacheSettings settings) {
    return new MemoryExtentCache(settings);
  }
}
