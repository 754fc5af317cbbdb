// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import com.fasterxml.jackson.core.io.NumberInput;
import java.math.BigInteger;

/** Numbers in the text that Python's {@code str()} makes of them. */
final class PythonNumbers {

  /** What Python's {@code int()} takes at most unless told otherwise (CVE-2020-10735). */
  static final int MAX_INTEGER_DIGITS = 4_300;

  /** {@code repr(float)} has at most 24 characters; hand-made ones may be longer. */
  static final int MAX_FLOAT_CHARACTERS = 1_000;

  private static final int LONG_DIGITS = 18;
  private static final int SHOWN = 40;

  private PythonNumbers() {}

  /** A whole number of up to {@link #MAX_INTEGER_DIGITS} digits. */
  static BigInteger parseInteger(String text) throws MalformedValueException {
    int digits = checkInteger(text);
    return digits <= LONG_DIGITS ? BigInteger.valueOf(Long.parseLong(text)) : new BigInteger(text);
  }

  /** A whole number from -2⁶³ to 2⁶³ − 1. */
  static long parseLong(String text) throws MalformedValueException {
    checkInteger(text);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedValueException(
          0,
          "\""
              + shorten(text)
              + "\" is beyond 64 bits; the file is sound, but Millrace reads 64-bit integers here",
          e);
    }
  }

  private static int checkInteger(String text) throws MalformedValueException {
    int start = signLength(text);
    int digits = digitsFrom(text, start);
    if (digits == 0 || start + digits != text.length()) {
      throw new MalformedValueException(
          start + digits, "\"" + shorten(text) + "\" is not a whole number");
    }
    if (digits > MAX_INTEGER_DIGITS) {
      throw new MalformedValueException(
          0,
          "a whole number of " + digits + " digits; at most " + MAX_INTEGER_DIGITS + " are read");
    }
    return digits;
  }

  /**
   * A number in the forms of Python's {@code repr(float)}, such as {@code 0.1}, {@code 1e+300},
   * {@code inf}, {@code -inf}, {@code nan}; not what only Java reads, such as {@code 1d}.
   */
  static double parseDouble(String text) throws MalformedValueException {
    int start = signLength(text);
    String name = start == 0 ? text : text.substring(start);
    if (name.equals("inf")) {
      return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (name.equals("nan")) {
      return Double.NaN;
    }
    checkFloat(text, start);
    return NumberInput.parseDouble(text, true);
  }

  private static void checkFloat(String text, int start) throws MalformedValueException {
    if (text.length() > MAX_FLOAT_CHARACTERS) {
      throw new MalformedValueException(
          0,
          "a number of "
              + text.length()
              + " characters; at most "
              + MAX_FLOAT_CHARACTERS
              + " are read");
    }
    int whole = digitsFrom(text, start);
    int at = start + whole;
    int fraction = 0;
    if (at < text.length() && text.charAt(at) == '.') {
      fraction = digitsFrom(text, at + 1);
      at += 1 + fraction;
    }
    boolean good = whole + fraction > 0;
    if (good && at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1 + signLength(text.substring(at + 1));
      int digits = digitsFrom(text, exponent);
      good = digits > 0;
      at = exponent + digits;
    }
    if (!good || at != text.length()) {
      throw new MalformedValueException(at, "\"" + shorten(text) + "\" is not a number");
    }
  }

  private static int signLength(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
  }

  private static int digitsFrom(String text, int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  static String shorten(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
