// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How much is measured, and where the result goes.
 *
 * @param scale factor of the number of samples
 * @param warmups rounds whose results are thrown away
 * @param rounds rounds that count
 * @param epochs passes over the dataset in each run, at least 3: {@link Measurement#edgeEpochs}
 * @param only label of the only workload to measure, null for all
 * @param results directory of the result files
 * @param compare an earlier result file, null for no comparison
 */
record BenchmarkSettings(
    double scale,
    int warmups,
    int rounds,
    int epochs,
    @Nullable String only,
    Path results,
    @Nullable Path compare) {

  BenchmarkSettings {
    BenchmarkProperties.checkScale(scale);
    BenchmarkProperties.checkCount("warmups", warmups, 0);
    BenchmarkProperties.checkCount("rounds", rounds, 1);
    BenchmarkProperties.checkCount("epochs", epochs, 3);
  }

  /** Reads {@code benchmark.*}; a property that is not there or blank has its default. */
  static BenchmarkSettings from(Properties properties) {
    BenchmarkProperties given = new BenchmarkProperties(properties);
    return new BenchmarkSettings(
        given.decimal("scale", 1),
        (int) given.decimal("warmups", 3),
        (int) given.decimal("rounds", 5),
        (int) given.decimal("epochs", 6),
        only(given.text("only")),
        given.results(),
        given.compare());
  }

  private static @Nullable String only(String label) {
    if (label.isEmpty()) {
      return null;
    }
    List<String> labels = new ArrayList<>();
    for (DatasetShape shape : DatasetShape.values()) {
      labels.add(shape.label());
    }
    labels.add(TorchFiles.LABEL);
    labels.add(SqlDataset.LABEL);
    if (!labels.contains(label)) {
      throw BenchmarkProperties.unusable("only", label, "one of " + String.join(", ", labels));
    }
    return label;
  }

  /** Whether a workload is to be measured. */
  boolean includes(String label) {
    return only == null || only.equals(label);
  }
}
