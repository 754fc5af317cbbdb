// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.EpochStatistics;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.FaultyOriginExtension;
import io.millrace.harness.meter.OriginOperation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What SQL reads of a dataset, and what the planner leaves to the source. */
@Tag("it")
class TableScanITCase {

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @RegisterExtension
  static final FaultyOriginExtension IMAGES =
      new FaultyOriginExtension(() -> FaultyOrigin.file("sql-images", Tables.FASHION, 1));

  private static final Path MDS = Path.of("../connector/src/test/resources/mds");
  private static final String SHARD = "shard.00003.mds.zstd";

  private final TableEnvironment batch = Tables.batch();

  private void createTable(TableEnvironment environment, String columns, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("path", IMAGES.origin().uri(""));
    Tables.create(environment, columns, options);
  }

  private void createTable(Map<String, String> options) {
    createTable(batch, Tables.FASHION_COLUMNS, options);
  }

  /** The shards of which bytes were asked for. */
  private static Set<String> shardsRead() {
    Set<String> shards = new TreeSet<>();
    for (String object : IMAGES.origin().meter().snapshot().of(OriginOperation.GET).objects()) {
      if (object.contains(".mds")) {
        shards.add(object.substring(object.lastIndexOf('/') + 1));
      }
    }
    return shards;
  }

  private static EpochStatistics.Snapshot newestScan() {
    List<UUID> scans = LocalScans.scanIds();
    return LocalScans.epochs(scans.get(scans.size() - 1)).values().stream()
        .reduce(EpochStatistics.Snapshot::plus)
        .orElseThrow();
  }

  @Test
  void everyImageAndLabelIsThatOfTheTruthFile() throws Exception {
    createTable(batch, "image BYTES, label BIGINT, epoch_position BIGINT METADATA", Map.of());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Row row : Tables.rows(batch, "SELECT image, label FROM t ORDER BY epoch_position")) {
      digest.update((byte[]) row.getField(0));
      digest.update(((Long) row.getField(1)).byteValue());
    }
    assertThat(Files.readString(MDS.resolve("fashion-mnist-2k.truth.json")))
        .contains(HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void decodesOnlyTheFieldsThatAreSelected() throws Exception {
    createTable(Map.of("scan.epochs", "2"));
    List<Row> rows =
        Tables.rows(batch, "SELECT label, COUNT(*) FROM t GROUP BY label ORDER BY label");
    assertThat(rows).hasSize(10);
    for (long label = 0; label < 10; label++) {
      assertThat(rows.get((int) label)).isEqualTo(Row.of(label, 400L));
    }
    assertThat(newestScan().samples()).isEqualTo(2 * Tables.FASHION_SAMPLES);
    assertThat(newestScan().decodedValues()).isEqualTo(2 * Tables.FASHION_SAMPLES);

    Tables.rows(batch, "SELECT COUNT(DISTINCT id), MAX(label), MAX(sample) FROM t");
    assertThat(newestScan().decodedValues()).isEqualTo(2 * 2 * Tables.FASHION_SAMPLES);

    Tables.rows(batch, "SELECT MAX(epoch_position) FROM t");
    assertThat(newestScan().samples()).isEqualTo(2 * Tables.FASHION_SAMPLES);
    assertThat(newestScan().decodedValues()).as("metadata alone").isZero();
  }

  @Test
  void countsWithoutReadingASample() throws Exception {
    createTable(Map.of("scan.epochs", "3"));
    String all = "SELECT COUNT(*) FROM t";
    assertThat(Tables.scans(batch, all)).singleElement().asString().contains("aggregates=[");
    assertThat(Tables.rows(batch, all)).containsExactly(Row.of(6000L));

    String some =
        "SELECT COUNT(*), COUNT(*) + 1 FROM t WHERE epoch <> 1 AND shard IN ('"
            + SHARD
            + "', 'shard.00012.mds.zstd')";
    assertThat(Tables.scans(batch, some)).singleElement().asString().contains("aggregates=[");
    // The index says 161 and 68.
    assertThat(Tables.rows(batch, some)).containsExactly(Row.of(2 * 229L, 2 * 229L + 1));
    assertThat(shardsRead()).isEmpty();

    String other = "SELECT COUNT(*) FROM t WHERE label = 3 AND epoch = 0";
    assertThat(Tables.scans(batch, other))
        .singleElement()
        .asString()
        .contains("filter=[=(epoch, 0)]")
        .doesNotContain("aggregates");
    assertThat(Tables.rows(batch, other)).containsExactly(Row.of(200L));
    assertThat(shardsRead()).hasSize(13);
  }

  @Test
  void aShardThatIsNotSelectedIsNotFetchedAndTheOthersKeepTheirPlaces() throws Exception {
    createTable(Map.of("scan.epochs", "3", "scan.shuffle", "true", "scan.shuffle.seed", "7"));
    String columns = "SELECT id, epoch, sample, epoch_position, shuffle_key FROM t ";
    List<Row> expected =
        Tables.rows(
                batch, columns + "WHERE CHAR_LENGTH(shard) > 3 AND shard || '' = '" + SHARD + "'")
            .stream()
            .filter(row -> row.<Integer>getFieldAs(1) == 2)
            .toList();
    assertThat(shardsRead()).hasSize(13);
    IMAGES.origin().reset();

    String some = columns + "WHERE shard = '" + SHARD + "' AND epoch >= 2";
    assertThat(Tables.scans(batch, some))
        .singleElement()
        .asString()
        .contains("filter=[and(", "project=[id]");
    List<Row> rows = Tables.rows(batch, some);

    assertThat(shardsRead()).containsExactly(SHARD);
    assertThat(rows).hasSize(161).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aLimitReadsNoMoreUnitsThanItNeeds() throws Exception {
    createTable(Map.of());
    String few = "SELECT id FROM t LIMIT 3";
    assertThat(Tables.scans(batch, few)).singleElement().asString().contains("limit=[3]");
    assertThat(Tables.rows(batch, few))
        .containsExactly(Row.of("t10k-00000"), Row.of("t10k-00001"), Row.of("t10k-00002"));
    assertThat(shardsRead()).hasSize(1);
  }

  @Test
  void partsOfATensorCanBeSelected() throws Exception {
    createTable(Map.of());
    String parts = "SELECT DISTINCT t.image.`dtype`, t.image.`shape`[2], label FROM t";
    assertThat(Tables.scans(batch, parts))
        .singleElement()
        .asString()
        .contains("project=[image_dtype, image_shape, label]");
    assertThat(Tables.rows(batch, parts)).hasSize(10).contains(Row.of("uint8", 28L, 9L));
  }

  @Test
  void tensorsCanBeArrays() throws Exception {
    createTable(
        batch,
        "image ARRAY<FLOAT>, n BIGINT NOT NULL METADATA FROM 'sample', shard STRING METADATA",
        Map.of());
    assertThat(
            Tables.rows(
                batch,
                "SELECT CARDINALITY(image), image[300], n FROM t WHERE shard = 'shard.00000.mds.zstd'"
                    + " AND n = 0"))
        .singleElement()
        .satisfies(row -> assertThat(row.getField(0)).isEqualTo(784))
        .satisfies(row -> assertThat(row.<Float>getFieldAs(1)).isBetween(0f, 255f));
  }

  @Test
  void readsEachEpochOnceInStreamingModeWithoutAnEnd() throws Exception {
    TableEnvironment streaming = Tables.streaming();
    createTable(streaming, Tables.FASHION_COLUMNS, Map.of("scan.epochs", "unbounded"));
    List<Row> rows =
        Tables.rows(streaming, "SELECT id, epoch FROM t WHERE epoch IN (0, 2) AND label = 1");
    assertThat(rows).hasSize(400).doesNotHaveDuplicates();
    assertThat(rows.stream().map(row -> row.getField(1)).distinct())
        .containsExactlyInAnyOrder(0, 2);
  }

  @Test
  void tellsThePlannerHowManyRowsThereAre() {
    createTable(Map.of("scan.epochs", "2"));
    assertThat(batch.explainSql("SELECT id FROM t", ExplainDetail.ESTIMATED_COST))
        .contains("rowcount = 4000.0");
    assertThat(
            batch.explainSql(
                "SELECT id FROM t WHERE shard = '" + SHARD + "'", ExplainDetail.ESTIMATED_COST))
        .contains("rowcount = 322.0");
  }

  @Test
  void oneScanServesSeveralPartsOfAQuery() {
    createTable(Map.of());
    String query = "SELECT id, label FROM t UNION ALL SELECT shard, sample FROM t";
    assertThat(Tables.scans(batch, query))
        .singleElement()
        .asString()
        .contains("project=[id, label, shard, sample], metadata=[shard, sample]");
  }

  @Test
  void theScanHasTheParallelismThatTheTableNames() {
    createTable(Map.of("scan.parallelism", "1"));
    String plan = batch.explainSql("SELECT id FROM t", ExplainDetail.JSON_EXECUTION_PLAN);
    assertThat(plan.replaceAll("\\s", ""))
        .containsPattern("\"type\":\"Source:t.*\"parallelism\":1}");
  }

  private static final Path PAIRS =
      Path.of("../connector/src/test/resources/torch/latents-conditions").toAbsolutePath();

  @Test
  void datasetsThatBelongTogetherAreOneTable() throws Exception {
    Map<String, String> options = new HashMap<>();
    options.put("path", PAIRS.resolve("nowhere") + ";" + PAIRS.resolve("latents"));
    options.put("format", "torch");
    options.put("rename.latents", "latent");
    options.put("align.text.path", PAIRS.resolve("conditions").toString());
    options.put("align.text.prefix", "text");
    Tables.create(
        batch,
        "latent ARRAY<FLOAT>, `text.prompt_embeds` ROW<`shape` ARRAY<BIGINT>>,"
            + " epoch_position BIGINT METADATA",
        options);

    List<Row> rows =
        Tables.rows(
            batch,
            "SELECT CARDINALITY(latent), t.`text.prompt_embeds`.`shape`[2] FROM t"
                + " ORDER BY epoch_position");

    assertThat(rows).hasSize(100).allMatch(Row.of(256, 16L)::equals);
    assertThat(Tables.rows(batch, "SELECT COUNT(*) FROM t")).containsExactly(Row.of(100L));
    assertThat(Tables.rows(batch, "SELECT COUNT(DISTINCT epoch_position) FROM t"))
        .as("no field at all")
        .containsExactly(Row.of(100L));
  }
}
