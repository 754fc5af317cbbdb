// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of README.md, which a test compares with what stands between the two marks. */
final class DataStreamExample {

  private DataStreamExample() {}

  static void run(String path) throws Exception {
    // README begins
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    MillraceSource<Sample> source =
        MillraceSource.builder().path(path).scanEpochs(3).scanShuffle(true).build();
    DataStream<Sample> samples =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "training samples");
    samples.map(sample -> sample.getLong("label") + " " + sample.getTensor("image")).print();
    env.execute("five lines");
    // README ends
  }
}
