// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** One Flink for all jobs of a run: one TaskManager, nearly all options at defaults. */
final class BenchmarkCluster implements AutoCloseable {

  /**
   * Seldom a source's fetcher thread does not end (FLINK-40660, not only Millrace's); the job then
   * waits for it, by default half a minute.
   */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final MiniCluster cluster;

  private BenchmarkCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts it for jobs of parallelism 1. */
  static BenchmarkCluster start() throws Exception {
    return start(1);
  }

  /**
   * Starts it.
   *
   * @param slots the highest parallelism of its jobs
   */
  static BenchmarkCluster start(int slots) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT, CLOSE_TIMEOUT.toMillis());
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    cluster.start();
    return new BenchmarkCluster(cluster);
  }

  /** Runs a source to its end, chained to the clock, and waits for it. */
  <T> Arrivals run(Source<T, ?, ?> source, RecordTouch<T> touch, long recordsPerEpoch)
      throws Exception {
    StreamExecutionEnvironment environment = new StreamExecutionEnvironment();
    environment.setParallelism(1);
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
        .flatMap(new ArrivalClock<>(touch, recordsPerEpoch))
        .returns(Types.VOID)
        .sinkTo(new DiscardingSink<>());
    return Arrivals.of(run(environment));
  }

  /** Runs a job to its end and waits for it. */
  JobExecutionResult run(StreamExecutionEnvironment environment) throws Exception {
    return cluster.executeJobBlocking(environment.getStreamGraph().getJobGraph());
  }

  @Override
  public void close() throws Exception {
    cluster.closeAsync().get(1, TimeUnit.MINUTES);
  }
}
