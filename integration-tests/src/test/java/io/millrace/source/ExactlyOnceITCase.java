// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.sample.Sample;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
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
  private static final Completeness COMPLETE =
      new Completeness(EPOCHS, SHARDS, SAMPLES_PER_SHARD, SHARDS);

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
    new SourceJob(parallelism)
        .restarts(5)
        .writing(ledger, source(shuffle).build(), new FailOnce(test, 2, 10))
        .execute(test);

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(2);
    COMPLETE.check(ledger.entries());
  }

  /** A unit is a run of samples then, and its shard is verified by whichever unit comes first. */
  @Test
  void emitsEverySampleOnceWhereShardsAreCutIntoUnits(@TempDir Path output) throws Exception {
    Path cut = output.resolve("dataset");
    NumberedDataset.write(cut, 3, 400, 20_000);
    MillraceSource<Sample> source =
        source(true)
            .path(SourceJob.uri(cut))
            .scanEpochs(2)
            .cacheMemorySize(MemorySize.ofMebiBytes(32))
            .build();
    assertThat(source.dataset().units()).isEqualTo(6);
    SampleLedger ledger = new SampleLedger(output.resolve("ledger"));
    new SourceJob(3).restarts(5).writing(ledger, source, new FailOnce("cut", 2, 10)).execute("cut");

    assertThat(FailOnce.failures("cut")).isGreaterThanOrEqualTo(2);
    new Completeness(2, 3, 400, 6).check(ledger.entries());
  }

  @Test
  void theSamplesOfAnEpochPositionDoNotDependOnTheParallelism(@TempDir Path output)
      throws Exception {
    Map<Integer, Map<Long, Long>> idAtPosition = new HashMap<>();
    for (int parallelism : new int[] {1, 4}) {
      SampleLedger ledger = new SampleLedger(output.resolve("p" + parallelism));
      new SourceJob(parallelism).writing(ledger, source(true).build(), line -> line).execute();
      List<SampleLedger.Entry> entries = ledger.entries();
      COMPLETE.check(entries);
      for (SampleLedger.Entry entry : entries) {
        Map<Long, Long> epoch = idAtPosition.computeIfAbsent(entry.epoch(), e -> new HashMap<>());
        Long before = epoch.put(entry.epochPosition(), entry.id());
        assertThat(before).isIn(null, entry.id());
      }
    }
    assertThat(idAtPosition.get(0)).isNotEqualTo(idAtPosition.get(1));
  }

  @Test
  void readsEverySampleOnceInABatchJob(@TempDir Path output) throws Exception {
    SampleLedger ledger = new SampleLedger(output);
    new SourceJob(4).batch().writing(ledger, source(true).build(), line -> line).execute();
    COMPLETE.check(ledger.entries());
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
}
