// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import java.util.Locale;

/** Numbers as people read them. */
public final class Amounts {

  private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB"};

  private Amounts() {}

  /** Digits in groups of three. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Three digits and a decimal unit. */
  public static String bytes(long value) {
    if (value < 1000) {
      return value + " B";
    }
    double scaled = value / 1e3;
    int unit = 0;
    while (scaled >= 999.5 && unit < UNITS.length - 1) {
      scaled /= 1e3;
      unit++;
    }
    return significant(scaled) + " " + UNITS[unit];
  }

  /** A share of 0 … 1, cut rather than rounded, so that 100 % is all of it. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
  }

  /** A factor, with fewer decimals the larger it is. */
  public static String times(double factor) {
    return significant(factor) + " times";
  }

  private static String significant(double value) {
    String pattern = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
