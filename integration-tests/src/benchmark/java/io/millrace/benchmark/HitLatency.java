// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long it took to get one sample.
 *
 * @param tier where it came from
 * @param sampleBytes length of a sample
 * @param draws how many were got
 * @param aimMicros what 99 of 100 should take at most
 * @param percentiles those that are kept
 * @param micros the time of each of them
 */
record HitLatency(
    String tier,
    int sampleBytes,
    int draws,
    double aimMicros,
    List<Double> percentiles,
    List<Double> micros) {

  private static final List<Double> KEPT =
      List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0);

  /** Of the times of all draws, which are sorted by this. */
  static HitLatency of(String tier, int sampleBytes, double aimMicros, long[] nanos) {
    Arrays.sort(nanos);
    List<Double> micros =
        KEPT.stream()
            .map(percentile -> (int) Math.ceil(percentile * nanos.length / 100 - 1e-6) - 1)
            .map(index -> nanos[Math.max(0, index)] / 1e3)
            .toList();
    return new HitLatency(tier, sampleBytes, nanos.length, aimMicros, KEPT, micros);
  }

  /** The time that so many percent of the draws took at most; only for those that are kept. */
  double micros(double percentile) {
    return micros.get(
        IntStream.range(0, percentiles.size())
            .filter(i -> percentiles.get(i) == percentile)
            .findFirst()
            .orElseThrow());
  }
}
