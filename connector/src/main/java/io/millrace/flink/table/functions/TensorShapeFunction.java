// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/** {@code TENSOR_SHAPE(tensor)}: the sizes of the dimensions, after a check of the tensor. */
@Internal
public final class TensorShapeFunction extends ScalarFunction {
  static final String NAME = "TENSOR_SHAPE";

  private static final DataType RESULT =
      DataTypes.ARRAY(DataTypes.BIGINT().notNull()).notNull().toInternal();

  /** Called by generated code. */
  public @Nullable ArrayData eval(@Nullable RowData tensor) {
    return tensor == null ? null : new GenericArrayData(TensorRow.read(NAME, tensor).shape());
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(1, FunctionTypes.tensor()), call -> RESULT);
  }
}
