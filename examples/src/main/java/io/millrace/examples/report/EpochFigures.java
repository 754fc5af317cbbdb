// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import io.millrace.cache.EpochStatistics;
import java.util.concurrent.TimeUnit;

/**
 * What one epoch did.
 *
 * @param epoch counted from 0
 * @param samples samples that came out of the source
 * @param nanos from the end of the epoch before, or the scan's begin, to the last of them
 * @param bound the best hit rate that any cache of that size can reach
 * @param scan what the connector counted
 */
public record EpochFigures(
    int epoch, long samples, long nanos, double bound, EpochStatistics.Snapshot scan) {

  double samplesPerSecond() {
    return samples * 1e9 / Math.max(1, nanos);
  }

  /** Share of the bytes that were fetched ahead and there in time. */
  double prefetchHitRate() {
    return scan.readyRate() - scan.hitRate();
  }

  long waitMillis() {
    return TimeUnit.NANOSECONDS.toMillis(scan.readerWaitNanos());
  }
}
