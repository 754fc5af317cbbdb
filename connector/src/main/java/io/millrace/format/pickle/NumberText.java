// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import java.math.BigInteger;

/**
 * Numbers as Python's pickler writes them in decimal. Python's unpickler reads more (hexadecimal,
 * underscores), which no pickler writes and which is refused.
 */
final class NumberText {

  /** Digits that fit into 64 bits whatever they are. */
  private static final int DIGITS_OF_LONG = 18;

  private NumberText() {}

  /** A {@link Long}, or a {@link BigInteger} where 64 bits don't hold it. */
  static Object integer(String text) throws PickleException {
    int begin = signLength(text);
    int digits = text.length() - begin;
    boolean hasLeadingZero = digits > 1 && text.charAt(begin) == '0';
    if (digits == 0 || hasLeadingZero || digitsEnd(text, begin) < text.length()) {
      throw new PickleException(PyValues.quote(text) + " is not a whole number");
    }
    return digits <= DIGITS_OF_LONG
        ? (Object) Long.valueOf(text)
        : normalised(new BigInteger(text));
  }

  /** As a {@link Long} if 64 bits hold it. */
  static Object normalised(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** What Python's {@code float} takes, but for white space and underscores. */
  static double floating(String text) throws PickleException {
    int begin = signLength(text);
    return switch (text.substring(begin)) {
      case "inf" -> text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> finite(text, begin);
    };
  }

  private static double finite(String text, int begin) throws PickleException {
    if (!isDecimal(text, begin)) {
      throw new PickleException(PyValues.quote(text) + " is not a number");
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new PickleException(PyValues.quote(text) + " is too large");
    }
    return value;
  }

  /** Java's own parser takes white space, suffixes and hexadecimal as well. */
  private static boolean isDecimal(String text, int begin) {
    int integers = digitsEnd(text, begin);
    int at = integers;
    int digits = integers - begin;
    if (at < text.length() && text.charAt(at) == '.') {
      at = digitsEnd(text, integers + 1);
      digits += at - integers - 1;
    }
    if (digits > 0 && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int exponent = at + 1 + signLength(text.substring(at + 1));
      at = digitsEnd(text, exponent);
      digits = at - exponent;
    }
    return digits > 0 && at == text.length();
  }

  private static int signLength(String text) {
    return text.startsWith("-") || text.startsWith("+") ? 1 : 0;
  }

  private static int digitsEnd(String text, int begin) {
    int at = begin;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
