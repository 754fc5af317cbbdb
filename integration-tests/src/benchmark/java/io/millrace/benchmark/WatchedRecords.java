// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.sample.Sample;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** The end of a watched job: tells the watch of each sample's number and drops it. */
final class WatchedRecords extends RichFlatMapFunction<Sample, Void> {

  private static final long serialVersionUID = 1L;

  private final String watchName;
  private transient JobWatch watch;

  WatchedRecords(JobWatch watch) {
    this.watchName = watch.name();
  }

  @Override
  public void open(OpenContext context) {
    watch = JobWatch.named(watchName);
  }

  @Override
  public void flatMap(Sample sample, Collector<Void> out) {
    watch.record(sample.getLong(0));
  }
}
