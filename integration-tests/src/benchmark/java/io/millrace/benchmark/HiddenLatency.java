// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the results of {@link LatencyBenchmark} come to. */
final class HiddenLatency {

  static final String ALL = "delayed";
  static final String SOME = "delayed-part";

  static final String LOCAL = "local";
  static final String LOCAL_THROTTLED = "local-throttled";
  static final String PREFETCH = "prefetch";
  static final String IN_TURN = "no-prefetch";
  static final String SLOW_TAIL = "slow-tail";
  static final String SLOW_TAIL_UNHEDGED = "slow-tail-unhedged";
  static final String THROTTLED = "throttled";
  static final String SLOW_TAIL_THROTTLED = "slow-tail-throttled";

  /** What is measured at each latency. */
  static final List<String> VARIANTS =
      List.of(PREFETCH, IN_TURN, SLOW_TAIL, SLOW_TAIL_UNHEDGED, THROTTLED, SLOW_TAIL_THROTTLED);

  /** Default of {@code prefetch.max-requests}. */
  private static final int MAX_REQUESTS = 64;

  private static final double AIM = 0.9;
  private static final double AIM_THROTTLED = 0.98;
  private static final double AIM_OVER_NONE = 1.5;
  private static final double NO_AIM = 0;

  private final Map<String, VariantResult> results;
  private final long budgetBytes;

  /**
   * @param budgetBytes that may be held ahead
   */
  HiddenLatency(List<VariantResult> results, long budgetBytes) {
    this.results =
        results.stream().collect(Collectors.toMap(VariantResult::id, Function.identity()));
    this.budgetBytes = budgetBytes;
  }

  static boolean isThrottled(String variant) {
    return variant.equals(THROTTLED) || variant.equals(SLOW_TAIL_THROTTLED);
  }

  /** The ratios of what was measured. */
  List<Ratio> ratios(List<Integer> latencies) {
    List<Ratio> ratios = new ArrayList<>();
    for (int latency : latencies) {
      String name = latency + "ms-";
      Statistics bound = bound(latency);
      ratio(name + PREFETCH, "bound", bound, AIM).ifPresent(ratios::add);
      ratio(name + SLOW_TAIL, "bound", bound, AIM).ifPresent(ratios::add);
      ratio(name + SLOW_TAIL_UNHEDGED, "bound", bound, NO_AIM).ifPresent(ratios::add);
      for (String throttled : List.of(THROTTLED, SLOW_TAIL_THROTTLED)) {
        speed(ALL, LOCAL_THROTTLED)
            .flatMap(of -> ratio(name + throttled, LOCAL_THROTTLED, of, AIM_THROTTLED))
            .ifPresent(ratios::add);
      }
      speed(SOME, name + IN_TURN)
          .flatMap(of -> ratio(name + PREFETCH, IN_TURN, of, AIM_OVER_NONE))
          .ifPresent(ratios::add);
    }
    return ratios;
  }

  private Optional<Ratio> ratio(String variant, String base, Statistics of, double aim) {
    return speed(ALL, variant)
        .map(
            speed ->
                new Ratio(ALL + "." + variant + " / " + base, speed.pairedRatio(of), aim));
  }

  private Optional<Statistics> speed(String workload, String variant) {
    return Optional.ofNullable(results.get(workload + "." + variant))
        .map(VariantResult::megabytesPerSecond);
  }

  /** What is possible: local speed, budget/latency or requests × extent/latency. */
  private Statistics bound(int latencyMillis) {
    double seconds = latencyMillis / 1e3;
    double ofBudget = budgetBytes / seconds / 1e6;
    double ofRequests = MAX_REQUESTS * DelayedDataset.EXTENT_BYTES / seconds / 1e6;
    return new Statistics(
        speed(ALL, LOCAL).orElseThrow().values().stream()
            .map(local -> Math.min(local, Math.min(ofBudget, ofRequests)))
            .toList());
  }
}
