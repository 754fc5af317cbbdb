// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.format.torch.TorchWriter;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that are added while a job runs, fails and stops: each sample once. */
@Tag("it")
class DiscoveryITCase {

  private static final int SAMPLES_PER_SHARD = 40;
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofMinutes(2);

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

  private MillraceSourceBuilder source() {
    return MillraceSource.builder()
        .path(SourceJob.uri(dataset()))
        .scanDiscoveryInterval(INTERVAL)
        .scanShuffleSeed(7)
        .scanShuffleWindow(2)
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .prefetchMaxRequests(4);
  }

  private void awaitEntries(int count) {
    Await.until(
        count + " lines in the ledger",
        LIMIT,
        () -> {
          try {
            return ledger().entries().size() >= count;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void awaitFailures(String test, int count) {
    Await.until(count + " failures", LIMIT, () -> FailOnce.failures(test) >= count);
  }

  private String stop(JobClient job) throws Exception {
    String savepoint =
        job.stopWithSavepoint(
                false,
                SourceJob.uri(directory.resolve("savepoints")),
                SavepointFormatType.CANONICAL)
            .get();
    job.getJobExecutionResult().get();
    return savepoint;
  }

  /** Appends while the job reads, after a failure, while it idles, and while it is stopped. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsShardsThatAreAppendedOnceThroughFailuresAndASavepoint(boolean shuffle)
      throws Exception {
    String test = "appended-" + shuffle;
    NumberedDataset.write(dataset(), 6, SAMPLES_PER_SHARD);
    JobClient job =
        new SourceJob(3)
            .restarts(5)
            .writing(ledger(), source().scanShuffle(shuffle).build(), new FailOnce(test, 2, 10))
            .executeAsync(test);
    NumberedDataset.append(dataset(), 6, 2, SAMPLES_PER_SHARD);
    awaitFailures(test, 1);
    NumberedDataset.append(dataset(), 8, 4, SAMPLES_PER_SHARD);
    awaitEntries(12 * SAMPLES_PER_SHARD);
    NumberedDataset.append(dataset(), 12, 1, SAMPLES_PER_SHARD);
    awaitEntries(13 * SAMPLES_PER_SHARD);
    NumberedDataset.append(dataset(), 13, 3, SAMPLES_PER_SHARD);
    String savepoint = stop(job);
    NumberedDataset.append(dataset(), 16, 4, SAMPLES_PER_SHARD);

    JobClient second =
        new SourceJob(2)
            .from(savepoint)
            .writing(ledger(), source().scanShuffle(shuffle).build(), line -> line)
            .executeAsync(test);
    awaitEntries(20 * SAMPLES_PER_SHARD);
    stop(second);

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(1);
    NumberedDataset.expected(1, 20, SAMPLES_PER_SHARD).compare(ledger().entries()).check();
  }

  /** Files appear in between of others by name, by a rename, as careful writers do it. */
  @Test
  void readsFilesThatAppearOnceThroughAFailureAndASavepoint() throws Exception {
    writeFiles("m", 0, 100);
    JobClient job =
        new SourceJob(3)
            .restarts(5)
            .lines(new LineOfFile())
            .writing(ledger(), source().scanShuffle(true).build(), new FailOnce("files", 1, 10))
            .executeAsync("files");
    awaitFailures("files", 1);
    writeFiles("a", 100, 60);
    awaitEntries(160);
    writeFiles("c/d", 160, 60);
    String savepoint = stop(job);
    writeFiles("b", 220, 60);

    JobClient second =
        new SourceJob(2)
            .from(savepoint)
            .lines(new LineOfFile())
            .writing(ledger(), source().scanShuffle(true).build(), line -> line)
            .executeAsync("files");
    awaitEntries(280);
    stop(second);

    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < 280; i++) {
      numbers.add(String.valueOf(i));
    }
    List<LedgerEntry> entries = ledger().entries();
    Expected.anywhere(numbers, 1).compare(entries).check();
    assertThat(entries).extracting(LedgerEntry::epochPosition).doesNotHaveDuplicates();
  }

  private void writeFiles(String prefix, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      Path file = dataset().resolve("%s-%04d.pt".formatted(prefix, i));
      Files.createDirectories(file.getParent());
      Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp.pt");
      TorchWriter.write(temporary, Map.of("number", (Object) (long) i));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static final class LineOfFile implements MapFunction<Sample, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String map(Sample sample) {
      return LedgerEntry.of(sample, String.valueOf(sample.getLong("number"))).toLine();
    }
  }

  @Test
  void failsTheJobWithTheNameOfAShardThatVanished() throws Exception {
    NumberedDataset.write(dataset(), 4, SAMPLES_PER_SHARD);
    JobClient job =
        new SourceJob(2).writing(ledger(), source().build(), line -> line).executeAsync("vanished");
    awaitEntries(4 * SAMPLES_PER_SHARD);

    Files.delete(dataset().resolve("shard.00002.mds"));

    assertThatThrownBy(() -> job.getJobExecutionResult().get())
        .satisfies(
            e ->
                assertThat(ExceptionUtils.stringifyException(e))
                    .contains("dataset changed: Cannot find ")
                    .contains("/shard.00002.mds, which shards[2].raw_data of "));
  }

  @Test
  void isRefusedInABatchJob() throws Exception {
    NumberedDataset.write(dataset(), 1, SAMPLES_PER_SHARD);
    MillraceSource<Sample> source = source().build();

    assertThatThrownBy(
            () -> new SourceJob(1).batch().writing(ledger(), source, line -> line).execute())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Detected an UNBOUNDED source");
  }
}
