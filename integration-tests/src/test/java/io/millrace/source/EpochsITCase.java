// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.plan.EpochPosition;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a scan starts without a savepoint, and a barrier between its epochs. */
@Tag("it")
class EpochsITCase {

  private static final int EPOCHS = 4;
  private static final int SHARDS = 12;
  private static final int SAMPLES_PER_SHARD = 10;
  private static final int SAMPLES = SHARDS * SAMPLES_PER_SHARD;
  private static final Expected ALL = NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD);

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(3)
              .build());

  @TempDir static Path dataset;

  @RegisterExtension
  static final FaultyOriginExtension ORIGIN =
      new FaultyOriginExtension(() -> FaultyOrigin.file("epochs", written(), 1));

  /** What scans of everything emitted, by whether they were shuffled. */
  private static final Map<Boolean, List<LedgerEntry>> WHOLE = new ConcurrentHashMap<>();

  @TempDir Path output;

  private static Path written() {
    try {
      NumberedDataset.write(dataset, SHARDS, SAMPLES_PER_SHARD);
      return dataset;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MillraceSourceBuilder source(boolean shuffle) {
    return MillraceSource.builder()
        .path(ORIGIN.origin().uri("/"))
        .scanEpochs(EPOCHS)
        .scanShuffle(shuffle)
        .scanShuffleSeed(7)
        .scanShuffleWindow(4)
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .prefetchMaxRequests(8);
  }

  private List<LedgerEntry> run(String name, SourceJob job, MillraceSource<Sample> source)
      throws Exception {
    Ledger ledger = Ledger.at(output.resolve(name));
    job.writing(ledger, source, line -> line).execute(name);
    return ledger.entries();
  }

  /** The samples of a scan of everything at a place and after it. */
  private List<LedgerEntry> wholeFrom(boolean shuffle, int epoch, long position) throws Exception {
    if (!WHOLE.containsKey(shuffle)) {
      WHOLE.put(shuffle, run("whole", new SourceJob(2), source(shuffle).build()));
      ALL.compare(WHOLE.get(shuffle)).check();
      ORIGIN.origin().reset();
    }
    return WHOLE.get(shuffle).stream().filter(entry -> isFrom(entry, epoch, position)).toList();
  }

  private static boolean isFrom(LedgerEntry entry, int epoch, long position) {
    return entry.epoch() > epoch || (entry.epoch() == epoch && entry.epochPosition() >= position);
  }

  private static Set<String> shardsFetched() {
    return ORIGIN.origin().meter().snapshot().of(OriginOperation.GET).objects().stream()
        .filter(object -> object.endsWith(".mds"))
        .map(object -> object.substring(object.lastIndexOf('/') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource({"1, true, 5, 4", "3, true, 9, 9", "1, false, 3, 0", "3, false, 7, 11"})
  void readsWhatAWholeScanReadsFromThereAndFetchesNothingElse(
      int parallelism, boolean shuffle, long rank, long place) throws Exception {
    int last = EPOCHS - 1;
    long position = EpochPosition.of(rank, place);
    List<LedgerEntry> expected = wholeFrom(shuffle, last, position);
    // Of a unit of ten samples, the last place takes all.
    assertThat(expected).hasSize((int) (SAMPLES - 10 * rank - Math.min(10, place)));

    List<LedgerEntry> actual =
        run(
            "some",
            new SourceJob(parallelism),
            source(shuffle).scanStartEpoch(last).scanStartPosition(position).build());

    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shardsFetched())
        .isEqualTo(
            expected.stream()
                .map(LedgerEntry::shard)
                .collect(Collectors.toCollection(TreeSet::new)))
        .hasSizeLessThan(SHARDS);
  }

  @Test
  void readsAllOfTheEpochsAfterTheFirst() throws Exception {
    long position = EpochPosition.of(11, 3);
    List<LedgerEntry> expected = wholeFrom(true, 1, position);
    MillraceSource<Sample> source =
        source(true).scanStartEpoch(1).scanStartPosition(position).build();

    assertThat(run("some", new SourceJob(3).batch(), source))
        .hasSize(7 + 2 * SAMPLES)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aSavepointIsGoneOnFromWhereverTheJobIsTold() throws Exception {
    long position = EpochPosition.of(4, 6);
    List<LedgerEntry> expected = wholeFrom(true, 1, position);
    Ledger ledger = Ledger.at(output.resolve("ledger"));
    MillraceSource<Sample> first =
        source(true).scanStartEpoch(1).scanStartPosition(position).build();
    String savepoint =
        SourceJob.stopAfter(
            20,
            "start",
            new SourceJob(3).writing(ledger, first, new Paced("start", 20)),
            output.resolve("savepoints"));
    assertThat(Paced.counts("start").lines()).isLessThan(expected.size());

    // At an epoch that is after it, and with a barrier, which the savepoint knows nothing of.
    MillraceSource<Sample> second =
        source(true)
            .scanStartEpoch(3)
            .scanStartPosition(EpochPosition.of(2, 2))
            .scanEpochBarrier(true)
            .build();
    new SourceJob(2).from(savepoint).writing(ledger, second, line -> line).execute();

    assertThat(ledger.entries()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @CsvSource({"3, false", "7, true"})
  void aBarrierKeepsEpochsApart(int parallelism, boolean batch) throws Exception {
    String test = "barrier-" + parallelism;
    SourceJob job = new SourceJob(parallelism);
    Ledger ledger = Ledger.at(output);
    (batch ? job.batch() : job) // with fewer slots than readers
        .writing(ledger, source(true).scanEpochBarrier(true).build(), new EpochWatch(test, SAMPLES))
        .execute(test);

    assertThat(EpochWatch.early(test)).isEmpty();
    ALL.compare(ledger.entries()).check();
  }

  @Test
  void withoutABarrierReadersRunAhead() throws Exception {
    // One reader waits until another one has gone on to the next epoch.
    String test = "no-barrier";
    Ledger ledger = Ledger.at(output);
    new SourceJob(3)
        .writing(ledger, source(true).build(), new EpochWatch(test, SAMPLES).holdingUp())
        .execute(test);

    assertThat(EpochWatch.early(test)).isNotEmpty();
    ALL.compare(ledger.entries()).check();
  }

  @Test
  void aBarrierHoldsThroughFailures() throws Exception {
    String test = "barrier-failures";
    Ledger ledger = Ledger.at(output);
    new SourceJob(3)
        .restarts(5)
        .writing(
            ledger,
            source(true).scanEpochBarrier(true).build(),
            new EpochWatch(test, SAMPLES).failing(2))
        .execute(test);

    assertThat(EpochWatch.failures(test)).isBetween(1, 2);
    assertThat(EpochWatch.early(test)).isEmpty();
    ALL.compare(ledger.entries()).check();
  }
}
