// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Tensor;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/**
 * {@code TENSOR_SLICE(tensor, from, to)}: what Python's {@code tensor[from0:to0, from1:to1]} is.
 * Indexes count from 0, negative ones from the end; what lies beyond an end is cut off; dimensions
 * without indexes stay whole.
 */
@Internal
public final class TensorSliceFunction extends ScalarFunction implements SpecializedFunction {
  static final String NAME = "TENSOR_SLICE";

  private final IntegerArray starts;
  private final IntegerArray ends;

  /** Makes the function as a module lists it, not yet fit to be called. */
  public TensorSliceFunction() {
    this(IntegerArray.BIGINT, IntegerArray.BIGINT);
  }

  private TensorSliceFunction(IntegerArray starts, IntegerArray ends) {
    this.starts = starts;
    this.ends = ends;
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    return new TensorSliceFunction(
        IntegerArray.of(context.getCallContext(), 1), IntegerArray.of(context.getCallContext(), 2));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(@Nullable RowData tensor, @Nullable Long from, @Nullable Long to) {
    return tensor == null || from == null || to == null
        ? null
        : slice(tensor, new long[] {from}, new long[] {to});
  }

  /** Called by generated code. */
  public @Nullable RowData eval(
      @Nullable RowData tensor, @Nullable ArrayData from, @Nullable ArrayData to) {
    return tensor == null || from == null || to == null
        ? null
        : slice(tensor, starts.read(NAME, "start", from), ends.read(NAME, "end", to));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(
      @Nullable RowData tensor, @Nullable Long from, @Nullable ArrayData to) {
    return tensor == null || from == null || to == null
        ? null
        : slice(tensor, new long[] {from}, ends.read(NAME, "end", to));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(
      @Nullable RowData tensor, @Nullable ArrayData from, @Nullable Long to) {
    return tensor == null || from == null || to == null
        ? null
        : slice(tensor, starts.read(NAME, "start", from), new long[] {to});
  }

  private static RowData slice(RowData row, long[] starts, long[] ends) {
    Tensor tensor = TensorRow.read(NAME, row);
    if (starts.length != ends.length || starts.length > tensor.rank()) {
      throw FunctionFailure.of(
          NAME,
          tensor + " has no slice of " + starts.length + " starts and " + ends.length + " ends");
    }
    long[] from = new long[tensor.rank()];
    long[] to = tensor.shape();
    for (int i = 0; i < starts.length; i++) {
      long size = to[i];
      from[i] = inside(starts[i], size);
      to[i] = Math.max(from[i], inside(ends[i], size));
    }
    return TensorRow.write(tensor.slice(from, to));
  }

  private static long inside(long index, long size) {
    return Math.max(0, Math.min(index < 0 ? index + size : index, size));
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(
            3, FunctionTypes.tensor(), FunctionTypes.indexes(), FunctionTypes.indexes()),
        call -> FunctionTypes.TENSOR_RESULT);
  }
}
