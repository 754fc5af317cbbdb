// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All runs of a variant that count.
 *
 * @param id the variant's
 * @param samples samples of an epoch
 * @param payloadBytes bytes of these samples; a variant may read or make somewhat more
 * @param runs one a round
 */
record VariantResult(String id, int samples, long payloadBytes, List<Measurement> runs) {

  VariantResult {
    runs = List.copyOf(runs);
  }

  static VariantResult of(Variant variant, List<Measurement> runs) {
    Workload workload = variant.workload();
    return new VariantResult(variant.id(), workload.samples(), workload.payloadBytes(), runs);
  }

  /** From record to record, in 10⁶ bytes of samples. */
  Statistics megabytesPerSecond() {
    return over(run -> run.epochsPerSecond() * payloadBytes / 1e6);
  }

  Statistics samplesPerSecond() {
    return over(run -> run.epochsPerSecond() * samples);
  }

  /** From the job's submission to its end, all epochs included. */
  Statistics jobMegabytesPerSecond() {
    return over(run -> run.epochsPerWallSecond() * payloadBytes / 1e6);
  }

  Statistics processors() {
    return over(Measurement::processors);
  }

  Statistics firstRecordMillis() {
    return over(run -> run.firstRecordNanos() / 1e6);
  }

  private Statistics over(ToDoubleFunction<Measurement> figure) {
    return new Statistics(runs.stream().map(figure::applyAsDouble).toList());
  }
}
