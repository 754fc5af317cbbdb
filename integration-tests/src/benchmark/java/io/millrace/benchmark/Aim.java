// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

/**
 * A figure beside what it should be.
 *
 * @param id what was measured
 * @param value what it came to
 * @param least what it should be at least; minus infinity where only the most counts
 * @param most what it should be at most; infinity where only the least counts
 * @param unit of all three; empty for plain numbers
 */
record Aim(String id, double value, double least, double most, String unit) {

  static Aim atLeast(String id, double value, double least, String unit) {
    return new Aim(id, value, least, Double.POSITIVE_INFINITY, unit);
  }

  static Aim atMost(String id, double value, double most, String unit) {
    return new Aim(id, value, Double.NEGATIVE_INFINITY, most, unit);
  }

  boolean reached() {
    return value >= least && value <= most;
  }

  /** What it should be, for people. */
  String wanted() {
    if (Double.isInfinite(most)) {
      return "≥ " + number(least);
    }
    return Double.isInfinite(least) ? "≤ " + number(most) : number(least) + " to " + number(most);
  }

  /** What it came to, for people. */
  String shown() {
    return number(value);
  }

  private String number(double number) {
    String text = Numbers.rounded(number);
    return unit.isEmpty() ? text : text + " " + unit;
  }
}
