// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that one run of the benchmark showed.
 *
 * @param time when it began
 * @param machine where it ran, and with what
 * @param settings how much was measured
 * @param variants what each variant did
 * @param ratios how they compare
 */
record Throughput(
    Instant time,
    Map<String, String> machine,
    BenchmarkSettings settings,
    List<VariantResult> variants,
    List<Ratio> ratios)
    implements BenchmarkResult {

  /** The medians by name. */
  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (VariantResult variant : variants) {
      figures.put(variant.id() + " MB/s", variant.megabytesPerSecond().median());
      figures.put(variant.id() + " job MB/s", variant.jobMegabytesPerSecond().median());
    }
    for (Ratio ratio : ratios) {
      figures.put(ratio.id(), ratio.values().median());
    }
    return figures;
  }

  @Override
  public Map<String, Double> comparableSettings() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("scale", settings.scale());
    values.put("warmups", (double) settings.warmups());
    values.put("rounds", (double) settings.rounds());
    values.put("epochs", (double) settings.epochs());
    return values;
  }
}
