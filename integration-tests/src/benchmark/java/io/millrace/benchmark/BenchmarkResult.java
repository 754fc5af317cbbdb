// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.Map;

/** What one run of a benchmark showed, as far as a later run is compared with it. */
interface BenchmarkResult {

  /** Where it ran, and with what. */
  Map<String, String> machine();

  /** The settings that make figures comparable. */
  Map<String, Double> comparableSettings();

  /** The figures by name. */
  Map<String, Double> figures();
}
