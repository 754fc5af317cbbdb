// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.SmallFloats;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Collection;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * Keys of dicts as text: strings as they are, anything else as Python's {@code repr} shows it.
 * Bounded in length and depth, for a small pickle may have a tuple that shows endless.
 */
final class PythonText {

  /** Most characters of a field's name, the dots and what stands before them included. */
  static final int MAX_NAME = 1_000;

  private static final int MAX_DEPTH = 64;

  private final StringBuilder text = new StringBuilder();

  private PythonText() {}

  /** The text of a key. */
  static String ofKey(Object key) throws FieldException {
    if (key instanceof String string) {
      return string;
    }
    PythonText python = new PythonText();
    python.append(key, 0);
    return python.text.toString();
  }

  private void append(Object value, int depth) throws FieldException {
    Object key = Numbers.unwrap(value);
    if (key instanceof Long
        || key instanceof BigInteger
        || key instanceof PyNone
        || key instanceof TorchConstant) {
      text.append(key instanceof TorchConstant constant ? constant.text() : key);
    } else if (key instanceof Boolean truth) {
      text.append(truth ? "True" : "False");
    } else if (key instanceof Double || key instanceof Float) {
      append(((Number) key).doubleValue(), precisionOf(value, key));
    } else if (key instanceof String string) {
      append(string);
    } else if (key instanceof Bytes bytes) {
      append(bytes);
    } else if (key instanceof PyTuple tuple && depth < MAX_DEPTH) {
      appendAll("(", tuple.items(), tuple.size() == 1 ? ",)" : ")", depth);
    } else {
      throw new FieldException("a key of a dict is " + ValueTypes.describe(key));
    }
    if (text.length() > MAX_NAME) {
      throw tooLong(text.toString());
    }
  }

  static FieldException tooLong(String name) {
    return new FieldException(
        "the name "
            + FieldException.quote(name)
            + " of a field has more than "
            + MAX_NAME
            + " characters");
  }

  private void appendAll(String before, Collection<Object> items, String after, int depth)
      throws FieldException {
    text.append(before);
    String separator = "";
    for (Object item : items) {
      text.append(separator);
      append(item, depth + 1);
      separator = ", ";
    }
    text.append(after);
  }

  /** Rounds to what the type of a number of NumPy's, or Python's own, holds. */
  private static DoubleUnaryOperator precisionOf(Object value, Object number) {
    if (value instanceof NumpyScalar scalar && scalar.dtype() == DType.FLOAT16) {
      return d -> SmallFloats.float16ToFloat(SmallFloats.floatToFloat16((float) d));
    }
    return number instanceof Float ? d -> (float) d : DoubleUnaryOperator.identity();
  }

  private void append(double value, DoubleUnaryOperator precision) {
    if (Double.isNaN(value)) {
      text.append("nan");
    } else if (Double.isInfinite(value)) {
      text.append(value < 0 ? "-inf" : "inf");
    } else if (value == 0) {
      text.append(1 / value < 0 ? "-0.0" : "0.0");
    } else {
      append(shortest(value, precision));
    }
  }

  /** The fewest digits that are read back as this number; Java 17 sometimes shows more. */
  private static BigDecimal shortest(double value, DoubleUnaryOperator precision) {
    BigDecimal exact = new BigDecimal(value);
    int digits = 1;
    BigDecimal rounded = exact.round(new MathContext(digits));
    while (precision.applyAsDouble(rounded.doubleValue()) != value) {
      digits++;
      rounded = exact.round(new MathContext(digits));
    }
    return rounded.stripTrailingZeros();
  }

  private void append(BigDecimal number) {
    int exponent = number.precision() - number.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      text.append(number.setScale(Math.max(1, number.scale())).toPlainString());
      return;
    }
    String digits = number.unscaledValue().abs().toString();
    text.append(number.signum() < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append(
        String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent)));
  }

  private void append(String string) {
    char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
    text.append(quote);
    // Whatever is too long is refused, so that no more of it has to be made.
    string.codePoints().limit(MAX_NAME).forEach(c -> appendCharacter(c, quote));
    text.append(quote);
  }

  private void append(Bytes bytes) {
    byte[] start = bytes.slice(0, Math.min(bytes.size(), MAX_NAME)).toByteArray();
    boolean single = contains(start, '\'') && !contains(start, '"');
    char quote = single ? '"' : '\'';
    text.append('b').append(quote);
    for (byte b : start) {
      int c = b & 0xff;
      if (c < 0x80) {
        appendCharacter(c, quote);
      } else {
        text.append(String.format(Locale.ROOT, "\\x%02x", c));
      }
    }
    text.append(quote);
  }

  private static boolean contains(byte[] bytes, char wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  private void appendCharacter(int c, char quote) {
    switch (c) {
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (c == quote) {
          text.append('\\').append(quote);
        } else if (isPrintable(c)) {
          text.appendCodePoint(c);
        } else if (c < 0x100) {
          text.append(String.format(Locale.ROOT, "\\x%02x", c));
        } else {
          text.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
