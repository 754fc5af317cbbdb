// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The system properties {@code benchmark.*}; one that is not there or blank has its default. Every
 * method throws an {@link IllegalArgumentException} that names the property whose value is no use.
 */
final class BenchmarkProperties {

  private static final double MAX_SCALE = 10;
  private static final int MAX_COUNT = 1000;

  private final Properties properties;

  BenchmarkProperties(Properties properties) {
    this.properties = properties;
  }

  String text(String name) {
    return properties.getProperty("benchmark." + name, "").strip();
  }

  double decimal(String name, double otherwise) {
    String text = text(name);
    return text.isEmpty() ? otherwise : decimal(name, text);
  }

  private static double decimal(String name, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw unusable(name, text, "a number");
    }
  }

  /** Numbers with commas between them, each within bounds. */
  List<Double> decimals(String name, String otherwise, double least, double most) {
    return list(
        name,
        otherwise,
        text -> {
          double value = decimal(name, text);
          if (!(value >= least && value <= most)) {
            throw unusable(name, text, "numbers from " + least + " to " + most);
          }
          return value;
        });
  }

  /** Whole numbers with commas between them, each within bounds. */
  List<Integer> counts(String name, String otherwise, int least, int most) {
    return decimals(name, otherwise, least, most).stream()
        .map(
            value -> {
              if (value != Math.rint(value)) {
                throw unusable(name, value, "whole numbers");
              }
              return value.intValue();
            })
        .toList();
  }

  /** Words with commas between them, each one of those that are allowed; all by default. */
  List<String> words(String name, List<String> allowed) {
    return list(
        name,
        String.join(",", allowed),
        text -> {
          if (!allowed.contains(text)) {
            throw unusable(name, text, "some of " + String.join(", ", allowed));
          }
          return text;
        });
  }

  private <T> List<T> list(String name, String otherwise, Function<String, T> parser) {
    String text = text(name).isEmpty() ? otherwise : text(name);
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(parser).toList();
  }

  /** Where result files go. */
  Path results() {
    return Path.of(properties.getProperty("benchmark.results", "target/benchmark-results"));
  }

  /** An earlier result file to compare with, null for no comparison. */
  @Nullable Path compare() {
    return text("compare").isEmpty() ? null : Path.of(text("compare"));
  }

  static void checkScale(double scale) {
    if (!(scale > 0 && scale <= MAX_SCALE)) {
      throw unusable("scale", scale, "more than 0 and at most " + MAX_SCALE);
    }
  }

  static void checkCount(String name, int value, int least) {
    if (value < least || value > MAX_COUNT) {
      throw unusable(name, value, "from " + least + " to " + MAX_COUNT);
    }
  }

  static IllegalArgumentException unusable(String name, Object value, String wanted) {
    return new IllegalArgumentException(
        "Cannot use benchmark." + name + " = " + value + ": it must be " + wanted);
  }
}
