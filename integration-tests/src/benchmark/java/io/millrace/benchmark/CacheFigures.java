// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the measurements of the cache come to: figures to compare, and those that have an aim. */
final class CacheFigures {

  private static final double RATIO_AIM = 0.97;
  private static final double ORIGIN_TOLERANCE = 0.03;
  private static final double OVERHEAD_AIM = 0.02;
  private static final double GROWTH_AIM = 0.02;

  private CacheFigures() {}

  /** All of them, by name. */
  static Map<String, Double> all(
      List<HitRate> rates,
      List<HitLatency> latencies,
      @Nullable MemoryTimeline memory,
      List<HeapFill> heaps) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (HitRate rate : rates) {
      figures.put(rate.id() + ": hit rate", rate.hitRate());
      figures.put(rate.id() + ": origin bytes / expected", rate.originRatio());
    }
    for (HitLatency latency : latencies) {
      for (double percentile : List.of(50.0, 99.0, 99.9)) {
        figures.put(
            latency.tier() + " p" + Numbers.plain(percentile) + " µs", latency.micros(percentile));
      }
    }
    if (memory != null) {
      figures.put("memory beyond the bound", memory.highestBeyondBound());
      figures.put("memory beside what is counted", memory.highestOther());
    }
    for (long heapBytes : heapSizes(heaps)) {
      figures.put(heapName(heapBytes) + " largest share", largestShare(heaps, heapBytes));
    }
    return figures;
  }

  /** Those with an aim, of everything that was measured. */
  static List<Aim> aims(CacheResult result) {
    List<Aim> aims = new ArrayList<>(hitRateAims(result.hitRates()));
    for (HitLatency latency : result.latencies()) {
      aims.add(
          Aim.atMost(
              "p99 of a 100 KB sample, " + latency.tier(),
              latency.micros(99),
              latency.aimMicros(),
              "µs"));
    }
    MemoryTimeline memory = result.memory();
    if (memory != null) {
      aims.add(
          Aim.atMost(
              "memory beyond the bound, of it",
              100 * memory.highestBeyondBound(),
              100 * OVERHEAD_AIM,
              "%"));
    }
    for (long heapBytes : heapSizes(result.heaps())) {
      aims.addAll(heapAims(result.heaps(), heapBytes));
    }
    return aims;
  }

  private static List<Aim> hitRateAims(Collection<HitRate> rates) {
    List<HitRate> planned = rates.stream().filter(rate -> rate.policy().equals("plan")).toList();
    if (planned.isEmpty()) {
      return List.of();
    }
    DoubleSummaryStatistics ratios =
        planned.stream().mapToDouble(HitRate::ratio).summaryStatistics();
    DoubleSummaryStatistics origin =
        planned.stream().mapToDouble(HitRate::originRatio).summaryStatistics();
    String jobs = planned.size() + " jobs";
    return List.of(
        Aim.atLeast("plan: hit rate / bound, lowest of " + jobs, ratios.getMin(), RATIO_AIM, ""),
        // Less is no fault: what readers work with when an epoch ends hits in the next one, too.
        Aim.atMost(
            String.format(
                Locale.ROOT,
                "plan: origin bytes / expected, highest (lowest %.3f)",
                origin.getMin()),
            origin.getMax(),
            1 + ORIGIN_TOLERANCE,
            ""));
  }

  private static List<Aim> heapAims(List<HeapFill> heaps, long heapBytes) {
    List<Aim> aims = new ArrayList<>();
    double filled =
        heaps.stream()
            .filter(fill -> fill.heapBytes() == heapBytes && fill.fits())
            .mapToDouble(HeapFill::filled)
            .min()
            .orElse(0);
    aims.add(
        Aim.atLeast(
            heapName(heapBytes) + ": bound filled without a full collection",
            100 * filled,
            100 * HeapFill.MIN_FILLED,
            "%"));
    for (HeapFill fill : heaps) {
      if (fill.heapBytes() == heapBytes && fill.liveBytesByEpoch().size() == 2) {
        aims.add(
            new Aim(
                heapName(heapBytes) + ": live bytes after epoch 10 against epoch 2",
                100 * fill.growth(),
                -100 * GROWTH_AIM,
                100 * GROWTH_AIM,
                "%"));
      }
    }
    return aims;
  }

  /** The sizes of heaps that were filled. */
  static Collection<Long> heapSizes(List<HeapFill> heaps) {
    return heaps.stream()
        .map(HeapFill::heapBytes)
        .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
  }

  /** The largest part of a heap that the cache may have; 0 if none of those that were tried. */
  static double largestShare(List<HeapFill> heaps, long heapBytes) {
    return heaps.stream()
        .filter(fill -> fill.heapBytes() == heapBytes && fill.fits())
        .mapToDouble(HeapFill::share)
        .max()
        .orElse(0);
  }

  static String heapName(long heapBytes) {
    return "heap of " + Numbers.plain((double) heapBytes / (1 << 30)) + " GB";
  }
}
