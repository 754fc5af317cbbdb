// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.plan.EpochPosition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every sample once an epoch, whatever fails; and the same order whatever the parallelism. */
@Tag("it")
class ExactlyOnceITCase {

  private static final int EPOCHS = 3;
  private static final int SHARDS = 24;
  private static final int SAMPLES_PER_SHARD = 40;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir static Path datasetDirectory;

  @BeforeAll
  static void writeDataset() throws Exception {
    NumberedDataset.write(datasetDirectory, SHARDS, SAMPLES_PER_SHARD);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "4, true", "1, false", "4, false"})
  void emitsEverySampleOnceAnEpochThroughFailures(
      int parallelism, boolean shuffle, @TempDir Path output) throws Exception {
    String test = "failover-" + parallelism + "-" + shuffle;
    SampleLedger ledger = new SampleLedger(output);
    StreamExecutionEnvironment env = environment(parallelism);
    env.fromSource(source(shuffle).build(), WatermarkStrategy.noWatermarks(), "numbers")
        .map(SampleLedger::line)
        .returns(Types.STRING)
        .map(new FailOnce(test, 2, 10))
        .sinkTo(ledger.sink());
    env.execute(test);

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(2);
    assertComplete(ledger.entries());
  }

  @Tag("smoke")
  @Test
  void theSamplesOfAnEpochPositionDoNotDependOnTheParallelism(@TempDir Path output)
      throws Exception {
    Map<Integer, Map<Long, Long>> idAtPosition = new HashMap<>();
    for (int parallelism : new int[] {1, 4}) {
      SampleLedger ledger = new SampleLedger(output.resolve("p" + parallelism));
      StreamExecutionEnvironment env = environment(parallelism);
      env.fromSource(source(true).build(), WatermarkStrategy.noWatermarks(), "numbers")
          .map(SampleLedger::line)
          .returns(Types.STRING)
          .sinkTo(ledger.sink());
      env.execute();
      List<SampleLedger.Entry> entries = ledger.entries();
      assertComplete(entries);
      for (SampleLedger.Entry entry : entries) {
        Map<Long, Long> epoch = idAtPosition.computeIfAbsent(entry.epoch(), e -> new HashMap<>());
        Long before = epoch.put(entry.epochPosition(), entry.id());
        assertThat(before).isIn(null, entry.id());
      }
    }
    assertThat(idAtPosition.get(0)).isNotEqualTo(idAtPosition.get(1));
  }

  private static MillraceSourceBuilder source(boolean shuffle) {
    return MillraceSource.builder()
        .path(datasetDirectory.toUri().toString())
        .scanEpochs(EPOCHS)
        .scanShuffle(shuffle)
        .scanShuffleSeed(7)
        .scanShuffleWindow(4)
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .prefetchMaxRequests(8);
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    Configuration configuration = new Configuration();
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "5");
    configuration.setString("restart-strategy.fixed-delay.delay", "1 ms");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    env.enableCheckpointing(50);
    return env;
  }

  /** All samples of all epochs once, with the metadata that they must have. */
  private static void assertComplete(List<SampleLedger.Entry> entries) {
    Map<Integer, Set<Long>> ids = new HashMap<>();
    Map<Integer, Set<Long>> positions = new HashMap<>();
    Map<Integer, Set<Long>> keys = new HashMap<>();
    for (SampleLedger.Entry entry : entries) {
      assertThat(ids.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.id()))
          .as("sample %d of epoch %d comes once", entry.id(), entry.epoch())
          .isTrue();
      positions.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.epochPosition());
      keys.computeIfAbsent(entry.epoch(), e -> new HashSet<>()).add(entry.shuffleKey());
      assertThat(entry.sample()).isEqualTo(entry.id() % SAMPLES_PER_SHARD);
      assertThat(entry.shard())
          .isEqualTo("shard.%05d.mds".formatted(entry.id() / SAMPLES_PER_SHARD));
      assertThat(EpochPosition.rank(entry.epochPosition())).isBetween(0L, SHARDS - 1L);
      assertThat(EpochPosition.place(entry.epochPosition())).isBetween(0L, SAMPLES_PER_SHARD - 1L);
    }
    int samples = SHARDS * SAMPLES_PER_SHARD;
    assertThat(ids.keySet()).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(ids.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
    assertThat(positions.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
    assertThat(keys.values()).allSatisfy(epoch -> assertThat(epoch).hasSize(samples));
  }
}
