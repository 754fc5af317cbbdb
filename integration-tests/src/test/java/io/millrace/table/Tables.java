// SPDX-License-Identifier: Apache-2.0
package io.millrace.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Statements of SQL on Flink in this JVM. */
final class Tables {

  /** 2,000 images, 200 of each label from 0 to 9, in 13 shards. */
  static final Path FASHION =
      Path.of("../examples/src/main/data/fashion-mnist-2k").toAbsolutePath().normalize();

  static final int FASHION_SAMPLES = 2000;

  static final String FASHION_COLUMNS =
      "id STRING, image ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>, label BIGINT,"
          + " epoch INT METADATA, shard STRING METADATA, sample BIGINT METADATA,"
          + " epoch_position BIGINT METADATA, shuffle_key BIGINT METADATA";

  private Tables() {}

  static TableEnvironment batch() {
    return environment(EnvironmentSettings.newInstance().inBatchMode());
  }

  static TableEnvironment streaming() {
    return environment(EnvironmentSettings.newInstance().inStreamingMode());
  }

  private static TableEnvironment environment(EnvironmentSettings.Builder settings) {
    Configuration configuration = new Configuration();
    configuration.setString("parallelism.default", "2");
    return TableEnvironment.create(settings.withConfiguration(configuration).build());
  }

  /** Creates the table {@code t}; what the options don't say is Flink's and ours. */
  static void create(TableEnvironment environment, String columns, Map<String, String> options) {
    Map<String, String> all = new TreeMap<>(options);
    all.put("connector", "millrace");
    String with =
        all.entrySet().stream()
            .map(option -> "'" + option.getKey() + "' = '" + option.getValue() + "'")
            .collect(Collectors.joining(", "));
    environment.executeSql("CREATE TABLE t (" + columns + ") WITH (" + with + ")");
  }

  /** All rows of a query, in the order in which they come. */
  static List<Row> rows(TableEnvironment environment, String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> result = environment.executeSql(query).collect()) {
      result.forEachRemaining(rows::add);
    }
    return rows;
  }

  /** The line of a query's plan that tells of the scan. */
  static List<String> scans(TableEnvironment environment, String query) {
    String plan = environment.explainSql(query);
    return plan.substring(plan.indexOf("== Optimized Execution Plan =="))
        .lines()
        .filter(line -> line.contains("TableSourceScan"))
        .map(String::strip)
        .toList();
  }
}
