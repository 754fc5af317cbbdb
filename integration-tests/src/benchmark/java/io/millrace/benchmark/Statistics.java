// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.List;

/**
 * Values that were measured, in the order of their rounds, and what they come to.
 *
 * @param values at least one
 */
record Statistics(List<Double> values) {

  Statistics {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Cannot summarise no values");
    }
    values = List.copyOf(values);
  }

  /** The middle value, of an even number of them the mean of the two in the middle. */
  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  double min() {
    return values.stream().mapToDouble(value -> value).min().getAsDouble();
  }

  double max() {
    return values.stream().mapToDouble(value -> value).max().getAsDouble();
  }

  /**
   * Divides the values of each round by those of the same round.
   *
   * @throws IllegalArgumentException if there are not as many
   */
  Statistics pairedRatio(Statistics base) {
    if (values.size() != base.values.size()) {
      throw new IllegalArgumentException(
          "Cannot pair %d values with %d".formatted(values.size(), base.values.size()));
    }
    Double[] ratios = new Double[values.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = values.get(i) / base.values.get(i);
    }
    return new Statistics(List.of(ratios));
  }
}
