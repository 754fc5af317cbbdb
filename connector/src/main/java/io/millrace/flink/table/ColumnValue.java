// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.io.Serializable;

/**
 * Makes a decoded value into Flink's internal form of a column's type. Implementations take the
 * kinds of values that the field types they are made for have, and are immutable.
 *
 * <p>All methods throw {@link UnfitValueException} if the column cannot hold the value.
 */
interface ColumnValue extends Serializable {

  default Object ofBoolean(boolean value) {
    throw unexpected("boolean");
  }

  /** A whole number; of an unsigned 64-bit field the raw bits. */
  default Object ofLong(long value) {
    throw unexpected("integer");
  }

  default Object ofFloat(float value) {
    throw unexpected("float");
  }

  default Object ofDouble(double value) {
    throw unexpected("double");
  }

  default Object ofString(String value) {
    throw unexpected("string");
  }

  /** Bytes that belong to the result from now on. */
  default Object ofBytes(byte[] value) {
    throw unexpected("bytes");
  }

  /** A tensor whose arrays belong to the result from now on. */
  default Object ofTensor(DType dtype, long[] shape, byte[] data) {
    throw unexpected("tensor");
  }

  /** A value of another class, as {@link io.millrace.sample.FieldType} names them. */
  default Object ofObject(Object value) {
    throw unexpected(value.getClass().getSimpleName());
  }

  /** An element of a list, in the class that its type names. */
  default Object ofElement(Object value) {
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ofLong(((Number) value).longValue());
    }
    if (value instanceof Long number) {
      return ofLong(number);
    }
    if (value instanceof Boolean bool) {
      return ofBoolean(bool);
    }
    if (value instanceof Float number) {
      return ofFloat(number);
    }
    if (value instanceof Double number) {
      return ofDouble(number);
    }
    if (value instanceof String text) {
      return ofString(text);
    }
    if (value instanceof Bytes bytes) {
      return ofBytes(bytes.toByteArray());
    }
    if (value instanceof Tensor tensor) {
      return ofTensor(tensor.dtype(), tensor.shape(), tensor.data().toByteArray());
    }
    return ofObject(value);
  }

  /** The format handed over another kind of value than the field's type has. */
  private IllegalStateException unexpected(String kind) {
    return new IllegalStateException("Cannot make a " + kind + " into " + this);
  }
}
