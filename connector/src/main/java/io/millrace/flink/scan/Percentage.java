// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Percentages as options have them, such as {@code 10 %} or {@code 0.5%}. */
final class Percentage {

  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *%");

  private Percentage() {}

  /** How many per cent; empty if it is no percentage. */
  static OptionalDouble parse(String value) {
    Matcher percentage = FORM.matcher(value.trim());
    return percentage.matches()
        ? OptionalDouble.of(Double.parseDouble(percentage.group(1)))
        : OptionalDouble.empty();
  }
}
