// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics.Accesses;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.sample.Sample;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A finished job's accumulators are what its readers counted, and what its origin was asked. */
@Tag("it")
class AccumulatorsITCase {

  private static final int SHARDS = 12;
  private static final int SAMPLES_PER_SHARD = 25;
  private static final int EPOCHS = 3;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private FaultyOrigin origin;

  @BeforeEach
  void write() throws Exception {
    NumberedDataset.write(directory, SHARDS, SAMPLES_PER_SHARD, 2_000);
    origin = FaultyOrigin.file("accumulators", directory, 1);
  }

  @AfterEach
  void close() {
    origin.close();
  }

  private MillraceSource<Sample> source() {
    return MillraceSource.builder()
        .path(origin.uri(""))
        .scanEpochs(EPOCHS)
        .scanShuffle(true)
        .storageHedging(false) // the origin would count both requests
        .cacheMemorySize(MemorySize.ofMebiBytes(64))
        .build();
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "5");
    configuration.setString("restart-strategy.fixed-delay.delay", "100 ms");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    return env;
  }

  private static void readIdsTo(DataStream<Sample> samples, String failOnce, int failures) {
    samples
        .map(sample -> String.valueOf(sample.getLong("id")))
        .returns(Types.STRING)
        .map(new FailOnce(failOnce, failures, 20))
        .returns(Types.STRING)
        .sinkTo(new DiscardingSink<>());
  }

  /** Bytes of shards that the origin gave. */
  private long bytesFromOrigin() {
    return origin
        .meter()
        .snapshot()
        .of(OriginOperation.GET)
        .where(key -> key.object().contains(".mds"))
        .total()
        .bytesRead();
  }

  private void check(JobExecutionResult result, MillraceSource<?> source) {
    Snapshot counted = MillraceAccumulators.of(result);
    Snapshot local = LocalScans.totals(source.scanId());
    for (AccessKind kind : AccessKind.values()) {
      assertThat(counted.of(kind)).as(kind.name()).isEqualTo(local.of(kind));
    }
    assertThat(counted.originRequests()).isEqualTo(local.originRequests());
    assertThat(counted.originBytes()).isEqualTo(local.originBytes()).isEqualTo(bytesFromOrigin());
    assertThat(result.getAllAccumulatorResults()).containsKeys(names());
    assertThat((long) result.<Long>getAccumulatorResult("millrace.evictions")).isZero();
  }

  private static String[] names() {
    return MillraceAccumulators.names().toArray(new String[0]);
  }

  @ParameterizedTest
  @CsvSource({"1, STREAMING, true", "4, STREAMING, true", "4, STREAMING, false", "4, BATCH, true"})
  void areWhatItsReadersCounted(int parallelism, RuntimeExecutionMode mode, boolean chained)
      throws Exception {
    MillraceSource<Sample> source = source();
    StreamExecutionEnvironment env = environment(parallelism);
    env.setRuntimeMode(mode);
    if (!chained) {
      env.disableOperatorChaining();
    }
    readIdsTo(
        MillraceAccumulators.addTo(
            env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers"), source),
        "none",
        0);
    JobExecutionResult result = env.execute();

    check(result, source);
    long stored = source.dataset().storedBytes();
    assertThat(MillraceAccumulators.of(result).originBytes()).isEqualTo(stored);
    assertThat(MillraceAccumulators.of(result).firstTouchBytes()).isEqualTo(EPOCHS * stored);
    assertThat(MillraceAccumulators.of(result).hitRate()).isEqualTo((EPOCHS - 1.0) / EPOCHS);
  }

  /** Those of attempts that failed are in them: their bytes were read. */
  @ParameterizedTest
  @CsvSource({"1", "4"})
  void haveWhatFailedAttemptsCounted(int parallelism) throws Exception {
    String test = "failures at " + parallelism;
    MillraceSource<Sample> source = source();
    StreamExecutionEnvironment env = environment(parallelism);
    env.enableCheckpointing(50);
    readIdsTo(
        MillraceAccumulators.addTo(
            env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers"), source),
        test,
        2);
    JobExecutionResult result = env.execute();

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(2);
    check(result, source);
    assertThat(MillraceAccumulators.of(result).firstTouchBytes())
        .as("all of what was read, by whichever attempt")
        .isGreaterThanOrEqualTo(EPOCHS * source.dataset().storedBytes());
  }

  /** Two sources of a job, each with its counts; the accumulators have both. */
  @Test
  void addUpOverTheSourcesOfAJob() throws Exception {
    MillraceSource<Sample> left = source();
    MillraceSource<Sample> right = source();
    StreamExecutionEnvironment env = environment(2);
    for (MillraceSource<Sample> source : List.of(left, right)) {
      readIdsTo(
          MillraceAccumulators.addTo(
              env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers"), source),
          "none",
          0);
    }
    Snapshot counted = MillraceAccumulators.of(env.execute());

    Accesses all = LocalScans.totals(left.scanId()).plus(LocalScans.totals(right.scanId())).all();
    assertThat(counted.all()).isEqualTo(all);
    assertThat(all.bytes()).isEqualTo(2 * EPOCHS * left.dataset().storedBytes());
    assertThat(counted.originBytes()).as("they share a cache").isEqualTo(bytesFromOrigin());
  }

  @Test
  void areNotThereUnlessTheyWereAdded() throws Exception {
    StreamExecutionEnvironment env = environment(1);
    readIdsTo(env.fromSource(source(), WatermarkStrategy.noWatermarks(), "numbers"), "none", 0);
    JobExecutionResult result = env.execute();

    assertThatThrownBy(() -> MillraceAccumulators.of(result))
        .hasMessage(
            "Job "
                + result.getJobID()
                + " has no accumulator millrace.cacheHits; add them to its stream by"
                + " MillraceAccumulators.addTo");
  }
}
