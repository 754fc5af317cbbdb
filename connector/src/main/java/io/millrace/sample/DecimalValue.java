// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A decimal number as Python's {@code decimal.Decimal} has them, which {@link BigDecimal} has not
 * all: infinities, quiet and signalling NaNs with payloads, and negative zero.
 *
 * <p>The stored text is kept as it is, and two values are equal if their texts are: {@code 1.0} and
 * {@code 1.00} are different, as they are to {@link BigDecimal#equals}.
 */
public final class DecimalValue {
  /** What Python's {@code str(Decimal)} writes; ASCII digits only. */
  private static final Pattern FORM =
      Pattern.compile(
          "-?(?:(?<integer>[0-9]++)(?:\\.(?<fraction>[0-9]++))?(?:E(?<exponent>[+-][0-9]++))?"
              + "|Infinity|s?NaN[0-9]*+)");

  /** Digits of an exponent; more cannot fit the scale of a {@link BigDecimal}. */
  private static final int MAX_EXPONENT_DIGITS = 18;

  private static final int SHOWN = 40;

  private final String text;
  private final boolean finite;

  private DecimalValue(String text, boolean finite) {
    this.text = text;
    this.finite = finite;
  }

  /**
   * Takes a number in the form that Python's {@code str(Decimal)} writes, such as {@code 0.1},
   * {@code 1E+50}, {@code -0}, {@code NaN}, {@code -sNaN123} or {@code Infinity}.
   *
   * @throws IllegalArgumentException if the text has another form, or an exponent that is beyond
   *     the range of {@link BigDecimal}
   */
  public static DecimalValue parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "Cannot read '" + shorten(text) + "' as a decimal: not a form of Python's str(Decimal)");
    }
    boolean finite = form.group("integer") != null;
    if (finite && scale(form) != (int) scale(form)) {
      throw new IllegalArgumentException(
          "Cannot read '" + shorten(text) + "' as a decimal: its exponent is out of range");
    }
    return new DecimalValue(text, finite);
  }

  /** Returns the scale that a {@link BigDecimal} would need, or one that it cannot have. */
  private static long scale(Matcher form) {
    @Nullable String fraction = form.group("fraction");
    @Nullable String exponent = form.group("exponent");
    long places = fraction == null ? 0 : fraction.length();
    if (exponent == null) {
      return places;
    }
    return exponent.length() > MAX_EXPONENT_DIGITS
        ? Long.MAX_VALUE
        : places - Long.parseLong(exponent);
  }

  /** Says whether this is a number: neither NaN nor infinite. */
  public boolean isFinite() {
    return finite;
  }

  /**
   * Returns the number with its scale; negative zero becomes zero. The time grows with the square
   * of the number of digits, and the result may have an exponent of two thousand millions: don't
   * expand what comes from outside without looking at its scale and precision.
   *
   * @throws ArithmeticException if this is a NaN or infinite
   */
  public BigDecimal toBigDecimal() {
    Matcher form = FORM.matcher(text);
    if (!finite || !form.matches()) {
      throw new ArithmeticException("Cannot make a BigDecimal of " + this);
    }
    @Nullable String fraction = form.group("fraction");
    String sign = text.startsWith("-") ? "-" : "";
    String digits = sign + form.group("integer") + (fraction == null ? "" : fraction);
    return new BigDecimal(new BigInteger(digits), (int) scale(form));
  }

  /** Returns exactly what was parsed. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DecimalValue that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the text, cut if it is very long. */
  @Override
  public String toString() {
    return shorten(text);
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
