// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.cache.EpochStatistics;
import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The job of docs/datastream.md that has accumulators; a test compares it with the page. */
final class AccumulatorsExample {

  private AccumulatorsExample() {}

  static EpochStatistics.Snapshot run(MillraceSource<Sample> source) throws Exception {
    // datastream.md begins
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    DataStream<Sample> samples =
        MillraceAccumulators.addTo(
            env.fromSource(source, WatermarkStrategy.noWatermarks(), "samples"), source);
    samples.map(sample -> sample.getLong("label")).sinkTo(new DiscardingSink<>());
    EpochStatistics.Snapshot counts = MillraceAccumulators.of(env.execute());
    // datastream.md ends
    return counts;
  }
}
