// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.format.mds.MdsWriter;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.meter.OriginOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories {@code k=v} as partitions of a table. */
@Tag("it")
class PartitionsITCase {

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir static Path scratch;

  /** Numbers from 0 on, so many in each. */
  private static final Map<String, Integer> SIZES =
      Map.of(
          "year=2024/kind=cat", 10,
          "year=2024/kind=dog", 20,
          "year=2025/kind=a%2Fb", 5,
          "year=2026/kind=__HIVE_DEFAULT_PARTITION__", 4);

  private static final int SAMPLES = 39;

  @RegisterExtension
  static final FaultyOriginExtension SETS =
      new FaultyOriginExtension(() -> FaultyOrigin.file("sql-partitions", written(), 1));

  private static final Path LATENTS =
      Path.of("../connector/src/test/resources/torch/latents-conditions/latents");

  private final TableEnvironment batch = Tables.batch();

  private static Path written() {
    try {
      for (Map.Entry<String, Integer> partition : SIZES.entrySet()) {
        write(scratch.resolve("events").resolve(partition.getKey()), partition.getValue());
      }
      Files.createDirectories(scratch.resolve("events/_tmp"));
      Files.writeString(scratch.resolve("events/_SUCCESS"), "");
      return scratch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first third of the samples in a shard, the others in a second one. */
  private static void write(Path directory, int samples) throws IOException {
    try (MdsWriter writer =
        new MdsWriter(directory, Map.of("id", "int")).shardBytes(40 + 12L * samples / 3)) {
      for (long id = 0; id < samples; id++) {
        writer.write(Map.of("id", id));
      }
    }
  }

  private void create(String path, String columns, String keys) {
    create(batch, path, columns, keys, "");
  }

  private static void create(
      TableEnvironment environment, String path, String columns, String keys, String more) {
    environment.executeSql(
        "CREATE TABLE t (%s) PARTITIONED BY (%s) WITH ('connector' = 'millrace', 'path' = '%s'%s)"
            .formatted(columns, keys, path, more));
  }

  private void createEvents() {
    create(
        SETS.origin().uri("/events"),
        "kind STRING, id BIGINT, `year` INT, shard STRING METADATA, `sample` BIGINT METADATA",
        "`year`, kind");
  }

  /** The partitions of which anything was asked for. */
  private static Set<String> partitionsSeen(OriginOperation... operations) {
    Set<String> seen = new TreeSet<>();
    for (OriginOperation operation : operations) {
      for (String object : SETS.origin().meter().snapshot().of(operation).objects()) {
        int kind = object.indexOf("/kind=");
        if (kind >= 0) {
          int end = object.indexOf('/', kind + 1);
          seen.add(object.substring(object.indexOf("year="), end < 0 ? object.length() : end));
        }
      }
    }
    return seen;
  }

  @Test
  void theValuesOfPartitionsAreColumns() throws Exception {
    createEvents();
    assertThat(
            Tables.rows(
                batch, "SELECT `year`, kind, COUNT(*), MAX(id) FROM t GROUP BY `year`, kind"))
        .containsExactlyInAnyOrder(
            Row.of(2024, "cat", 10L, 9L),
            Row.of(2024, "dog", 20L, 19L),
            Row.of(2025, "a/b", 5L, 4L),
            Row.of(2026, null, 4L, 3L));
    assertThat(Tables.rows(batch, "SELECT DISTINCT `year` + 1 FROM t"))
        .as("no field at all")
        .containsExactlyInAnyOrder(Row.of(2025), Row.of(2026), Row.of(2027));
    assertThat(Tables.rows(batch, "SELECT * FROM t WHERE kind IS NULL AND id = 3"))
        .singleElement()
        .satisfies(row -> assertThat(row.getField(0)).isNull())
        .satisfies(row -> assertThat(row.getField(1)).isEqualTo(3L))
        .satisfies(row -> assertThat(row.getField(2)).isEqualTo(2026))
        .satisfies(
            row ->
                assertThat(row.<String>getFieldAs(3))
                    .startsWith("year=2026/kind=__HIVE_DEFAULT_PARTITION__/shard."));
  }

  @Test
  void otherPartitionsAreNeitherListedNorFetched() throws Exception {
    createEvents();
    String query = "SELECT id FROM t WHERE `year` = 2025 AND kind LIKE 'a%'";
    assertThat(Tables.scans(batch, query))
        .singleElement()
        .asString()
        .contains("partitions=[{kind=a/b, year=2025}]", "project=[id]");
    SETS.origin().reset();

    assertThat(Tables.rows(batch, query))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 5).mapToObj(Row::of).toList());

    assertThat(partitionsSeen(OriginOperation.values()))
        .as("the first partition tells the fields")
        .containsExactlyInAnyOrder("year=2024/kind=cat", "year=2025/kind=a%2Fb");
    assertThat(
            SETS.origin().meter().snapshot().of(OriginOperation.GET).objects().stream()
                .filter(object -> object.contains(".mds"))
                .map(object -> object.substring(object.indexOf("year="), object.lastIndexOf('/')))
                .collect(Collectors.toSet()))
        .as("samples")
        .containsExactly("year=2025/kind=a%2Fb");
  }

  @Test
  void conditionsOnPartitionsGoTogetherWithOthers() throws Exception {
    createEvents();
    assertThat(
            Tables.rows(
                batch,
                "SELECT COUNT(*) FROM t WHERE `year` = 2024 AND"
                    + " shard IN ('year=2024/kind=dog/shard.00000.mds', 'x')"))
        .singleElement()
        .satisfies(row -> assertThat(row.<Long>getFieldAs(0)).isBetween(1L, 19L));
    assertThat(Tables.rows(batch, "SELECT COUNT(*) FROM t WHERE kind = 'dog' OR id = 0"))
        .containsExactly(Row.of(20L + 3));
    String none = "SELECT id, kind FROM t WHERE `year` = 1999";
    assertThat(Tables.rows(batch, none)).isEmpty();
    assertThat(Tables.rows(batch, "SELECT COUNT(*) FROM t WHERE kind > 'x'"))
        .containsExactly(Row.of(0L));
    assertThat(Tables.rows(batch, "SELECT kind FROM t WHERE `year` = 2024 LIMIT 3")).hasSize(3);
  }

  @Test
  void aPositionToStartAtIsOfTheSelectedPartitions() throws Exception {
    createEvents();
    // The second unit; units are shards here.
    String from = " /*+ OPTIONS('scan.start.position' = '4294967296') */ WHERE `year` = 2024";
    String shards = "SELECT DISTINCT shard FROM t";
    String first = "year=2024/kind=cat/shard.00000.mds";
    List<Row> all = Tables.rows(batch, shards + " WHERE `year` = 2024");
    assertThat(all).hasSizeGreaterThan(3).contains(Row.of(first));
    assertThat(Tables.rows(batch, shards + from))
        .containsExactlyInAnyOrderElementsOf(
            all.stream().filter(shard -> !shard.equals(Row.of(first))).toList());

    String past = " /*+ OPTIONS('scan.start.position' = '" + (all.size() * (1L << 32)) + "') */";
    assertThat(catchThrowable(() -> batch.explainSql(shards + past + " WHERE `year` = 2024")))
        .hasStackTraceContaining("but an epoch has " + all.size() + " units");
    assertThat(batch.explainSql(shards + past)).as("of all partitions").contains("TableSourceScan");
    assertThat(batch.explainSql(shards + past + " WHERE `year` = 1999")).as("of none").isNotEmpty();
  }

  @Test
  void countsAndStatisticsAreOfTheSelectedPartitions() throws Exception {
    createEvents();
    SETS.origin().reset();
    String query = "SELECT COUNT(*) FROM t WHERE kind = 'dog'";
    assertThat(Tables.scans(batch, query)).singleElement().asString().contains("aggregates=[");
    assertThat(Tables.rows(batch, query)).containsExactly(Row.of(20L));
    assertThat(Tables.rows(batch, "SELECT COUNT(*) FROM t"))
        .containsExactly(Row.of((long) SAMPLES));
    assertThat(
            SETS.origin().meter().snapshot().of(OriginOperation.GET).objects().stream()
                .filter(object -> object.contains(".mds")))
        .isEmpty();
    assertThat(
            batch.explainSql("SELECT id FROM t WHERE `year` = 2024", ExplainDetail.ESTIMATED_COST))
        .contains("rowcount = 30.0");
  }

  @Test
  void severalEpochsAreShuffledOverAllPartitions() throws Exception {
    create(
        batch,
        SETS.origin().uri("/events"),
        "id BIGINT, `year` INT, kind STRING, epoch INT METADATA, epoch_position BIGINT METADATA",
        "`year`, kind",
        ", 'scan.epochs' = '3', 'scan.shuffle' = 'true', 'rename.id' = 'number'");
    Throwable renamed = catchThrowable(() -> batch.explainSql("SELECT id FROM t"));
    assertThat(renamed).hasStackTraceContaining("column `id` BIGINT is no field of it");
    batch.executeSql("ALTER TABLE t RESET ('rename.id')");
    assertThat(
            Tables.rows(
                batch,
                "SELECT epoch, COUNT(DISTINCT epoch_position), COUNT(DISTINCT (`year`, kind)),"
                    + " COUNT(*) FROM t GROUP BY epoch"))
        .hasSize(3)
        .allMatch(row -> row.getField(1).equals((long) SAMPLES))
        .allMatch(row -> row.getField(3).equals((long) SAMPLES));
  }

  @Test
  void typesAreThoseOfTheTable() throws Exception {
    Path typed = scratch.resolve("typed");
    for (String day : List.of("2026-01-31", "2026-02-01")) {
      write(typed.resolve("day=" + day + "/n=-12/x=1.50"), 2);
    }
    create(typed.toString(), "id BIGINT, `day` DATE, n TINYINT, x DECIMAL(5, 2)", "`day`, n, x");
    assertThat(
            Tables.rows(
                batch,
                "SELECT CAST(`day` AS STRING), n, x FROM t WHERE id = 0"
                    + " AND `day` > DATE '2026-01-31' AND x = 1.5 AND n < 0"))
        .containsExactly(Row.of("2026-02-01", (byte) -12, new BigDecimal("1.50")));
  }

  @Test
  void torchTreesArePartitionsToo() throws Exception {
    Path torch = scratch.resolve("torch");
    for (int part = 0; part < 2; part++) {
      Path directory = Files.createDirectories(torch.resolve("part=" + part + "/deeper/down"));
      for (int i = 0; i < 3; i++) {
        String name = "latent_000%d.pt".formatted(3 * part + i);
        String stored = Files.exists(LATENTS.resolve(name)) ? name : name + ".zst";
        Files.copy(LATENTS.resolve(stored), directory.resolve(stored));
      }
      Files.move(
          directory.resolve("latent_000%d.pt".formatted(3 * part + 1)),
          torch.resolve("part=" + part + "/first.pt"));
    }
    create(torch.toString(), "latents ARRAY<FLOAT>, part BIGINT", "part");
    assertThat(
            Tables.rows(
                batch, "SELECT part, COUNT(*), SUM(CARDINALITY(latents)) FROM t GROUP BY part"))
        .containsExactlyInAnyOrder(Row.of(0L, 3L, 768), Row.of(1L, 3L, 768));
    assertThat(Tables.rows(batch, "SELECT COUNT(*) FROM t WHERE part = 1"))
        .containsExactly(Row.of(3L));
  }

  private static Path mixed() throws IOException {
    Path mixed = scratch.resolve("mixed");
    if (!Files.exists(mixed)) {
      write(mixed.resolve("fields/k=1"), 1);
      try (MdsWriter writer = new MdsWriter(mixed.resolve("fields/k=2"), Map.of("x", "str"))) {
        writer.write(Map.of("x", ""));
      }
      write(mixed.resolve("deep/k=1"), 1);
      write(mixed.resolve("deep/k=2/l=1"), 1);
      write(mixed.resolve("shallow/k=1/l=1"), 1);
      write(mixed.resolve("shallow/k=2"), 1);
      write(mixed.resolve("other/k=1"), 1);
      write(mixed.resolve("other/x"), 1);
      write(mixed.resolve("text/k=1"), 1);
      write(mixed.resolve("text/k=old"), 1);
      write(mixed.resolve("none/k=1"), 1);
      write(mixed.resolve("none/k=__HIVE_DEFAULT_PARTITION__"), 1);
      write(mixed.resolve("plain"), 1);
      write(mixed.resolve("empty/k=1"), 1);
      Files.createDirectories(mixed.resolve("empty/k=2"));
    }
    return mixed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deep | k INT | l INT | it is not partitioned by (l), but as in k=1: declare PARTITIONED BY (`k`)
          shallow | k INT, l INT | l, k | it is not partitioned by (l, k), but as in k=1/l=1: declare PARTITIONED BY (`k`, `l`)
          text | k INT | k | of directory k=old column `k` does not fit: its value old is no INT; declare it as STRING
          text | k TIMESTAMP(3) | k | column `k` of PARTITIONED BY is declared as TIMESTAMP(3): declare it as STRING, DATE
          text | k VARCHAR(9) | k | column `k` of PARTITIONED BY is declared as VARCHAR(9): declare it as STRING
          none | k INT NOT NULL | k | of directory k=__HIVE_DEFAULT_PARTITION__ column `k` has no value: declare it without NOT NULL
          deep | k INT | k | k=2 is partitioned further, by l, others are not: move what lies in there
          shallow | k INT, l INT | k, l | its directory k=2 holds a dataset itself, beside or instead of partitions l=VALUE: move that into one
          other | k INT | k | it holds the directory x among partitions k=VALUE: move it away, or begin its name with _
          plain | k INT | k | it is not partitioned: there is no directory k=VALUE in it; leave PARTITIONED BY out
          fields | k INT | k | the fields in k=2 are;but those in k=1 are;partitions of a table have the same; make it another table
          empty | k INT | k | Cannot find a dataset in;k=2: it holds nothing
          """)
  void aTreeThatIsNotOneOfPartitions(String set, String columns, String keys, String expected)
      throws IOException {
    String declared = keys.equals("l INT") ? columns + ", l INT" : columns;
    String by = keys.replace(" INT", "");
    Path path = mixed().resolve(set);
    create(path.toString(), "id BIGINT, " + declared, by);
    Throwable failure = catchThrowable(() -> batch.explainSql("SELECT * FROM t"));
    assertThat(failure).isNotNull();
    while (failure.getCause() != null) {
      failure = failure.getCause();
    }
    assertThat(failure.getMessage())
        .startsWith("Cannot read the dataset at file:" + path.toAbsolutePath())
        .contains(expected.split(";"));
  }

  @Test
  void whatPartitionsDoNotGoWithIsSaid() throws IOException {
    Path path = mixed().resolve("none");
    create(
        batch, path.toString(), "id BIGINT, k INT", "k", ", 'align.a.path' = '" + path + "/k=1'");
    assertThat(catchThrowable(() -> batch.explainSql("SELECT * FROM t")))
        .hasStackTraceContaining("Cannot use PARTITIONED BY (k) with options align.NAME.path");
    TableEnvironment streaming = Tables.streaming();
    create(
        streaming,
        path.toString(),
        "id BIGINT, k INT",
        "k",
        ", 'scan.discovery.interval' = '1 min'");
    assertThat(catchThrowable(() -> streaming.explainSql("SELECT * FROM t")))
        .hasStackTraceContaining(
            "Cannot use PARTITIONED BY (k) with scan.discovery.interval: it finds no partitions");
    TableEnvironment accepting = Tables.batch();
    create(
        accepting,
        path.toString(),
        "id BIGINT, k INT",
        "k",
        ", 'scan.restore.on-change' = 'accept-new-shards'");
    assertThat(catchThrowable(() -> accepting.explainSql("SELECT * FROM t")))
        .hasStackTraceContaining(
            "Cannot use PARTITIONED BY (k) with scan.restore.on-change = accept-new-shards: ");
    TableEnvironment plain = Tables.batch();
    Tables.create(plain, "id BIGINT", Map.of("path", path.toString()));
    assertThat(catchThrowable(() -> plain.explainSql("SELECT * FROM t")))
        .hasStackTraceContaining(
            "to read what lies in partitions k=VALUE, declare the table with PARTITIONED BY (`k`)");
  }

  @Test
  void aCatalogShowsOneTable() throws Exception {
    batch.executeSql(
        "CREATE CATALOG c WITH ('type' = 'millrace', 'path' = '%s')"
            .formatted(SETS.origin().uri("/")));
    batch.executeSql("USE CATALOG c");
    assertThat(Tables.rows(batch, "SHOW TABLES")).contains(Row.of("events"));
    assertThat(Tables.rows(batch, "SHOW DATABASES")).doesNotContain(Row.of("events"));
    assertThat(Tables.rows(batch, "SHOW PARTITIONS events"))
        .containsExactlyInAnyOrder(
            Row.of("year=2024/kind=cat"),
            Row.of("year=2024/kind=dog"),
            Row.of("year=2025/kind=a/b"),
            Row.of("year=2026/kind=__HIVE_DEFAULT_PARTITION__"));
    assertThat(Tables.rows(batch, "SHOW PARTITIONS events PARTITION (`year` = '2024')")).hasSize(2);
    assertThat(Tables.rows(batch, "SHOW CREATE TABLE events").toString())
        .contains("PARTITIONED BY (`year`, `kind`)", "mds dataset in 4 partitions by year, kind");
    String query = "SELECT kind, COUNT(*) FROM events WHERE `year` = '2024' GROUP BY kind";
    assertThat(Tables.scans(batch, query))
        .singleElement()
        .asString()
        .contains("partitions=[{kind=cat, year=2024}, {kind=dog, year=2024}]");
    assertThat(Tables.rows(batch, query))
        .containsExactlyInAnyOrder(Row.of("cat", 10L), Row.of("dog", 20L));
  }
}
