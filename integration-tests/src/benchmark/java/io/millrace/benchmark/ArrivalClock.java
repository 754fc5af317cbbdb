// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * The end of a measured job: touches each record, drops it, and keeps the time of the first one and
 * of each epoch's last one. The times go to the accumulators that {@link Arrivals} reads.
 */
final class ArrivalClock<T> extends RichFlatMapFunction<T, Void> {

  private static final long serialVersionUID = 1L;

  static final String TIMES = "times";
  static final String RECORDS = "records";
  static final String BYTES = "bytes";
  static final String CHECKSUM = "checksum";

  private final RecordTouch<T> touch;
  private final long recordsPerEpoch;

  private transient ListAccumulator<Long> times;
  private long records;
  private long bytes;
  private long checksum;
  private long missingInEpoch;

  ArrivalClock(RecordTouch<T> touch, long recordsPerEpoch) {
    this.touch = touch;
    this.recordsPerEpoch = recordsPerEpoch;
  }

  @Override
  public void open(OpenContext context) {
    times = new ListAccumulator<>();
    times.add(System.nanoTime());
    missingInEpoch = recordsPerEpoch;
  }

  @Override
  public void flatMap(T record, Collector<Void> out) {
    if (records == 0) {
      times.add(System.nanoTime());
    }
    records++;
    bytes += touch.size(record);
    checksum += touch.lastByte(record);
    if (--missingInEpoch == 0) {
      times.add(System.nanoTime());
      missingInEpoch = recordsPerEpoch;
    }
  }

  @Override
  public void close() {
    if (times != null) {
      getRuntimeContext().addAccumulator(TIMES, times);
      getRuntimeContext().addAccumulator(RECORDS, new LongCounter(records));
      getRuntimeContext().addAccumulator(BYTES, new LongCounter(bytes));
      getRuntimeContext().addAccumulator(CHECKSUM, new LongCounter(checksum));
    }
  }
}
