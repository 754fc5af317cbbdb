// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.sample.Sample;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A user's job whose caches hold a part of its dataset. Arguments: the dataset, epochs, {@code
 * scan.assignment}, {@code cache.policy}, bytes of memory.
 */
public final class AssignmentJob {

  private AssignmentJob() {}

  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    MillraceSourceBuilder builder =
        MillraceSource.builder()
            .path(args[0])
            .scanEpochs(Integer.parseInt(args[1]))
            .scanShuffle(true)
            .scanShuffleWindow(2)
            .scanAssignment(args[2])
            .cachePolicy(args[3])
            .cacheMemorySize(new MemorySize(Long.parseLong(args[4])))
            .cacheCompression("none")
            .prefetchBudget("384 kb")
            .storageHedging(false);
    MillraceSource<Sample> source = builder.build();
    MillraceAccumulators.addTo(
            env.fromSource(source, WatermarkStrategy.noWatermarks(), "dataset"), source)
        .sinkTo(new DiscardingSink<>());
    env.execute("assignment");
  }
}
