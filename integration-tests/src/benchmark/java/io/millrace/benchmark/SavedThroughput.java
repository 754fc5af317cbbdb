// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A result file of {@link ThroughputJson}, as far as a page shows it.
 *
 * @param benchmark its name
 * @param result when and where it was measured
 * @param megabytesPerSecond medians by variant
 * @param ratios medians that have an aim
 */
record SavedThroughput(
    String benchmark,
    EarlierResult result,
    Map<String, Double> megabytesPerSecond,
    List<Aim> ratios) {

  /**
   * Reads a result file.
   *
   * @throws IOException if it cannot be read or is something else
   */
  static SavedThroughput read(Path file) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    Map<String, Double> speeds = new LinkedHashMap<>();
    for (JsonNode variant : json.path("variants")) {
      speeds.put(
          variant.path("id").asText(),
          variant.path("megabytesPerSecond").path("median").asDouble());
    }
    List<Aim> ratios = new ArrayList<>();
    for (JsonNode ratio : json.path("ratios")) {
      ratios.add(
          Aim.atLeast(
              ratio.path("id").asText(),
              ratio.path("ratio").path("median").asDouble(),
              ratio.path("aim").asDouble(),
              ""));
    }
    return new SavedThroughput(
        json.path("benchmark").asText(), EarlierResult.read(file), speeds, ratios);
  }

  /** Those ratios of which something is expected, named as one of this benchmark. */
  List<Aim> aims() {
    return ratios.stream()
        .filter(ratio -> ratio.least() > 0)
        .map(ratio -> Aim.atLeast(benchmark + ": " + ratio.id(), ratio.value(), ratio.least(), ""))
        .toList();
  }
}
