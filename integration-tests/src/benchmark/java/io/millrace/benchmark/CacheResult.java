// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of the cache benchmark showed, as it stands in its result file. What was not
 * measured is empty or null.
 *
 * @param benchmark {@link #NAME}
 * @param time when it began
 * @param machine where it ran, and with what
 * @param settings how much was measured
 * @param figures what a later run is compared by
 * @param hitRates of jobs
 * @param latencies of single samples
 * @param memory the heap by part
 * @param heaps that were filled
 */
record CacheResult(
    String benchmark,
    String time,
    Map<String, String> machine,
    Map<String, Double> settings,
    Map<String, Double> figures,
    List<HitRate> hitRates,
    List<HitLatency> latencies,
    @Nullable MemoryTimeline memory,
    List<HeapFill> heaps)
    implements BenchmarkResult {

  static final String NAME = "cache";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  @Override
  public Map<String, Double> comparableSettings() {
    return settings;
  }

  /** Whether every part was measured. */
  boolean isComplete() {
    return !hitRates.isEmpty() && !latencies.isEmpty() && memory != null && !heaps.isEmpty();
  }

  /** This one, with the parts of an earlier one that it lacks. */
  CacheResult completedBy(CacheResult earlier) {
    return new CacheResult(
        benchmark,
        time,
        machine,
        settings,
        figures,
        hitRates.isEmpty() ? earlier.hitRates : hitRates,
        latencies.isEmpty() ? earlier.latencies : latencies,
        memory == null ? earlier.memory : memory,
        heaps.isEmpty() ? earlier.heaps : heaps);
  }

  /**
   * Reads a result file.
   *
   * @throws IOException if it cannot be read or is something else
   */
  static CacheResult read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), CacheResult.class);
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }
}
