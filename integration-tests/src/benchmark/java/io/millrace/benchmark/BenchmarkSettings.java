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
    double scale, int warmups, int rounds, int epochs, @Nullable String only, Path results, @Nullable Path compare) {

  private static final double MAX_SCALE = 10;
  private static final int MAX_COUNT = 1000;

  BenchmarkSettings {
    if (!(scale > 0 && scale <= MAX_SCALE)) {
      throw unusable("scale", scale, "more than 0 and at most " + MAX_SCALE);
    }
    checkCount("warmups", warmups, 0);
    checkCount("rounds", rounds, 1);
    checkCount("epochs", epochs, 3);
  }

  /** Reads {@code benchmark.*}; a property that is not there or blank has its default. */
  static BenchmarkSettings from(Properties properties) {
    String compare = properties.getProperty("benchmark.compare", "").strip();
    return new BenchmarkSettings(
        decimal(properties, "scale", 1),
        (int) decimal(properties, "warmups", 3),
        (int) decimal(properties, "rounds", 5),
        (int) decimal(properties, "epochs", 6),
        only(properties.getProperty("benchmark.only", "").strip()),
        Path.of(properties.getProperty("benchmark.results", "target/benchmark-results")),
        compare.isEmpty() ? null : Path.of(compare));
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
    if (!labels.contains(label)) {
      throw unusable("only", label, "one of " + String.join(", ", labels));
    }
    return label;
  }

  /** Whether a workload is to be measured. */
  boolean includes(String label) {
    return only == null || only.equals(label);
  }

  private static double decimal(Properties properties, String name, double otherwise) {
    String text = properties.getProperty("benchmark." + name, "").strip();
    try {
      return text.isEmpty() ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw unusable(name, text, "a number");
    }
  }

  private static void checkCount(String name, int value, int least) {
    if (value < least || value > MAX_COUNT) {
      throw unusable(name, value, "from " + least + " to " + MAX_COUNT);
    }
  }

  private static IllegalArgumentException unusable(String name, Object value, String wanted) {
    return new IllegalArgumentException(
        "Cannot use benchmark." + name + " = " + value + ": it must be " + wanted);
  }
}
