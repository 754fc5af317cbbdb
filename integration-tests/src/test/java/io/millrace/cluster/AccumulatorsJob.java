// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.flink.source.MillraceSource;
import io.millrace.sample.Sample;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A user's job with accumulators. Arguments: the dataset, epochs. */
public final class AccumulatorsJob {

  private AccumulatorsJob() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(args[0])
            .scanEpochs(Integer.parseInt(args[1]))
            .scanShuffle(true)
            .build();
    MillraceAccumulators.addTo(
            env.fromSource(source, WatermarkStrategy.noWatermarks(), "dataset"), source)
        .sinkTo(new DiscardingSink<>());
    env.execute("accumulators");
  }
}
