// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.ledger.Ledger;
import io.millrace.sample.Sample;
import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Savepoints: resumed at another parallelism, refused when the order would change. */
@Tag("it")
class RestoreITCase {

  private static final int EPOCHS = 2;
  private static final int SHARDS = 24;
  private static final int SAMPLES_PER_SHARD = 40;
  private static final int SAMPLES = SHARDS * SAMPLES_PER_SHARD;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private Path dataset() {
    return directory.resolve("dataset");
  }

  private Ledger ledger() {
    return Ledger.at(directory.resolve("ledger"));
  }

  private MillraceSource<Sample> source(long seed) {
    return MillraceSource.builder()
        .path(SourceJob.uri(dataset()))
        .scanEpochs(EPOCHS)
        .scanShuffle(true)
        .scanShuffleSeed(seed)
        .scanShuffleWindow(4)
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .prefetchMaxRequests(8)
        .build();
  }

  /** Runs until so many lines were seen, then stops with a savepoint, whose path it returns. */
  private String stopAfter(int lines, int parallelism, Ledger ledger, String test)
      throws Exception {
    return SourceJob.stopAfter(
        lines,
        test,
        new SourceJob(parallelism).writing(ledger, source(7), new Paced(test, lines)),
        directory.resolve("savepoints"));
  }

  /** Stops in the first epoch, at its end, and in the second. */
  @ParameterizedTest
  @CsvSource({"4, 2, 300", "1, 4, 300", "4, 1, 900", "2, 4, 1300"})
  void goesOnAtAnotherParallelism(int before, int after, int lines) throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    String test = "rescale-" + before + "-" + after;
    // One for both jobs: the second commits and goes on writing where the first one did.
    Ledger ledger = ledger();
    String savepoint = stopAfter(lines, before, ledger, test);
    assertThat(Paced.counts(test).lines()).isBetween(lines, EPOCHS * SAMPLES - 1);
    assertThat(Paced.counts(test).isInsideOfAShard(SAMPLES_PER_SHARD)).isTrue();

    new SourceJob(after).from(savepoint).writing(ledger, source(7), line -> line).execute(test);

    NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD).compare(ledger.entries()).check();
  }

  @Test
  void refusesADatasetThatChanged() throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    String savepoint = stopAfter(100, 2, ledger(), "changed-dataset");
    NumberedDataset.write(dataset(), SHARDS + 1, SAMPLES_PER_SHARD);

    assertThatThrownBy(
            () ->
                new SourceJob(2)
                    .from(savepoint)
                    .writing(ledger(), source(7), line -> line)
                    .execute())
        .satisfies(
            e ->
                assertThat(ExceptionUtils.stringifyException(e))
                    .containsPattern(
                        "Cannot restore from the checkpoint: dataset changed since the checkpoint:"
                            + " it had 24 shards \\([0-9a-f]{12}\\), now it has 25"
                            + " \\([0-9a-f]{12}\\); scan.restore.on-change = fail does not allow"
                            + " that"));
  }

  @Test
  void refusesAnotherSeed() throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    String savepoint = stopAfter(100, 2, ledger(), "changed-seed");

    assertThatThrownBy(
            () ->
                new SourceJob(2)
                    .from(savepoint)
                    .writing(ledger(), source(8), line -> line)
                    .execute())
        .satisfies(
            e ->
                assertThat(ExceptionUtils.stringifyException(e))
                    .contains(
                        "Cannot restore from the checkpoint: the order of the samples would"
                            + " change: scan.shuffle.seed was 7 and is 8"));
  }
}
