// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterExtension;
import io.millrace.harness.flink.SqlResult;
import io.millrace.harness.process.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Flink's SQL client on a cluster, with the {@code sql} jar alone: what users type. Flink's own
 * jars for CSV and Parquet are beside it, as in a distribution.
 */
@Tag("it")
@Tag("cluster")
class SqlClientITCase {

  @RegisterExtension
  static final FlinkClusterExtension FLINK =
      new FlinkClusterExtension(() -> FlinkCluster.builder().taskManagers(1).slots(2));

  private static final String TABLES =
      """
      CREATE TABLE fashion (%s) WITH ('connector' = 'millrace', 'path' = '%s');
      CREATE TABLE names (label BIGINT, name STRING)
        WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
      CREATE TABLE named (id STRING, label BIGINT, name STRING, place BIGINT)
        WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
      """;

  private static final String JOIN =
      """
      INSERT INTO named SELECT f.id, f.label, n.name, f.epoch_position
        FROM fashion f JOIN names n ON f.label = n.label;
      """;

  private static Path[] jars() {
    List<Path> jars = new ArrayList<>(List.of(Path.of(System.getProperty("millrace.sql.jar"))));
    jars.addAll(Runtimes.jars(Runtimes.directory("flink").resolve("sql")));
    return jars.toArray(Path[]::new);
  }

  private static String tables(FlinkCluster cluster, Path named) throws IOException {
    Path names = cluster.directory().resolve("names.csv");
    Files.writeString(
        names,
        IntStream.range(0, 10)
            .mapToObj(label -> label + "," + nameOf(label) + "\n")
            .collect(Collectors.joining()));
    return TABLES.formatted(
        Tables.FASHION_COLUMNS, Tables.FASHION.toUri(), names.toUri(), named.toUri());
  }

  private static String nameOf(long label) {
    return "kind " + (char) ('a' + label);
  }

  /** The rows of the tables that the client printed, each cell stripped. */
  private static List<List<String>> cells(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> Stream.of(line.substring(1).split("\\|")).map(String::strip).toList())
        .toList();
  }

  private static void assertNamed(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file, UTF_8));
      }
    }
    assertThat(lines).hasSize(Tables.FASHION_SAMPLES).doesNotHaveDuplicates();
    Map<String, Long> kinds =
        lines.stream()
            .map(line -> line.replace("\"", "").split(","))
            .collect(Collectors.groupingBy(cell -> cell[1] + " " + cell[2], Collectors.counting()));
    assertThat(kinds).hasSize(10);
    for (int label = 0; label < 10; label++) {
      assertThat(kinds).containsEntry(label + " " + nameOf(label), 200L);
    }
    // The truth file's first ids, and where they stand.
    for (int i = 0; i < 5; i++) {
      String id = String.format(Locale.ROOT, "t10k-%05d", i);
      String end = "," + i;
      assertThat(lines).anyMatch(line -> line.startsWith(id + ",") && line.endsWith(end));
    }
  }

  @Test
  void answersQueriesInBatchMode(FlinkCluster cluster) throws IOException {
    String script =
        "SET 'execution.runtime-mode' = 'batch';\n"
            + tables(cluster, cluster.directory().resolve("unused"))
            + """
              DESCRIBE fashion;
              SELECT COUNT(*) AS images FROM fashion;
              SELECT 'of label', label, COUNT(*) FROM fashion GROUP BY label;
              SELECT 'first', id, shard FROM fashion LIMIT 2;
              """;

    SqlResult result = cluster.runSql(script, jars());

    assertThat(result.failed()).as(result.output()).isFalse();
    List<List<String>> cells = cells(result.output());
    assertThat(cells)
        .as(result.output())
        .contains(List.of("images"), List.of("2000"))
        .contains(List.of("first", "t10k-00000", "shard.00000.mds.zstd"))
        .contains(List.of("first", "t10k-00001", "shard.00000.mds.zstd"));
    assertThat(cells)
        .anyMatch(row -> row.contains("shuffle_key") && row.contains("METADATA"))
        .anyMatch(row -> row.contains("image") && row.toString().contains("`shape` ARRAY<BIGINT>"));
    for (int label = 0; label < 10; label++) {
      assertThat(cells).contains(List.of("of label", String.valueOf(label), "200"));
    }
  }

  @Test
  void queriesAndWritesInStreamingMode(FlinkCluster cluster) throws IOException {
    Path named = cluster.directory().resolve("named-streaming");
    String script =
        "SET 'execution.runtime-mode' = 'streaming';\n"
            + tables(cluster, named)
            + """
              SELECT 'images', COUNT(*), COUNT(DISTINCT id) FROM fashion;
              SELECT 'second', id, epoch FROM fashion /*+ OPTIONS('scan.epochs' = 'unbounded') */
                WHERE epoch = 1 AND shard = 'shard.00000.mds.zstd' LIMIT 2;
              """
            + JOIN;

    SqlResult result = cluster.runSql(script, jars());

    assertThat(result.failed()).as(result.output()).isFalse();
    List<List<String>> cells = cells(result.output());
    assertThat(cells)
        .as(result.output())
        .contains(List.of("+I", "second", "t10k-00000", "1"))
        .contains(List.of("+I", "second", "t10k-00001", "1"))
        .filteredOn(row -> row.contains("images") && row.size() == 4)
        .last()
        .isEqualTo(List.of("+U", "images", "2000", "2000"));
    assertNamed(named);
  }

  @Test
  void withTheJarAddedInTheSession(FlinkCluster cluster) throws IOException {
    String script =
        """
        ADD JAR '%s';
        SET 'execution.runtime-mode' = 'batch';
        CREATE CATALOG datasets
          WITH ('type' = 'millrace', 'path' = '%s', 'default-database' = 'top', 'scan.epochs' = '2');
        USE CATALOG datasets;
        LOAD MODULE millrace;
        SHOW TABLES;
        SELECT 'rows', COUNT(*) FROM `fashion-mnist-2k`;
        SELECT 'pixels', TENSOR_SHAPE(image), SUM(TENSOR_ELEMENT(image, ARRAY[14, 14], 'BIGINT'))
          FROM `fashion-mnist-2k` /*+ OPTIONS('scan.epochs' = '1') */
          WHERE id = 't10k-00000' GROUP BY TENSOR_SHAPE(image);
        """
            .formatted(System.getProperty("millrace.sql.jar"), Tables.FASHION.getParent().toUri());

    SqlResult result = cluster.runSql(script);

    assertThat(result.failed()).as(result.output()).isFalse();
    assertThat(cells(result.output()))
        .as(result.output())
        .contains(List.of("fashion-mnist-2k"), List.of("rows", "4000"))
        .anyMatch(row -> row.size() == 3 && row.get(1).equals("[28, 28]"));
  }
}
