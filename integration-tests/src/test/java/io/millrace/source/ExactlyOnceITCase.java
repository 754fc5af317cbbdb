// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
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
  private static final Expected ALL = NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD);

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
    Ledger ledger = Ledger.at(output);
    new SourceJob(parallelism)
        .restarts(5)
        .writing(ledger, source(shuffle).build(), new FailOnce(test, 2, 10))
        .execute(test);

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(2);
    ALL.compare(ledger.entries()).check();
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
    Ledger ledger = Ledger.at(output.resolve("ledger"));
    new SourceJob(3).restarts(5).writing(ledger, source, new FailOnce("cut", 2, 10)).execute("cut");

    assertThat(FailOnce.failures("cut")).isGreaterThanOrEqualTo(2);
    NumberedDataset.expected(2, 3, 400, 20_000)
        .withPositions(6, 400)
        .compare(ledger.entries())
        .check();
  }

  @Test
  void theSamplesOfAnEpochPositionDoNotDependOnTheParallelism(@TempDir Path output)
      throws Exception {
    Map<Integer, Map<Long, String>> contentAtPosition = new HashMap<>();
    for (int parallelism : new int[] {1, 4}) {
      Ledger ledger = Ledger.at(output.resolve("p" + parallelism));
      new SourceJob(parallelism).writing(ledger, source(true).build(), line -> line).execute();
      List<LedgerEntry> entries = ledger.entries();
      ALL.compare(entries).check();
      for (LedgerEntry entry : entries) {
        Map<Long, String> epoch =
            contentAtPosition.computeIfAbsent(entry.epoch(), e -> new HashMap<>());
        String before = epoch.put(entry.epochPosition(), entry.content());
        assertThat(before).isIn(null, entry.content());
      }
    }
    assertThat(contentAtPosition.get(0)).isNotEqualTo(contentAtPosition.get(1));
  }

  @Test
  void readsEverySampleOnceInABatchJob(@TempDir Path output) throws Exception {
    Ledger ledger = Ledger.at(output);
    new SourceJob(4).batch().writing(ledger, source(true).build(), line -> line).execute();
    ALL.compare(ledger.entries()).check();
  }

  @Test
  void readsEverySampleOnceInABatchJobWithFewerSlotsThanReaders(@TempDir Path output)
      throws Exception {
    Ledger ledger = Ledger.at(output);
    // Half of the readers start when the others have ended.
    new SourceJob(8).batch().writing(ledger, source(true).build(), line -> line).execute();
    ALL.compare(ledger.entries()).check();
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
