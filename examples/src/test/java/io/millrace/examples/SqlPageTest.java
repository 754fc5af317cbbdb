// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.table.MillraceTableFactory;
import io.millrace.flink.table.catalog.MillraceCatalogFactory;
import io.millrace.flink.table.functions.MillraceModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/sql.md and README.md say of SQL is so: every statement in them runs. */
@Tag("unit")
class SqlPageTest {

  private static final Path README = DocumentedCode.ROOT.resolve("README.md");
  private static final Path SQL = DocumentedCode.ROOT.resolve("docs/sql.md");

  @TempDir static Path partitions;

  @BeforeAll
  static void copyPartitions() throws IOException {
    for (String partition : List.of("year=2024/kind=cat", "year=2025/kind=dog")) {
      Path directory = Files.createDirectories(partitions.resolve(partition));
      try (Stream<Path> files = Files.list(Datasets.FASHION_MNIST)) {
        for (Path file : files.toList()) {
          Files.copy(file, directory.resolve(file.getFileName().toString()));
        }
      }
    }
  }

  @Test
  void theStatementsOfTheReadmeCountEachLabelOfThreeEpochs() throws Exception {
    List<List<Row>> results = DocumentedSql.run(README);
    assertThat(results).hasSize(1);
    assertThat(results.get(0)).hasSize(30).allMatch(row -> row.getField(2).equals(200L));
  }

  @Test
  void theStatementsOfThePageDoWhatItSays() throws Exception {
    List<List<Row>> results =
        DocumentedSql.run(
            SQL, statement -> statement.replace("s3://bucket/events", partitions.toString()));

    assertThat(results).hasSize(9);
    assertThat(results.get(0)).hasSize(10).allMatch(row -> row.getField(1).equals(200L));
    assertThat(results.get(1))
        .hasSize(3)
        .allMatch(row -> row.getField(0).equals(256))
        .allMatch(row -> List.of((Long[]) row.getField(1)).equals(List.of(4L, 16L)));
    assertThat(results.get(2).toString()).contains("project=[label]", "filter=[and(");
    assertThat(results.get(3)).containsExactly(Row.of(4000L));
    assertThat(results.get(4)).containsExactly(Row.of("dog", 2000L));
    assertThat(results.get(5)).contains(Row.of("fashion-mnist-2k"), Row.of("csv-none"));
    assertThat(results.get(6)).hasSize(8).first().asString().contains("id, STRING", "string");
    assertThat(results.get(7)).containsExactly(Row.of(6000L));
    assertThat(results.get(8))
        .hasSize(3)
        .allMatch(row -> row.getField(1) instanceof Integer)
        .allMatch(row -> ((Double[]) row.getField(2)).length == 4)
        .allMatch(row -> row.getField(3).equals("float16"));
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    DocumentedCode.checkLinks(SQL);
  }

  private static Map<String, String> table(String heading) throws IOException {
    return DocumentedCode.table(SQL, heading);
  }

  @Test
  void optionsAndDefaultsAreThoseOfTheConnector() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    MillraceOptions.all()
        .forEach(option -> expected.put(option.key(), DocumentedCode.defaultOf(option)));
    expected.put("scan.parallelism", "(Flink's)");
    expected.put("rename.FIELD", "(none)");
    expected.put("prefix", "(none)");
    Map<String, String> documented = table("Options");
    assertThat(documented).containsExactlyEntriesOf(expected);

    MillraceTableFactory factory = new MillraceTableFactory();
    assertThat(factory.requiredOptions()).containsExactly(MillraceOptions.PATH);
    assertThat(factory.optionalOptions())
        .extracting(option -> option.key())
        .isSubsetOf(documented.keySet());
  }

  @Test
  void metadataIsWhatTheConnectorHas() throws IOException {
    Map<String, String> documented = table("Metadata");
    String columns =
        documented.entrySet().stream()
            .map(column -> "`" + column.getKey() + "` " + column.getValue() + " METADATA, ")
            .collect(Collectors.joining());
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    environment.executeSql(
        DocumentedSql.here(
            "CREATE TABLE t ("
                + columns
                + "x INT METADATA FROM 'none') WITH ('connector' = 'millrace',"
                + " 'path' = 's3://bucket/fashion-mnist')"));
    // Flink lists the keys that there are, after it has gone through those before.
    assertThatThrownBy(() -> environment.explainSql("SELECT * FROM t"))
        .hasMessageContaining("Invalid metadata key 'none'")
        .hasMessageEndingWith(String.join("\n", documented.keySet()));
  }

  @Test
  void optionsOfTheCatalogAreThoseOfTheConnector() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("path", "(required)");
    expected.put(
        MillraceCatalogFactory.DEFAULT_DATABASE.key(),
        MillraceCatalogFactory.DEFAULT_DATABASE.defaultValue());
    assertThat(table("Catalog")).containsExactlyEntriesOf(expected);

    MillraceCatalogFactory factory = new MillraceCatalogFactory();
    Set<String> others = new HashSet<>(table("Options").keySet());
    others.addAll(expected.keySet());
    assertThat(factory.requiredOptions())
        .extracting(option -> option.key())
        .containsExactly("path");
    assertThat(factory.optionalOptions()).extracting(option -> option.key()).isSubsetOf(others);
  }

  @Test
  void functionsAreThoseOfTheModule() throws IOException {
    assertThat(table("Functions").keySet())
        .extracting(signature -> signature.substring(0, signature.indexOf('(')))
        .containsExactlyElementsOf(new MillraceModule().listFunctions());
  }
}
