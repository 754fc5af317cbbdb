// SPDX-License-Identifier: Apache-2.0
package io.millrace.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.flink.metrics.ReaderMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names of the metrics, in the code and in the files for operators. */
final class DocumentedMetrics {

  static final Path DOCS = Path.of("../docs");
  static final Path DASHBOARD = DOCS.resolve("dashboards/millrace-grafana.json");
  static final Path ALERTS = DOCS.resolve("dashboards/millrace-alerts.yml");

  /** What Flink's Prometheus reporter puts before a metric of an operator's group. */
  static final String PREFIX = "flink_taskmanager_job_task_operator_millrace_";

  private DocumentedMetrics() {}

  /** All that the code has. */
  static Set<String> inTheCode() throws IllegalAccessException {
    Set<String> names = new TreeSet<>();
    for (var field : ReaderMetrics.class.getFields()) {
      if (!field.getName().equals("GROUP")) {
        names.add((String) field.get(null));
      }
    }
    return names;
  }

  /** All that a file names with their prefix. */
  static Set<String> namedIn(Path file) throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern.compile(PREFIX + "(\\w+)")
        .matcher(Files.readString(file, UTF_8))
        .results()
        .forEach(found -> names.add(found.group(1)));
    return names;
  }
}
