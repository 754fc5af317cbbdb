// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.DType;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/** {@code TENSOR_CAST(tensor, dtype)}: the same shape with elements of another dtype. */
@Internal
public final class TensorCastFunction extends ScalarFunction {
  static final String NAME = "TENSOR_CAST";

  /** Called by generated code. */
  public @Nullable RowData eval(@Nullable RowData tensor, @Nullable StringData dtype) {
    if (tensor == null || dtype == null) {
      return null;
    }
    try {
      return TensorRow.write(TensorRow.read(NAME, tensor).castTo(DType.of(dtype.toString())));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(2, FunctionTypes.tensor(), FunctionTypes.dtype()),
        call -> FunctionTypes.TENSOR_RESULT);
  }
}
