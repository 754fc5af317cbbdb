// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.format.torch.TorchWriter;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Savepoints of datasets that changed before the job goes on. */
@Tag("it")
class RestoreOnChangeITCase {

  private static final int SAMPLES = 20;
  private static final int SHARDS = 8;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @TempDir Path directory;

  private Path dataset() {
    return directory.resolve("dataset");
  }

  private Ledger ledger() {
    return Ledger.at(directory.resolve("ledger"));
  }

  /** Where shards are accepted with a barrier, so that it is known which epoch is open. */
  private MillraceSource<Sample> source(int epochs, String onChange) {
    MillraceSourceBuilder builder =
        MillraceSource.builder()
            .path(SourceJob.uri(dataset()))
            .scanEpochs(epochs)
            .scanShuffle(true)
            .scanShuffleSeed(7)
            .scanShuffleWindow(2)
            .scanRestoreOnChange(onChange)
            .scanEpochBarrier(!onChange.equals("restart-epoch"))
            .cacheMemorySize(MemorySize.ofMebiBytes(8))
            .prefetchMaxRequests(4);
    return builder.build();
  }

  private String stopAfter(int lines, String test, String field, MillraceSource<Sample> source)
      throws Exception {
    return SourceJob.stopAfter(
        lines,
        test,
        new SourceJob(2)
            .lines(new LineOf(field, "old "))
            .writing(ledger(), source, new Paced(test, lines)),
        directory.resolve("savepoints"));
  }

  /** The ledger's epochs and tokens, sorted. */
  private List<String> found() throws IOException {
    return ledger().entries().stream()
        .map(entry -> entry.epoch() + " " + entry.content())
        .sorted()
        .toList();
  }

  /** So many samples of an epoch, by their numbers. */
  private static List<String> epoch(int epoch, String token, int samples) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      all.add(epoch + " " + token + i);
    }
    return all;
  }

  private static List<String> withoutAge(List<String> found) {
    return found.stream().map(line -> line.replaceAll("old |new ", "")).sorted().toList();
  }

  /** The open epoch has what it began with, the later ones have all. */
  private void checkAccepted(int before, int after) throws IOException {
    List<String> expected = new ArrayList<>(epoch(0, "", before));
    expected.addAll(epoch(1, "", after));
    expected.addAll(epoch(2, "", after));
    assertThat(withoutAge(found())).containsExactlyElementsOf(expected.stream().sorted().toList());
    assertThat(ledger().entries())
        .extracting(entry -> entry.epoch() + " " + entry.epochPosition())
        .doesNotHaveDuplicates();
    assertThat(ledger().entries())
        .extracting(entry -> entry.epoch() + " " + entry.shuffleKey())
        .doesNotHaveDuplicates();
  }

  @Test
  void acceptsShardsThatAreAppended() throws Exception {
    String test = "accept-mds";
    NumberedDataset.write(dataset(), SHARDS, SAMPLES);
    String savepoint = stopAfter(50, test, "id", source(3, "fail"));
    assertThat(found()).hasSizeLessThan(SHARDS * SAMPLES);
    NumberedDataset.append(dataset(), SHARDS, 3, SAMPLES);

    new SourceJob(2)
        .from(savepoint)
        .restarts(1)
        .lines(new LineOf("id", "new "))
        .writing(ledger(), source(3, "accept-new-shards"), new FailFirst(test, 30))
        .execute(test);

    assertThat(FailFirst.failures(test)).isEqualTo(1);
    checkAccepted(SHARDS * SAMPLES, (SHARDS + 3) * SAMPLES);
  }

  @Test
  void acceptsFilesThatAreAdded() throws Exception {
    String test = "accept-torch";
    writeFiles("m", 0, 700);
    String savepoint = stopAfter(50, test, "number", source(3, "accept-new-shards"));
    assertThat(found()).hasSizeLessThan(700);
    writeFiles("a", 700, 60);

    new SourceJob(2)
        .from(savepoint)
        .lines(new LineOf("number", "new "))
        .writing(ledger(), source(3, "accept-new-shards"), line -> line)
        .execute(test);

    checkAccepted(700, 760);
  }

  private void writeFiles(String prefix, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      Path file = dataset().resolve("%s-%04d.pt".formatted(prefix, i));
      Files.createDirectories(file.getParent());
      TorchWriter.write(file, Map.of("number", (Object) (long) i));
    }
  }

  /** In the middle of the first epoch, and where readers hold splits of two. */
  @Test
  void beginsTheEpochAnewWhenADatasetWasReplaced() throws Exception {
    String test = "restart-mds";
    int samples = SHARDS * SAMPLES;
    NumberedDataset.write(dataset(), SHARDS, SAMPLES);
    String savepoint = stopAfter(samples + 30, test, "text", source(3, "restart-epoch"));
    List<String> before = found();
    NumberedDataset.write(dataset(), SHARDS + 1, SAMPLES, 6);

    new SourceJob(2)
        .from(savepoint)
        .restarts(1)
        .lines(new LineOf("text", "new "))
        .writing(ledger(), source(3, "restart-epoch"), new FailFirst(test, 30))
        .execute(test);

    assertThat(FailFirst.failures(test)).isEqualTo(1);
    List<String> all = found();
    List<String> anew = all.stream().filter(line -> line.contains("new ")).toList();
    int first = anew.get(0).charAt(0) - '0';
    List<String> expected = new ArrayList<>();
    for (int epoch = first; epoch < 3; epoch++) {
      for (int i = 0; i < samples + SAMPLES; i++) {
        expected.add(String.format(Locale.ROOT, "%d new %06d", epoch, i));
      }
    }
    assertThat(anew).containsExactlyElementsOf(expected.stream().sorted().toList());
    List<String> old = all.stream().filter(line -> line.contains("old ")).toList();
    assertThat(old).hasSizeGreaterThanOrEqualTo(before.size()).doesNotHaveDuplicates();
    assertThat(old.stream().filter(line -> line.charAt(0) - '0' < first))
        .as("epochs before were wholly read")
        .hasSize(first * samples);
    assertThat(old.stream().filter(line -> line.charAt(0) - '0' == first))
        .as("that one was not")
        .hasSizeLessThan(samples);
  }

  @Test
  void aTableAcceptsShardsThatAreAppended() throws Exception {
    String test = "accept-sql";
    NumberedDataset.write(dataset(), SHARDS, SAMPLES);
    String savepoint =
        SourceJob.stopAfter(
            50,
            test,
            table(new Configuration(), "fail", new Paced(test, 50)),
            directory.resolve("savepoints"));
    NumberedDataset.append(dataset(), SHARDS, 3, SAMPLES);

    Configuration from = new Configuration();
    from.setString("execution.state-recovery.path", savepoint);
    table(from, "accept-new-shards", line -> line).execute(test);

    checkAccepted(SHARDS * SAMPLES, (SHARDS + 3) * SAMPLES);
  }

  private StreamExecutionEnvironment table(
      Configuration configuration, String onChange, MapFunction<String, String> function) {
    configuration.setString("restart-strategy.type", "none");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(2);
    env.enableCheckpointing(50);
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    tables.executeSql(
        "CREATE TABLE t (id BIGINT, epoch INT METADATA, shard STRING METADATA,"
            + " `sample` BIGINT METADATA, epoch_position BIGINT METADATA,"
            + " shuffle_key BIGINT METADATA) WITH ('connector' = 'millrace', 'path' = '"
            + SourceJob.uri(dataset())
            + "', 'scan.epochs' = '3', 'scan.shuffle' = 'true', 'scan.epoch-barrier' = 'true', 'cache.memory.size' = '8 mb',"
            + " 'scan.restore.on-change' = '"
            + onChange
            + "')");
    tables
        .toDataStream(tables.from("t"))
        .map(RestoreOnChangeITCase::line)
        .returns(Types.STRING)
        .uid("line")
        .map(function)
        .returns(Types.STRING)
        .uid("function")
        .sinkTo(ledger().sink())
        .uid("ledger");
    return env;
  }

  private static String line(Row row) {
    return new LedgerEntry(
            row.<Integer>getFieldAs("epoch"),
            row.<String>getFieldAs("shard"),
            row.<Long>getFieldAs("sample"),
            row.<Long>getFieldAs("epoch_position"),
            row.<Long>getFieldAs("shuffle_key"),
            String.valueOf(row.<Long>getFieldAs("id")))
        .toLine();
  }

  /** Tells a sample by a field, and when it was read. */
  private static final class LineOf implements MapFunction<Sample, String> {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String age;

    LineOf(String field, String age) {
      this.field = field;
      this.age = age;
    }

    @Override
    public String map(Sample sample) {
      Object value = sample.get(field);
      return LedgerEntry.of(sample, age + value).toLine();
    }
  }

  /** Fails once after some lines, as a region that goes back to the savepoint. */
  private static final class FailFirst implements MapFunction<String, String> {
    private static final long serialVersionUID = 1L;

    private static final Map<String, AtomicInteger> FAILURES = new ConcurrentHashMap<>();

    private final String test;
    private final int lines;
    private transient int seen;

    FailFirst(String test, int lines) {
      this.test = test;
      this.lines = lines;
    }

    static int failures(String test) {
      return FAILURES.getOrDefault(test, new AtomicInteger()).get();
    }

    @Override
    public String map(String line) {
      if (++seen == lines
          && FAILURES.computeIfAbsent(test, t -> new AtomicInteger()).compareAndSet(0, 1)) {
        throw new IllegalStateException("Failure injected by the test");
      }
      return line;
    }
  }
}
