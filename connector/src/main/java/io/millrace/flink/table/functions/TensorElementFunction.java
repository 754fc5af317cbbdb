// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Tensor;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/**
 * {@code TENSOR_ELEMENT(tensor, index [, type])}: one element, as DOUBLE or the type named. The
 * index of a tensor of several dimensions is an array. Indexes count from 0; negative ones from the
 * end.
 */
@Internal
public final class TensorElementFunction extends ScalarFunction implements SpecializedFunction {
  static final String NAME = "TENSOR_ELEMENT";

  private final ElementType type;
  private final IntegerArray index;

  /** Makes the function as a module lists it, not yet fit to be called. */
  public TensorElementFunction() {
    this(ElementType.DOUBLE, IntegerArray.BIGINT);
  }

  private TensorElementFunction(ElementType type, IntegerArray index) {
    this.type = type;
    this.index = index;
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    return new TensorElementFunction(
        ElementType.named(context.getCallContext(), 2),
        IntegerArray.of(context.getCallContext(), 1));
  }

  /** Called by generated code. */
  public @Nullable Object eval(@Nullable RowData tensor, @Nullable Long index) {
    return tensor == null || index == null ? null : element(tensor, new long[] {index});
  }

  /** Called by generated code. */
  public @Nullable Object eval(@Nullable RowData tensor, @Nullable ArrayData index) {
    return tensor == null || index == null
        ? null
        : element(tensor, this.index.read(NAME, "index", index));
  }

  /** Called by generated code; the type is known from the literal. */
  public @Nullable Object eval(
      @Nullable RowData tensor, @Nullable Long index, @Nullable StringData type) {
    return eval(tensor, index);
  }

  /** Called by generated code; the type is known from the literal. */
  public @Nullable Object eval(
      @Nullable RowData tensor, @Nullable ArrayData index, @Nullable StringData type) {
    return eval(tensor, index);
  }

  private Object element(RowData row, long[] index) {
    Tensor tensor = TensorRow.read(NAME, row);
    if (index.length != tensor.rank()) {
      throw FunctionFailure.of(
          NAME,
          "An element of " + tensor + " has " + tensor.rank() + " indexes, not " + index.length);
    }
    long[] from = new long[index.length];
    long[] to = new long[index.length];
    for (int i = 0; i < index.length; i++) {
      long size = tensor.dimension(i);
      from[i] = index[i] < 0 ? index[i] + size : index[i];
      to[i] = from[i] + 1;
      if (from[i] < 0 || from[i] >= size) {
        throw FunctionFailure.of(NAME, tensor + " has no element " + Arrays.toString(index));
      }
    }
    try {
      return type.element(tensor.slice(from, to));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(
            2, FunctionTypes.tensor(), FunctionTypes.indexes(), FunctionTypes.elementType()),
        call -> ElementType.named(call, 2).type());
  }
}
