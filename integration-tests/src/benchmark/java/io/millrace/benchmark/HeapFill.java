// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.List;

/**
 * What became of a heap on which the cache may take a part.
 *
 * @param heapBytes the heap's maximum
 * @param share the bound on the cache's memory, as a share of it
 * @param epochs passes over a dataset as large as the heap
 * @param filled the most that the cache held of its bound
 * @param fullCollections full collections of garbage, other than those that were asked for
 * @param failure why the process ended before its time; empty if it did not
 * @param liveBytesByEpoch what was alive after some epochs, where that was asked for
 */
record HeapFill(
    long heapBytes,
    double share,
    int epochs,
    double filled,
    long fullCollections,
    String failure,
    List<Long> liveBytesByEpoch) {

  /** Whether the cache was filled and the heap large enough for it. */
  boolean fits() {
    return failure.isEmpty() && fullCollections == 0 && filled > MIN_FILLED;
  }

  static final double MIN_FILLED = 0.98;

  /** How much more was alive at the last look than at the first one. */
  double growth() {
    return (double) liveBytesByEpoch.get(liveBytesByEpoch.size() - 1) / liveBytesByEpoch.get(0) - 1;
  }
}
