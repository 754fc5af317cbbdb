// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.FieldType.Primitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Numbers in the types of fields, without loss. */
final class Numbers {

  /** Beyond this not every whole number is a double. */
  private static final long EXACT = 1L << 53;

  private Numbers() {}

  /** The number or boolean that a value is, of NumPy too; else the value itself. */
  static Object unwrap(Object value) {
    return value instanceof NumpyScalar scalar ? scalar.value() : value;
  }

  /**
   * A whole number for a field or an element of an integer type.
   *
   * @return null if the type does not hold it; a {@link BigInteger} of {@code BIG_INTEGER}, else a
   *     {@link Long}, of {@code UINT64} its bits
   */
  static @Nullable Object toInteger(Object value, Primitive type) {
    if (value instanceof Long number) {
      if (type == Primitive.BIG_INTEGER) {
        return BigInteger.valueOf(number);
      }
      return holds(type, number) ? number : null;
    }
    if (value instanceof BigInteger number) {
      if (type == Primitive.BIG_INTEGER) {
        return number;
      }
      boolean unsigned = number.signum() >= 0 && number.bitLength() <= Long.SIZE;
      return type == Primitive.UINT64 && unsigned ? (Object) number.longValue() : null;
    }
    return null;
  }

  private static boolean holds(Primitive type, long value) {
    return switch (type) {
      case INT8 -> value == (byte) value;
      case INT16 -> value == (short) value;
      case INT32 -> value == (int) value;
      case UINT8 -> value >>> Byte.SIZE == 0;
      case UINT16 -> value >>> Short.SIZE == 0;
      case UINT32 -> value >>> Integer.SIZE == 0;
      case UINT64 -> value >= 0;
      default -> true;
    };
  }

  /** What {@link #toInteger} yields, in the class of the type's values. */
  static Object boxed(Object integer, Primitive type) {
    if (!(integer instanceof Long number)) {
      return integer;
    }
    return switch (type) {
      case INT8 -> (Object) number.byteValue();
      case INT16, UINT8 -> number.shortValue();
      case INT32, UINT16 -> number.intValue();
      case UINT64 -> new BigInteger(Long.toUnsignedString(number));
      default -> number;
    };
  }

  /** A number as a double; null if that would change it, or if it is none. */
  static @Nullable Double toDouble(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof Long number) {
      boolean exact = number >= -EXACT && number <= EXACT;
      return exact ? (Double) number.doubleValue() : exact(BigInteger.valueOf(number));
    }
    return value instanceof BigInteger number ? exact(number) : null;
  }

  private static @Nullable Double exact(BigInteger number) {
    double rounded = number.doubleValue();
    boolean same =
        !Double.isInfinite(rounded) && new BigDecimal(rounded).toBigInteger().equals(number);
    return same ? rounded : null;
  }
}
