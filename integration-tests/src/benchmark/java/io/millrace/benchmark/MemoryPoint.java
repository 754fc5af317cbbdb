// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/**
 * What lay on the heap at one moment, after a full collection of garbage.
 *
 * @param epoch epochs that had been read, with the fraction of the one at hand
 * @param retainedBytes kept by the cache for later
 * @param usedBytes in flight, opened ahead, in use or decoded
 * @param pooledBytes idle arrays of the cache
 * @param reservedBytes working memory that readers had reserved, used or not
 * @param otherBytes everything else, less what was there before the job
 */
record MemoryPoint(
    double epoch,
    long retainedBytes,
    long usedBytes,
    long pooledBytes,
    long reservedBytes,
    long otherBytes) {

  /** What the cache accounts for. */
  long heldBytes() {
    return retainedBytes + usedBytes + pooledBytes;
  }

  /** All that the job brought. */
  long allBytes() {
    return heldBytes() + otherBytes;
  }
}
