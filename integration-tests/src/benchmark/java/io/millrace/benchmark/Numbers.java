// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {

  private Numbers() {}

  /** With as few digits after the point as it has, and at most three. */
  static String plain(double number) {
    return trimmed(String.format(Locale.ROOT, "%.3f", number));
  }

  /** With three or four digits that count. */
  static String rounded(double number) {
    double size = Math.abs(number);
    String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return trimmed(String.format(Locale.ROOT, form, number));
  }

  /** Of a whole, in percent. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String trimmed(String text) {
    String trimmed = text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    return trimmed.equals("-0") ? "0" : trimmed;
  }
}
