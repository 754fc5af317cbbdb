// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyList;
import io.millrace.format.pickle.PyNone;
import io.millrace.format.pickle.PySet;
import io.millrace.format.pickle.PyTuple;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.math.BigInteger;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The field types of the values that files hold. */
final class ValueTypes {

  private ValueTypes() {}

  /** The elements of a list, a tuple or a set; null of anything else. */
  static @Nullable Collection<Object> elementsOf(Object value) {
    if (value instanceof PyList list) {
      return list.items();
    }
    if (value instanceof PyTuple tuple) {
      return tuple.items();
    }
    return value instanceof PySet set ? set.items() : null;
  }

  /**
   * The type of a value that becomes one field; null if it tells none, as {@code None} and empty
   * containers do, or if it is nothing that becomes one.
   */
  static @Nullable FieldType typeOf(Object value) {
    if (value instanceof TensorValue tensor) {
      return new TensorType(tensor.dtype(), null);
    }
    if (value instanceof ListValue list) {
      return new ListType(list.element());
    }
    return primitiveOf(value);
  }

  private static @Nullable Primitive primitiveOf(Object value) {
    if (value instanceof Long) {
      return Primitive.INT64;
    }
    if (value instanceof String || value instanceof TorchConstant) {
      return Primitive.STRING;
    }
    if (value instanceof Double) {
      return Primitive.FLOAT64;
    }
    if (value instanceof Boolean) {
      return Primitive.BOOLEAN;
    }
    if (value instanceof BigInteger) {
      return Primitive.BIG_INTEGER;
    }
    if (value instanceof Bytes) {
      return Primitive.BYTES;
    }
    if (value instanceof JsonValue) {
      return Primitive.JSON;
    }
    return value instanceof NumpyScalar scalar ? primitiveOf(scalar.dtype()) : null;
  }

  private static Primitive primitiveOf(DType dtype) {
    return switch (dtype) {
      case BOOL -> Primitive.BOOLEAN;
      case INT8 -> Primitive.INT8;
      case INT16 -> Primitive.INT16;
      case INT32 -> Primitive.INT32;
      case INT64 -> Primitive.INT64;
      case UINT8 -> Primitive.UINT8;
      case UINT16 -> Primitive.UINT16;
      case UINT32 -> Primitive.UINT32;
      case UINT64 -> Primitive.UINT64;
      case FLOAT16 -> Primitive.FLOAT16;
      case FLOAT32 -> Primitive.FLOAT32;
      case FLOAT64 -> Primitive.FLOAT64;
      default -> throw new IllegalArgumentException("Not a dtype of a NumPy scalar: " + dtype);
    };
  }

  /** What a value is, for messages. */
  static String describe(Object value) {
    FieldType type = typeOf(value);
    if (type != null) {
      return type.toString();
    }
    if (value instanceof PyNone || value instanceof EmptyValue) {
      return value.toString();
    }
    if (value instanceof PyDict) {
      return "a dict";
    }
    return elementsOf(value) != null ? "a list" : "a " + value.getClass().getSimpleName();
  }
}
