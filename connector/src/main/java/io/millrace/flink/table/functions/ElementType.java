// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;

/** A SQL type that elements of a tensor can have in an array, and the dtype that it is. */
enum ElementType {
  BOOLEAN(DType.BOOL),
  TINYINT(DType.INT8),
  SMALLINT(DType.INT16),
  INT(DType.INT32),
  BIGINT(DType.INT64),
  FLOAT(DType.FLOAT32),
  DOUBLE(DType.FLOAT64);

  private final DType dtype;

  ElementType(DType dtype) {
    this.dtype = dtype;
  }

  /** Returns the type of a name in either case. */
  static Optional<ElementType> of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(type -> type.name().equals(upper)).findFirst();
  }

  /** Returns what elements of a SQL type become; decimals, such as literals are, become doubles. */
  static Optional<ElementType> of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> Optional.of(BOOLEAN);
      case TINYINT -> Optional.of(TINYINT);
      case SMALLINT -> Optional.of(SMALLINT);
      case INTEGER -> Optional.of(INT);
      case BIGINT -> Optional.of(BIGINT);
      case FLOAT -> Optional.of(FLOAT);
      case DOUBLE, DECIMAL -> Optional.of(DOUBLE);
      default -> Optional.empty();
    };
  }

  /** Returns the type that a call names with a literal, or DOUBLE if it names none. */
  static ElementType named(CallContext call, int position) {
    if (call.getArgumentDataTypes().size() <= position) {
      return DOUBLE;
    }
    return call.getArgumentValue(position, String.class).flatMap(ElementType::of).orElse(DOUBLE);
  }

  /** Returns the SQL type, without null. */
  DataType type() {
    DataType type =
        switch (this) {
          case BOOLEAN -> DataTypes.BOOLEAN();
          case TINYINT -> DataTypes.TINYINT();
          case SMALLINT -> DataTypes.SMALLINT();
          case INT -> DataTypes.INT();
          case BIGINT -> DataTypes.BIGINT();
          case FLOAT -> DataTypes.FLOAT();
          case DOUBLE -> DataTypes.DOUBLE();
        };
    return type.notNull();
  }

  /** Returns the only element of a tensor, in Flink's internal form. */
  Object element(Tensor single) {
    Tensor cast = single.castTo(dtype);
    return switch (this) {
      case BOOLEAN -> cast.getLong(0) != 0;
      case TINYINT -> (byte) cast.getLong(0);
      case SMALLINT -> (short) cast.getLong(0);
      case INT -> (int) cast.getLong(0);
      case BIGINT -> cast.getLong(0);
      case FLOAT -> cast.asFloatBuffer().get(0);
      case DOUBLE -> cast.getDouble(0);
    };
  }

  /** Returns all elements, in C order. */
  ArrayData array(Tensor tensor) {
    Tensor cast = tensor.castTo(dtype);
    int size = (int) cast.elementCount();
    switch (this) {
      case BOOLEAN -> {
        boolean[] booleans = new boolean[size];
        for (int i = 0; i < size; i++) {
          booleans[i] = cast.data().byteAt(i) != 0;
        }
        return new GenericArrayData(booleans);
      }
      case TINYINT -> {
        return new GenericArrayData(cast.data().toByteArray());
      }
      case SMALLINT -> {
        short[] shorts = new short[size];
        cast.asShortBuffer().get(shorts);
        return new GenericArrayData(shorts);
      }
      case INT -> {
        int[] ints = new int[size];
        cast.asIntBuffer().get(ints);
        return new GenericArrayData(ints);
      }
      case BIGINT -> {
        return new GenericArrayData(cast.toLongArray());
      }
      case FLOAT -> {
        float[] floats = new float[size];
        cast.asFloatBuffer().get(floats);
        return new GenericArrayData(floats);
      }
      default -> {
        return new GenericArrayData(cast.toDoubleArray());
      }
    }
  }

  /**
   * Makes a tensor of one dimension.
   *
   * @param array without nulls
   * @param elements the SQL type of its elements, one that becomes this type
   * @throws IllegalArgumentException if the array is too large for a tensor
   */
  Tensor tensor(ArrayData array, LogicalType elements) {
    long size = (long) array.size() * dtype.byteSize();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot make a tensor of " + array.size() + " elements of " + dtype);
    }
    byte[] bytes = new byte[(int) size];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    switch (this) {
      case BOOLEAN -> {
        for (boolean element : array.toBooleanArray()) {
          out.put((byte) (element ? 1 : 0));
        }
      }
      case TINYINT -> out.put(array.toByteArray());
      case SMALLINT -> out.asShortBuffer().put(array.toShortArray());
      case INT -> out.asIntBuffer().put(array.toIntArray());
      case BIGINT -> out.asLongBuffer().put(array.toLongArray());
      case FLOAT -> out.asFloatBuffer().put(array.toFloatArray());
      case DOUBLE -> out.asDoubleBuffer().put(doubles(array, elements));
    }
    return new Tensor(dtype, new long[] {array.size()}, Bytes.wrap(bytes));
  }

  private static double[] doubles(ArrayData array, LogicalType elements) {
    if (!(elements instanceof DecimalType decimal)) {
      return array.toDoubleArray();
    }
    double[] doubles = new double[array.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] =
          array
              .getDecimal(i, decimal.getPrecision(), decimal.getScale())
              .toBigDecimal()
              .doubleValue();
    }
    return doubles;
  }
}
