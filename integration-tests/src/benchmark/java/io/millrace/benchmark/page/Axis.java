// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * An axis, from its first tick to its last.
 *
 * @param label what it shows, with the unit
 * @param ticks in ascending order, at least two
 * @param scale makes equal steps of values that are to lie equally far from each other
 */
public record Axis(String label, List<Tick> ticks, DoubleUnaryOperator scale) {

  /** A value that is written at the axis; one without text is only a line. */
  public record Tick(double value, String text) {}

  public Axis {
    if (ticks.size() < 2) {
      throw new IllegalArgumentException("Cannot draw an axis with " + ticks.size() + " ticks");
    }
    ticks = List.copyOf(ticks);
  }

  /** Equal steps between these values. */
  public static Axis linear(String label, DoubleFunction<String> text, double... values) {
    return new Axis(label, ticks(text, values), DoubleUnaryOperator.identity());
  }

  /** From zero to the first round number that is at least so high, in at most five steps. */
  public static Axis upTo(String label, double highest, DoubleFunction<String> text) {
    double step = niceStep(Math.max(highest, 1e-9) / 5);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i == 0 || (i - 1) * step < highest; i++) {
      values.add(i * step);
    }
    return linear(label, text, values.stream().mapToDouble(value -> value).toArray());
  }

  private static double niceStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Powers of ten, equally far from each other, from one below the least to one above the most. */
  public static Axis powersOfTen(
      String label, double least, double most, DoubleFunction<String> text) {
    int first = (int) Math.floor(Math.log10(least));
    int last = Math.max(first + 1, (int) Math.ceil(Math.log10(most)));
    List<Tick> ticks = new ArrayList<>();
    for (int exponent = first; exponent <= last; exponent++) {
      double value = Math.pow(10, exponent);
      ticks.add(new Tick(value, text.apply(value)));
    }
    return new Axis(label, ticks, Math::log10);
  }

  private static List<Tick> ticks(DoubleFunction<String> text, double... values) {
    return DoubleStream.of(values).mapToObj(value -> new Tick(value, text.apply(value))).toList();
  }

  /** Where a value lies: 0 at the first tick, 1 at the last one. */
  double place(double value) {
    double first = scale.applyAsDouble(ticks.get(0).value());
    double last = scale.applyAsDouble(ticks.get(ticks.size() - 1).value());
    return (scale.applyAsDouble(value) - first) / (last - first);
  }
}
