// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;

/**
 * When the records of a job arrived at its end.
 *
 * @param firstRecordNanos time from the opening of the last operator to the first record
 * @param epochNanos time of each epoch, as {@link Measurement#epochNanos}
 * @param records number of records
 * @param bytes bytes of all of them
 */
record Arrivals(long firstRecordNanos, List<Long> epochNanos, long records, long bytes) {

  static Arrivals of(JobExecutionResult result) {
    // Opened, first record, last record of each epoch.
    List<Long> times = result.getAccumulatorResult(ArrivalClock.TIMES);
    List<Long> epochNanos = new ArrayList<>();
    for (int i = 2; i < times.size(); i++) {
      epochNanos.add(times.get(i) - times.get(i - 1));
    }
    return new Arrivals(
        times.size() < 2 ? 0 : times.get(1) - times.get(0),
        epochNanos,
        result.<Long>getAccumulatorResult(ArrivalClock.RECORDS),
        result.<Long>getAccumulatorResult(ArrivalClock.BYTES));
  }

  /**
   * Checks that nothing is missing or twice.
   *
   * @throws IllegalStateException if there are not so many records and bytes
   */
  void check(String variant, long expectedRecords, long expectedBytes) {
    if (records != expectedRecords || bytes != expectedBytes) {
      throw new IllegalStateException(
          "Cannot measure %s: %d records of %d bytes arrived, not %d of %d"
              .formatted(variant, records, bytes, expectedRecords, expectedBytes));
    }
  }
}
