// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterBuilder;
import io.millrace.harness.flink.FlinkClusterExtension;
import io.millrace.harness.flink.RunningJob;
import io.millrace.harness.flink.SqlResult;
import io.millrace.harness.process.Runtimes;
import io.millrace.storage.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The {@code sql} jar on the class path of a cluster and of its SQL client, beside Flink's own jars
 * for CSV and Parquet, as in {@code lib/}.
 */
@Tag("it")
@Tag("cluster")
class SqlJarInLibITCase {

  private static final Path JAR = Path.of(System.getProperty("millrace.sql.jar"));

  private static final Path RECIPES = Path.of("../docs/recipes.md");

  @RegisterExtension
  static final FlinkClusterExtension FLINK = new FlinkClusterExtension(SqlJarInLibITCase::cluster);

  private static FlinkClusterBuilder cluster() {
    FlinkClusterBuilder builder = FlinkCluster.builder().taskManagers(1).slots(4).library(JAR);
    Runtimes.jars(Runtimes.directory("flink").resolve("sql")).forEach(builder::library);
    return builder;
  }

  /** The statements of a page, in Python's strings too, without what ends them. */
  private static List<String> statements(Path page) throws IOException {
    List<String> statements = new ArrayList<>();
    Pattern.compile("(?s)```sql\n(.*?)```|_sql\\(\"\"\"(.*?)\"\"\"\\)")
        .matcher(Files.readString(page, UTF_8))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .flatMap(block -> Pattern.compile(";\n").splitAsStream(block))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .forEach(statements::add);
    return statements;
  }

  /** The rows that the client printed for each query, in order; each cell stripped. */
  private static List<List<List<String>>> answers(SqlResult result) {
    return Stream.of(result.output().split("Flink SQL> ", -1))
        .map(
            part ->
                part.lines()
                    .filter(line -> line.startsWith("|"))
                    .map(SqlJarInLibITCase::cells)
                    .toList())
        .filter(lines -> !lines.isEmpty())
        .map(lines -> lines.subList(1, lines.size()))
        .toList();
  }

  private static List<String> cells(String line) {
    return Stream.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
        .map(String::strip)
        .toList();
  }

  private static List<List<String>> ofEachLabel(String prefix, long count) {
    return IntStream.range(0, 10)
        .mapToObj(label -> List.of(prefix + label, String.valueOf(count)))
        .toList();
  }

  @Test
  void runsTheRecipes(FlinkCluster cluster) throws IOException {
    Path bucket = Files.createDirectories(cluster.directory().resolve("bucket"));
    Files.writeString(
        bucket.resolve("names.csv"),
        IntStream.range(0, 10)
            .mapToObj(i -> i + ",kind " + i + "\n")
            .collect(Collectors.joining()));
    List<String> statements = new ArrayList<>(statements(RECIPES));
    statements.add(
        "SELECT COUNT(*) FROM train t JOIN pixels p ON t.id = p.id AND t.label = p.label"
            + " AND p.height = 28 AND TENSOR_TO_ARRAY(t.image, 'FLOAT') = p.pixels");
    String script =
        statements.stream()
            .map(statement -> statement + ";\n")
            .collect(Collectors.joining())
            .replace("s3://bucket/fashion-mnist", Tables.FASHION.toUri().toString())
            .replace("s3://bucket", "file://" + bucket);

    SqlResult result = cluster.runSql(script);

    assertThat(result.failed()).as(result.output()).isFalse();
    Iterator<List<List<String>>> answers = answers(result).iterator();
    assertThat(answers.next())
        .extracting(row -> row.subList(0, 2))
        .containsExactlyInAnyOrderElementsOf(ofEachLabel("", 200));
    assertThat(answers.next()).containsExactlyInAnyOrderElementsOf(ofEachLabel("kind ", 200));
    assertThat(answers.next()).as("1 %").hasSizeBetween(5, 45).doesNotHaveDuplicates();
    assertThat(answers.next()).hasSize(50).doesNotHaveDuplicates();
    // Of 12 shards with 161 samples and one with 68.
    assertThat(answers.next()).containsExactly(List.of(String.valueOf(2000 - 12 * 17 - 7)));
    assertThat(answers.next()).hasSize(5).doesNotHaveDuplicates();
    assertThat(answers.next())
        .containsExactlyInAnyOrder(
            List.of("0", "2000", "2000"),
            List.of("1", "2000", "2000"),
            List.of("2", "2000", "2000"));
    List<List<String>> shuffled = answers.next();
    assertThat(shuffled).hasSize(Tables.FASHION_SAMPLES).doesNotHaveDuplicates();
    assertThat(shuffled)
        .isNotEqualTo(shuffled.stream().sorted(Comparator.comparing(id -> id.get(0))).toList());
    assertThat(answers.next())
        .as("of the script in Python")
        .containsExactlyInAnyOrderElementsOf(ofEachLabel("", 400));
    assertThat(answers.next())
        .as("rows in Parquet as in the dataset")
        .containsExactly(List.of("2000"));
    assertThat(answers.hasNext()).as("a query without an assertion").isFalse();
  }

  private static long shardBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(Tables.FASHION)) {
      for (Path file : files.filter(f -> f.toString().contains(".mds")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static long metric(RunningJob job, String name) {
    return job.metric("fashion", "millrace." + name).map(metric -> (long) metric.max()).orElse(0L);
  }

  /** Zstd's native code is loaded three times in the TaskManager, and works for all. */
  @Test
  void jobsShareItsCacheAndThoseWithTheJarOfTheirOwnHaveTheirs(FlinkCluster cluster)
      throws IOException {
    String script =
        """
        SET 'execution.runtime-mode' = 'streaming';
        SET 'table.dml-sync' = 'false';
        SET 'parallelism.default' = '1';
        CREATE TABLE fashion (%s) WITH ('connector' = 'millrace', 'path' = '%s',
          'scan.epochs' = 'unbounded', 'cache.memory.size' = '16 mb');
        CREATE TABLE ids (id STRING) WITH ('connector' = 'blackhole');
        CREATE TABLE labels (label BIGINT) WITH ('connector' = 'blackhole');
        INSERT INTO ids SELECT id FROM fashion;
        INSERT INTO labels SELECT label FROM fashion;
        ADD JAR '%s';
        INSERT INTO ids SELECT id FROM fashion;
        INSERT INTO labels SELECT label FROM fashion;
        """
            .formatted(Tables.FASHION_COLUMNS, Tables.FASHION.toUri(), JAR);

    SqlResult result = cluster.runSql(script);

    assertThat(result.failed()).as(result.output()).isFalse();
    List<RunningJob> jobs =
        Pattern.compile("Job ID: ([0-9a-f]{32})")
            .matcher(result.output())
            .results()
            .map(line -> cluster.job(JobID.fromHexString(line.group(1))))
            .toList();
    assertThat(jobs).as(result.output()).hasSize(4);
    Await.until(
        "each job has read every sample twice",
        () -> jobs.stream().allMatch(job -> metric(job, "currentEpoch") >= 2));
    List<Long> bytes = jobs.stream().map(job -> metric(job, "originBytes")).toList();
    assertThat(bytes.get(0) + bytes.get(1)).as("of the shared cache").isEqualTo(shardBytes());
    assertThat(bytes.subList(2, 4)).containsOnly(shardBytes());
  }
}
