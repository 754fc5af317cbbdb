// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** The SQL that a page shows. */
final class DocumentedSql {

  private DocumentedSql() {}

  /** A statement with the places of datasets that there are here. */
  static String here(String statement) {
    return statement
        .replace("s3://bucket/datasets", Datasets.WITHOUT_IMAGES.toAbsolutePath() + "/..")
        .replace("s3://bucket/fashion-mnist", Datasets.FASHION_MNIST.toAbsolutePath().toString())
        .replace("s3://bucket/latents", Datasets.TENSORS.resolve("latents").toString())
        .replace("s3://bucket/conditions", Datasets.TENSORS.resolve("conditions").toString());
  }

  private static List<String> statements(Path page) throws IOException {
    List<String> statements = new ArrayList<>();
    Pattern.compile("(?s)```sql\n(.*?)```")
        .matcher(Files.readString(page, UTF_8))
        .results()
        .flatMap(block -> Pattern.compile(";\n").splitAsStream(block.group(1)))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .forEach(statement -> statements.add(here(statement)));
    return statements;
  }

  /** Runs all statements of a page, and returns the rows of each query. */
  static List<List<Row>> run(Path page) throws Exception {
    return run(page, UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param change is done to each statement before
   */
  static List<List<Row>> run(Path page, UnaryOperator<String> change) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("parallelism.default", "1");
    TableEnvironment environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inBatchMode()
                .withConfiguration(configuration)
                .build());
    List<List<Row>> results = new ArrayList<>();
    for (String statement : statements(page)) {
      TableResult result = environment.executeSql(change.apply(statement));
      if (!statement.startsWith("CREATE") && !statement.startsWith("LOAD")) {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> iterator = result.collect()) {
          iterator.forEachRemaining(rows::add);
        }
        results.add(rows);
      }
    }
    return results;
  }
}
