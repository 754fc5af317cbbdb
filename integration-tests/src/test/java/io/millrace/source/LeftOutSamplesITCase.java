// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.format.mds.MdsWriter;
import io.millrace.format.torch.TorchWriter;
import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.SampleOrder;
import io.millrace.sample.Field;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs over damaged datasets, by {@code scan.on-error}. Every sample has its number as its id. */
@Tag("it")
class LeftOutSamplesITCase {

  private static final int EPOCHS = 2;
  private static final int SHARDS = 8;
  private static final int SAMPLES_PER_SHARD = 25;
  private static final int SAMPLES = SHARDS * SAMPLES_PER_SHARD;
  private static final long SEED = 7;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private Path dataset() {
    return directory.resolve("dataset");
  }

  private Path shard(int number) {
    return dataset().resolve(String.format(Locale.ROOT, "shard.%05d.mds", number));
  }

  private static void damage(Path file, int place) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[place] ^= (byte) 0xff;
    Files.write(file, bytes);
  }

  /** Inverts the length of a sample's text, the first thing of it. */
  private static void damageSample(Path file, int sample) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    damage(file, bytes.getInt(Integer.BYTES * (1 + sample)));
  }

  private MillraceSourceBuilder source(String onError) {
    return source(SourceJob.uri(dataset()), onError);
  }

  private static MillraceSourceBuilder source(String path, String onError) {
    return MillraceSource.builder()
        .path(path)
        .scanEpochs(EPOCHS)
        .scanShuffle(true)
        .scanShuffleSeed(SEED)
        .scanShuffleWindow(4)
        .scanOnError(onError)
        .scanOnErrorMaxSkipped("60 %")
        .cacheMemorySize(MemorySize.ofMebiBytes(16))
        .prefetchMaxRequests(8);
  }

  /** The sample's id is its content. */
  private static final class IdLine implements MapFunction<Sample, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String map(Sample sample) {
      return LedgerEntry.of(sample, String.valueOf(sample.getLong("id"))).toLine();
    }
  }

  private static Expected without(int samples, LongPredicate bad) {
    return Expected.anywhere(
        LongStream.range(0, samples)
            .filter(bad.negate())
            .mapToObj(String::valueOf)
            .collect(Collectors.toList()),
        EPOCHS);
  }

  private List<LedgerEntry> run(MillraceSource<Sample> source, String name) throws Exception {
    Ledger ledger = Ledger.at(directory.resolve("ledger-" + name));
    new SourceJob(2).lines(new IdLine()).writing(ledger, source, line -> line).execute(name);
    return ledger.entries();
  }

  private String failureOf(MillraceSource<Sample> source) {
    Throwable failure = catchThrowable(() -> run(source, "failing"));
    assertThat(failure).isNotNull();
    // Of a reader that fails while it is given splits, Flink may tell no more than that.
    return LocalScans.failure(source.scanId())
        .map(ExceptionUtils::stringifyException)
        .orElseGet(() -> ExceptionUtils.stringifyException(failure));
  }

  @Test
  void leavesOutShardsThatCannotBeOpened() throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    damage(shard(2), (int) Files.size(shard(2)) - 1);
    Files.delete(shard(4));
    damage(shard(6), 0);
    byte[] whole = Files.readAllBytes(shard(7));
    Files.write(shard(7), Arrays.copyOf(whole, whole.length / 2));
    Set<Long> bad = Set.of(2L, 4L, 6L, 7L);

    MillraceSource<Sample> source = source("skip-shard").build();
    without(SAMPLES, id -> bad.contains(id / SAMPLES_PER_SHARD))
        .compare(run(source, "shards"))
        .check();
    assertThat(LocalScans.totals(source.scanId()).skippedSamples())
        .isEqualTo(4L * SAMPLES_PER_SHARD * EPOCHS);

    assertThat(failureOf(source("skip-sample").build()))
        .contains("Cannot leave out single samples of unit 0 of shard")
        .contains("set scan.on-error = skip-shard to leave out what cannot be opened");
    assertThatThrownBy(() -> source(SourceJob.uri(dataset()), "fail").build())
        .hasMessageContaining("Cannot find file:")
        .hasMessageContaining("shard.00004.mds, which ");
  }

  @Test
  void leavesOutCompressedShardsThatAreDamaged() throws Exception {
    try (MdsWriter writer =
        new MdsWriter(dataset(), Map.of("id", "int", "text", "str"))
            .compression("zstd")
            .hashes("xxh64")) {
      for (long id = 0; id < SAMPLES; id++) {
        writer.write(Map.of("id", id, "text", "text " + id));
        if (id % SAMPLES_PER_SHARD == SAMPLES_PER_SHARD - 1) {
          writer.endShard();
        }
      }
    }
    Path file = dataset().resolve("shard.00003.mds.zstd");
    damage(file, (int) Files.size(file) / 2);

    List<LedgerEntry> entries = run(source("skip-shard").build(), "compressed");

    without(SAMPLES, id -> id / SAMPLES_PER_SHARD == 3).compare(entries).check();
  }

  /** Reading goes on behind what was left out, also where a restored reader has to. */
  @ParameterizedTest
  @ValueSource(strings = {"skip-sample", "skip-shard"})
  void leavesOutDamagedSamplesThroughAFailure(String onError) throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    Set<Integer> bad = Set.of(0, 7, 8, 24);
    for (int sample : bad) {
      damageSample(shard(3), sample);
      damageSample(shard(5), sample);
    }
    MillraceSource<Sample> source = source(onError).scanVerifyHashes(false).build();
    Ledger ledger = Ledger.at(directory.resolve("ledger"));
    String test = "left-out-" + onError;

    new SourceJob(2)
        .restarts(5)
        .lines(new IdLine())
        .writing(ledger, source, new FailOnce(test, 2, 10))
        .execute(test);

    assertThat(FailOnce.failures(test)).isGreaterThanOrEqualTo(2);
    List<String> expected = new ArrayList<>();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (long id = 0; id < SAMPLES; id++) {
        if (!isLeftOut(epoch, id, bad, onError.equals("skip-shard"))) {
          expected.add(epoch + " " + id);
        }
      }
    }
    assertThat(ledger.entries())
        .extracting(entry -> entry.epoch() + " " + entry.content())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** Whether a sample is a damaged one of shards 3 and 5 or, in its unit's order, behind one. */
  private static boolean isLeftOut(int epoch, long id, Set<Integer> bad, boolean rest) {
    long unit = id / SAMPLES_PER_SHARD;
    int sample = (int) (id % SAMPLES_PER_SHARD);
    if (unit != 3 && unit != 5) {
      return false;
    }
    SampleOrder order = EpochOrder.shuffled(SEED, epoch, SHARDS).samplesOf(unit, SAMPLES_PER_SHARD);
    boolean seen = false;
    for (long place = 0; place < SAMPLES_PER_SHARD; place++) {
      long at = order.sampleAt(place);
      boolean damaged = bad.contains((int) at);
      seen = (rest && seen) || damaged;
      if (at == sample) {
        return seen;
      }
    }
    throw new AssertionError("No sample " + sample);
  }

  @Test
  void leavesOutFilesOfGroupsThatAreDamagedMissingOrHostile() throws Exception {
    int files = 60;
    Files.createDirectories(dataset());
    for (long id = 0; id < files; id++) {
      TorchWriter.write(torch(id), Map.of("id", id, "text", "text " + id));
    }
    damage(torch(11), (int) Files.size(torch(11)) - 10);
    Files.write(
        torch(23), "\200\2cos\nsystem\nX\4\0\0\0exit\205R.".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(torch(31), new byte[0]);
    try (FaultyOrigin origin = FaultyOrigin.file("left-out", dataset(), 1)) {
      // There when the dataset is found, and gone when it is read.
      origin
          .faults()
          .add(
              FaultRule.on(RequestPattern.operation(OriginOperation.GET).at("sample_0042"))
                  .fault(Fault.status(404)));
      MillraceSource<Sample> source = source(origin.uri(""), "skip-sample").build();
      assertThat(source.dataset().units()).isEqualTo(1);
      assertThat(source.schema().fields())
          .extracting(Field::name)
          .containsExactlyInAnyOrder("id", "text");

      List<LedgerEntry> entries = run(source, "torch");

      Set<Long> bad = Set.of(11L, 23L, 31L, 42L);
      without(files, bad::contains).compare(entries).check();
      assertThat(LocalScans.totals(source.scanId()).skippedSamples()).isEqualTo(EPOCHS * 4L);
    }
  }

  private Path torch(long id) {
    return dataset().resolve(String.format(Locale.ROOT, "sample_%04d.pt", id));
  }

  @Test
  void failsBeyondTheBoundThatAllReadersShare() throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    for (int shard = 0; shard < SHARDS; shard++) {
      damageSample(shard(shard), shard);
    }
    MillraceSourceBuilder source = source("skip-sample").scanVerifyHashes(false);
    run(source.scanOnErrorMaxSkipped("4 %").build(), "within");

    assertThat(failureOf(source.scanOnErrorMaxSkipped("3.5 %").build()))
        .containsPattern(
            "Cannot go on: 8 samples of epoch [01] could not be read and were left out, but"
                + " scan.on-error.max-skipped = 3.5 % of its 200 samples allows 7; mend the"
                + " dataset, or allow more. The last one: sample \\d of shard"
                + " shard.0000\\d.mds: Corrupt object file:");
  }

  @Test
  void answersSqlWithWhatCanBeRead() throws Exception {
    NumberedDataset.write(dataset(), SHARDS, SAMPLES_PER_SHARD);
    Files.delete(shard(0));
    Files.delete(shard(1));
    Configuration configuration = new Configuration();
    configuration.setString("parallelism.default", "2");
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inBatchMode()
                .withConfiguration(configuration)
                .build());
    tables.executeSql(
        "CREATE TABLE t (id BIGINT, text STRING, epoch INT METADATA) WITH ('connector' ="
            + " 'millrace', 'scan.on-error' = 'skip-shard', 'scan.on-error.max-skipped' = '25 %',"
            + " 'path' = '"
            + dataset()
            + "')");

    assertThat(rows(tables, "SELECT COUNT(*) FROM t /*+ OPTIONS('scan.epochs' = '2') */"))
        .containsExactly(Row.of(300L));
    assertThat(rows(tables, "SELECT id FROM t LIMIT 60")).hasSize(60);
    assertThat(rows(tables, "SELECT id FROM t"))
        .extracting(row -> row.getField(0))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(50, 200).boxed().toList());
    assertThat(
            ExceptionUtils.stringifyException(
                catchThrowable(
                    () ->
                        rows(
                            tables,
                            "SELECT id FROM t /*+ OPTIONS('scan.on-error.max-skipped' = '24 %') */"))))
        .contains("scan.on-error.max-skipped = 24 % of its 200 samples allows 48");
  }

  private static List<Row> rows(TableEnvironment tables, String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> result = tables.executeSql(query).collect()) {
      result.forEachRemaining(rows::add);
    }
    return rows;
  }
}
