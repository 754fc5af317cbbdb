// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How hits are spread over an epoch: its statistics, read again and again while it runs, tell how
 * many bytes had hit when so many had been touched.
 */
final class EpochProfile {

  /** Into how many parts of equal bytes an epoch is divided. */
  static final int PARTS = 10;

  /** By epoch: hit bytes by touched bytes, both from the epoch's begin. */
  private final Map<Long, TreeMap<Long, Long>> curves = new TreeMap<>();

  /** Notes where each epoch is. */
  void look(SortedMap<Long, EpochStatistics.Snapshot> epochs) {
    epochs.forEach(
        (epoch, counts) ->
            curves
                .computeIfAbsent(epoch, e -> new TreeMap<>(Map.of(0L, 0L)))
                .put(counts.firstTouchBytes(), counts.of(AccessKind.HIT).bytes()));
  }

  /** The hit rate in each part of an epoch, on average over all epochs but the first. */
  List<Double> hitRates() {
    List<TreeMap<Long, Long>> later =
        curves.entrySet().stream().filter(e -> e.getKey() > 0).map(Map.Entry::getValue).toList();
    List<Double> rates = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      double sum = 0;
      for (TreeMap<Long, Long> curve : later) {
        double partBytes = (double) curve.lastKey() / PARTS;
        sum += (hits(curve, (part + 1) * partBytes) - hits(curve, part * partBytes)) / partBytes;
      }
      rates.add(later.isEmpty() ? 0 : sum / later.size());
    }
    return rates;
  }

  /** On a straight line between what was seen before and after. */
  private static double hits(TreeMap<Long, Long> curve, double touched) {
    Map.Entry<Long, Long> before = curve.floorEntry((long) touched);
    Map.Entry<Long, Long> after = curve.higherEntry((long) touched);
    if (before == null || after == null) {
      return before == null ? 0 : before.getValue();
    }
    double way = (touched - before.getKey()) / (after.getKey() - before.getKey());
    return before.getValue() + way * (after.getValue() - before.getValue());
  }
}
