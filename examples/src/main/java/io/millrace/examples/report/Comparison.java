// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One scan beside another of the same epochs.
 *
 * @param scan epochs of the one
 * @param baseline epochs of the other
 */
public record Comparison(List<EpochFigures> scan, List<EpochFigures> baseline) {

  /** A sentence: how much faster, and how much less is asked of the origin. */
  public String sentence() {
    StringBuilder text = new StringBuilder("Ratios: ");
    text.append(speed(0, 1)).append(" the samples/s in epoch 0");
    if (scan.size() > 1) {
      text.append(", ").append(speed(1, scan.size())).append(" from epoch 1 on");
    }
    text.append("; ").append(less(e -> e.scan().originBytes(), "origin bytes"));
    text.append("; ").append(less(e -> e.scan().originRequests(), "origin requests"));
    text.append("; ").append(less(EpochFigures::waitMillis, "ms of waiting"));
    return text.append('.').toString();
  }

  private String speed(int from, int to) {
    return Amounts.times(rate(scan.subList(from, to)) / rate(baseline.subList(from, to)));
  }

  private static double rate(List<EpochFigures> epochs) {
    double samples = sum(epochs, EpochFigures::samples);
    return samples / Math.max(1, sum(epochs, EpochFigures::nanos));
  }

  private String less(ToLongFunction<EpochFigures> figure, String name) {
    long mine = sum(scan, figure);
    long other = sum(baseline, figure);
    if (mine == other) {
      return "as many " + name;
    }
    if (mine == 0) {
      return "no " + name + " instead of " + Amounts.count(other);
    }
    return mine < other
        ? Amounts.times((double) other / mine) + " fewer " + name
        : Amounts.times((double) mine / Math.max(1, other)) + " as many " + name;
  }

  private static long sum(List<EpochFigures> epochs, ToLongFunction<EpochFigures> figure) {
    return epochs.stream().mapToLong(figure).sum();
  }
}
