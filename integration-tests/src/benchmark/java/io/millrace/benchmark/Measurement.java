// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run took.
 *
 * @param epochNanos time of each epoch: from the last record of the one before, of the first one
 *     from its first record, to its last record
 * @param edgeEpochs how many epochs at either end do not count: with a cache one, since the first
 *     fills it, and in the last nothing is fetched ahead any more
 * @param firstRecordNanos time from the opening of the operator behind the source to the first
 *     record
 * @param wallNanos time of the whole run, with all that a job costs beside its records
 * @param cpuNanos processor time of the whole process meanwhile
 * @param hitRate share of the last epoch's bytes that were cached when it began; null where there
 *     is no cache
 */
record Measurement(
    List<Long> epochNanos,
    int edgeEpochs,
    long firstRecordNanos,
    long wallNanos,
    long cpuNanos,
    @Nullable Double hitRate) {

  Measurement {
    epochNanos = List.copyOf(epochNanos);
    if (epochNanos.size() <= 2 * edgeEpochs) {
      throw new IllegalArgumentException(
          "Cannot measure %d epochs of which %d at either end do not count"
              .formatted(epochNanos.size(), edgeEpochs));
    }
  }

  /** Epochs that count, in a second. */
  double epochsPerSecond() {
    List<Long> counted = epochNanos.subList(edgeEpochs, epochNanos.size() - edgeEpochs);
    long nanos = 0;
    for (long epoch : counted) {
      nanos += epoch;
    }
    return 1e9 * counted.size() / nanos;
  }

  /** All epochs, in a second of the whole run. */
  double epochsPerWallSecond() {
    return 1e9 * epochNanos.size() / wallNanos;
  }

  /** How many processors the run kept busy. */
  double processors() {
    return (double) cpuNanos / wallNanos;
  }
}
