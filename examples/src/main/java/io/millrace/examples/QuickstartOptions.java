// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.cache.ScanStatistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * What the quickstart is asked to do.
 *
 * @param dataset path or URI
 * @param format name of its format, or {@code auto}
 * @param order how often and in which order it is read
 * @param latency what each request to a local dataset is made to take; zero for no simulation
 * @param parallelism number of readers
 * @param cache memory of the connector; null for its default
 * @param output directory for what the job writes
 */
record QuickstartOptions(
    String dataset,
    String format,
    Order order,
    Duration latency,
    int parallelism,
    @Nullable MemorySize cache,
    Path output) {

  static final String DEFAULT_DATASET = "examples/src/main/data/fashion-mnist-2k";
  static final String DEFAULT_OUTPUT = "examples/target/quickstart";

  /** Also the names of the properties of the Maven build, which passes them on. */
  static final List<String> NAMES =
      List.of(
          "dataset",
          "format",
          "epochs",
          "shuffle",
          "latency",
          "parallelism",
          "cacheMemory",
          "output",
          "stacktrace");

  private static final Duration LONGEST_LATENCY = Duration.ofSeconds(10);
  private static final int MOST_READERS = 128;

  /**
   * How often and in which order the dataset is read.
   *
   * @param epochs number of passes
   * @param shuffle whether each has an order of its own
   */
  record Order(int epochs, boolean shuffle) {}

  /**
   * Resolves arguments: two dashes and a name, then its value, for each.
   *
   * @throws IllegalArgumentException naming the argument and what it may be
   */
  static QuickstartOptions parse(String... args) {
    Arguments arguments = Arguments.parse(NAMES, args);
    arguments.isTrue("stacktrace", false);
    return new QuickstartOptions(
        arguments.text("dataset", DEFAULT_DATASET),
        arguments.text("format", "auto"),
        new Order(
            // The connector keeps the figures of that many epochs.
            arguments.number("epochs", 3, ScanStatistics.MAX_EPOCHS),
            arguments.isTrue("shuffle", true)),
        arguments.duration("latency", Duration.ofMillis(20), LONGEST_LATENCY),
        arguments.number("parallelism", 1, MOST_READERS),
        arguments.size("cacheMemory").orElse(null),
        Path.of(arguments.text("output", DEFAULT_OUTPUT)).toAbsolutePath().normalize());
  }

  /** Whether arguments ask for stack traces; works on wrong ones, too. */
  static boolean wantsStackTrace(String... args) {
    int index = new ArrayList<>(List.of(args)).indexOf("--stacktrace");
    return index >= 0 && index + 1 < args.length && args[index + 1].equals("true");
  }

  /** Memory of the connector, if it was given. */
  Optional<MemorySize> cacheMemory() {
    return Optional.ofNullable(cache);
  }
}
