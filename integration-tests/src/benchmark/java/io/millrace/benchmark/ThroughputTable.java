// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints a result for people. */
final class ThroughputTable {

  private ThroughputTable() {}

  static void print(Throughput result, PrintStream out) {
    BenchmarkSettings settings = result.settings();
    out.printf(
        Locale.ROOT,
        "%nMedians (least - most) of %d rounds of %d epochs, scale %s. MB: 10^6 bytes of samples.%n",
        settings.rounds(),
        settings.epochs(),
        settings.scale());
    result.machine().forEach((key, value) -> out.printf("  %s: %s%n", key, value));
    out.printf(
        Locale.ROOT,
        "%n%-26s %25s %12s %10s %6s %9s %6s%n",
        "",
        "MB/s",
        "samples/s",
        "job MB/s",
        "cores",
        "first ms",
        "hits");
    result.variants().forEach(variant -> print(variant, out));
    out.printf(
        Locale.ROOT, "%n%-40s %7s %7s %7s %6s%n", "ratio, paired", "median", "least", "most", "aim");
    for (Ratio ratio : result.ratios()) {
      Statistics values = ratio.values();
      out.printf(
          Locale.ROOT,
          "%-40s %7.2f %7.2f %7.2f %6.2f  %s%n",
          ratio.id(),
          values.median(),
          values.min(),
          values.max(),
          ratio.aim(),
          ratio.reached() ? "reached" : "missed");
    }
  }

  private static void print(VariantResult variant, PrintStream out) {
    Statistics throughput = variant.megabytesPerSecond();
    out.printf(
        Locale.ROOT,
        "%-26s %9s %15s %,12.0f %,10.0f %6.2f %9.1f %6s%n",
        variant.id(),
        "%,.0f".formatted(throughput.median()),
        "(%,.0f - %,.0f)".formatted(throughput.min(), throughput.max()),
        variant.samplesPerSecond().median(),
        variant.jobMegabytesPerSecond().median(),
        variant.processors().median(),
        variant.firstRecordMillis().median(),
        hitRate(variant.runs()));
  }

  /** The lowest one, in percent: a cache that did not keep everything measures something else. */
  private static String hitRate(List<Measurement> runs) {
    if (runs.stream().anyMatch(run -> run.hitRate() == null)) {
      return "";
    }
    double lowest = runs.stream().mapToDouble(Measurement::hitRate).min().orElse(0);
    return String.format(Locale.ROOT, "%.0f %%", 100 * lowest);
  }
}
