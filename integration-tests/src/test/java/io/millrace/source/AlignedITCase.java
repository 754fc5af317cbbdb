// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.Dataset;
import io.millrace.flink.source.Datasets;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.format.mds.MdsWriter;
import io.millrace.format.torch.TorchPairs;
import io.millrace.format.torch.TorchPairs.Pair;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.ledger.SamplePlace;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Latents and conditions: every pair right, once an epoch, whatever fails. */
@Tag("it")
class AlignedITCase {

  private static final int EPOCHS = 3;
  private static final int GENERATED = 2_000;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private Dataset at(String name) {
    return Datasets.at(directory.resolve(name).toString());
  }

  private Dataset pairs() {
    return Datasets.aligned(
        at("latents").renamed("latents", "latent_conditions"), at("conditions"));
  }

  private static MillraceSource<Sample> source(Dataset dataset) {
    return MillraceSource.builder()
        .dataset(dataset)
        .scanEpochs(EPOCHS)
        .scanShuffle(true)
        .scanShuffleSeed(7)
        .scanShuffleWindow(4)
        .cacheMemorySize(MemorySize.ofMebiBytes(64))
        .prefetchMaxRequests(8)
        .build();
  }

  private Ledger ledger() {
    return Ledger.at(directory.resolve("ledger"));
  }

  /** Finds which of torch's pairs a sample is; an impossible number if it is none. */
  private record LineOfPair(List<Pair> truth) implements MapFunction<Sample, String> {
    @Override
    public String map(Sample sample) {
      int number = truth.indexOf(Pair.of(sample, "latent_conditions"));
      boolean labelled = sample.schema().indexOf("label") >= 0;
      boolean right = !labelled || sample.getLong("label") == number;
      return LedgerEntry.of(sample, String.valueOf(right ? number : -2)).toLine();
    }
  }

  @Test
  void emitsThePairsThatTorchWroteOnceAnEpochThroughAFailure() throws Exception {
    List<Pair> truth = TorchPairs.copyTo(directory);
    MillraceSource<Sample> source = source(pairs());
    assertThat(source.dataset().format()).isEqualTo("aligned(torch,torch)");
    assertThat(source.dataset().units()).isEqualTo(1);
    Ledger ledger = ledger();
    new SourceJob(4)
        .restarts(5)
        .lines(new LineOfPair(List.copyOf(truth)))
        .writing(ledger, source, new FailOnce("pairs", 1, 5))
        .execute("pairs");

    assertThat(FailOnce.failures("pairs")).isPositive();
    Map<SamplePlace, String> contents = new HashMap<>();
    numbers(100).forEach(n -> contents.put(new SamplePlace("latent_0000.pt", n), "" + n));
    Expected.contents(contents, EPOCHS).withPositions(1, 100).compare(ledger.entries()).check();
  }

  /** Shards of labels, in another format, cut the groups of files. */
  @Test
  void emitsPairsWithLabelsOnceAnEpochThroughFailures() throws Exception {
    List<Pair> truth = TorchPairs.copyTo(directory);
    writeLabels(truth.size());
    MillraceSource<Sample> source =
        source(Datasets.aligned(pairs(), at("labels").renamed("value", "label")));
    assertThat(source.dataset().format()).isEqualTo("aligned(torch,torch,mds)");
    Ledger ledger = ledger();
    new SourceJob(4)
        .restarts(5)
        .lines(new LineOfPair(List.copyOf(truth)))
        .writing(ledger, source, new FailOnce("labels", 2, 3))
        .execute("labels");

    assertThat(FailOnce.failures("labels")).isGreaterThanOrEqualTo(1);
    Map<SamplePlace, String> contents = new HashMap<>();
    numbers(100)
        .forEach(
            n -> contents.put(new SamplePlace("shard.%05d.mds".formatted(n / 10), n % 10), "" + n));
    Expected.contents(contents, EPOCHS).withPositions(10, 10).compare(ledger.entries()).check();
  }

  private static IntStream numbers(int count) {
    return IntStream.range(0, count);
  }

  /** The pairs of {@link NumberedPairs}, whose files are put into groups as their sizes are. */
  private static Expected generated() {
    return Expected.anywhere(numbers(GENERATED).mapToObj(String::valueOf).toList(), EPOCHS);
  }

  private void writeLabels(int count) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory.resolve("labels"), Map.of("value", "int")).hashes("xxh64")) {
      for (long i = 0; i < count; i++) {
        writer.write(Map.of("value", i));
        if (i % 10 == 9) {
          writer.endShard();
        }
      }
    }
  }

  @Test
  void emitsPairsOfManyUnitsOnceAnEpochThroughFailures() throws Exception {
    NumberedPairs.write(directory, GENERATED);
    MillraceSource<Sample> source = source(pairs());
    assertThat(source.dataset().units()).isBetween(8L, 10L);
    Ledger ledger = ledger();
    new SourceJob(4)
        .restarts(5)
        .lines(NumberedPairs::line)
        .writing(ledger, source, new FailOnce("many", 2, 20))
        .execute("many");

    assertThat(FailOnce.failures("many")).isGreaterThanOrEqualTo(2);
    generated().compare(ledger.entries()).check();
  }

  @Test
  void goesOnFromASavepointAtAnotherParallelism() throws Exception {
    NumberedPairs.write(directory, GENERATED);
    Ledger ledger = ledger();
    String savepoint =
        SourceJob.stopAfter(
            1_300,
            "aligned-rescale",
            new SourceJob(4)
                .lines(NumberedPairs::line)
                .writing(ledger, source(pairs()), new Paced("aligned-rescale", 1_300)),
            directory.resolve("savepoints"));
    assertThat(Paced.counts("aligned-rescale").lines()).isLessThan(EPOCHS * GENERATED);

    new SourceJob(2)
        .from(savepoint)
        .lines(NumberedPairs::line)
        .writing(ledger, source(pairs()), line -> line)
        .execute();

    generated().compare(ledger.entries()).check();
  }

  /** The bytes of a part are cached as its own: who reads it alone finds them. */
  @Test
  void readsOnlyThePartWhoseFieldsAreAskedFor() throws Exception {
    TorchPairs.copyTo(directory);
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .dataset(pairs())
            .fields("prompt_embeds")
            .scanEpochs(2)
            .cacheMemorySize(MemorySize.ofMebiBytes(64))
            .build();
    new SourceJob(1).writing(ledger(), source, line -> line).execute();

    Expected.counts(Map.of("latent_0000.pt", 100L), 2)
        .withPositions(1, 100)
        .compare(ledger().entries())
        .check();
    var epochs = LocalScans.epochs(source.scanId());
    assertThat(epochs.get(0L).originBytes())
        .isEqualTo(source.dataset().parts().get(1).storedBytes());
    assertThat(epochs.get(1L).hitRate()).isEqualTo(1.0);
  }
}
