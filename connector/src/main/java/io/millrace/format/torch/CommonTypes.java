// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import org.jspecify.annotations.Nullable;

/** The narrowest types that hold the values of two others. */
final class CommonTypes {

  private CommonTypes() {}

  /** A type for the values of two samples in one field; null if there is none. */
  static @Nullable FieldType ofField(FieldType a, FieldType b) {
    FieldType common = ofElements(a, b);
    if (common == null && a instanceof ListType x && b instanceof ListType y) {
      FieldType element = ofElements(x.element(), y.element());
      common = element == null ? null : new ListType(element);
    }
    return common == null && isPlain(a) && isPlain(b) ? Primitive.JSON : common;
  }

  /** A type for two elements of a list; null if there is none. */
  static @Nullable FieldType ofElements(FieldType a, FieldType b) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof TensorType x && b instanceof TensorType y) {
      return new TensorType(x.dtype() == y.dtype() ? x.dtype() : null, null);
    }
    return a instanceof Primitive x && b instanceof Primitive y ? ofNumbers(x, y) : null;
  }

  private static @Nullable Primitive ofNumbers(Primitive a, Primitive b) {
    if (isInteger(a) && isInteger(b)) {
      return isWide(a) || isWide(b) ? Primitive.BIG_INTEGER : Primitive.INT64;
    }
    if (isFloat(a) && isFloat(b)) {
      return a.compareTo(b) > 0 ? a : b;
    }
    boolean numbers = (isInteger(a) || isFloat(a)) && (isInteger(b) || isFloat(b));
    return numbers ? Primitive.FLOAT64 : null;
  }

  /** Whether JSON has a form for every value of a type. */
  static boolean isPlain(FieldType type) {
    if (type instanceof ListType list) {
      return isPlain(list.element());
    }
    return type instanceof Primitive primitive
        && (isInteger(primitive)
            || isFloat(primitive)
            || primitive == Primitive.BOOLEAN
            || primitive == Primitive.STRING
            || primitive == Primitive.JSON);
  }

  static boolean isInteger(Primitive type) {
    return switch (type) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BIG_INTEGER -> true;
      default -> false;
    };
  }

  private static boolean isWide(Primitive type) {
    return type == Primitive.UINT64 || type == Primitive.BIG_INTEGER;
  }

  /** In the order of the enum each of these holds the values of those before. */
  private static boolean isFloat(Primitive type) {
    return switch (type) {
      case FLOAT16, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }
}
