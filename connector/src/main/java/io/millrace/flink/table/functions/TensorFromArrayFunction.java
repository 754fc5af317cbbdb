// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * {@code TENSOR_FROM_ARRAY(array [, dtype [, shape]])}: a tensor of the array's elements, of the
 * dtype that their SQL type is or of another, of one dimension or of a shape.
 */
@Internal
public final class TensorFromArrayFunction extends ScalarFunction implements SpecializedFunction {
  static final String NAME = "TENSOR_FROM_ARRAY";

  private final LogicalType elements;
  private final ElementType type;
  private final IntegerArray shape;

  /** Makes the function as a module lists it, not yet fit to be called. */
  public TensorFromArrayFunction() {
    this(new DoubleType(), IntegerArray.BIGINT);
  }

  private TensorFromArrayFunction(LogicalType elements, IntegerArray shape) {
    this.elements = elements;
    this.type = ElementType.of(elements).orElseThrow();
    this.shape = shape;
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    LogicalType argument = context.getCallContext().getArgumentDataTypes().get(0).getLogicalType();
    LogicalType found =
        argument instanceof ArrayType array ? array.getElementType() : new DoubleType();
    return new TensorFromArrayFunction(found, IntegerArray.of(context.getCallContext(), 2));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(@Nullable ArrayData array) {
    return array == null ? null : TensorRow.write(tensor(array));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(@Nullable ArrayData array, @Nullable StringData dtype) {
    return array == null || dtype == null ? null : TensorRow.write(tensor(array, dtype));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(
      @Nullable ArrayData array, @Nullable StringData dtype, @Nullable ArrayData shape) {
    if (array == null || dtype == null || shape == null) {
      return null;
    }
    long[] dimensions = this.shape.read(NAME, "shape", shape);
    Tensor flat = tensor(array, dtype);
    try {
      return TensorRow.write(new Tensor(flat.dtype(), dimensions, flat.data()));
    } catch (IllegalArgumentException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  private Tensor tensor(ArrayData array, StringData dtype) {
    try {
      return tensor(array).castTo(DType.of(dtype.toString()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  private Tensor tensor(ArrayData array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.isNullAt(i)) {
        throw FunctionFailure.of(NAME, "Element " + i + " of the array is null");
      }
    }
    try {
      return type.tensor(array, elements);
    } catch (IllegalArgumentException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(
            1, FunctionTypes.numbers(), FunctionTypes.dtype(), FunctionTypes.integers()),
        call -> FunctionTypes.TENSOR_RESULT);
  }
}
