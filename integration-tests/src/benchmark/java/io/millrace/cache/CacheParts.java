// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.util.List;

/**
 * What caches hold of the heap at one moment, by part: their own counts, which benchmarks compare
 * with the heap itself.
 *
 * @param retainedBytes of extents that nobody pins
 * @param usedBytes of extents in flight or pinned, and of decoded bytes
 * @param pooledBytes of idle arrays
 * @param reservedBytes working memory that readers have reserved, whether they use it yet or not
 */
public record CacheParts(long retainedBytes, long usedBytes, long pooledBytes, long reservedBytes) {

  /** The sums over caches; other kinds than the one in memory have no parts. */
  public static CacheParts of(List<ExtentCache> caches) {
    CacheParts sum = new CacheParts(0, 0, 0, 0);
    for (ExtentCache cache : caches) {
      if (cache instanceof MemoryExtentCache inMemory) {
        sum = sum.plus(inMemory.held());
      }
    }
    return sum;
  }

  private CacheParts plus(MemoryExtentCache.Held held) {
    return new CacheParts(
        retainedBytes + held.retained(),
        usedBytes + held.used(),
        pooledBytes + held.pooled(),
        reservedBytes + held.reserved());
  }

  /** All that is on the heap; what is merely reserved is not. */
  public long heldBytes() {
    return retainedBytes + usedBytes + pooledBytes;
  }

  /** What the readers need beside what is retained. */
  public long workingBytes() {
    return Math.max(usedBytes, reservedBytes);
  }
}
