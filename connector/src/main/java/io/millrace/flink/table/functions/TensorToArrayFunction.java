// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
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
 * {@code TENSOR_TO_ARRAY(tensor [, type])}: all elements in C order, as an array of DOUBLE or of
 * the type named; converted as {@code TENSOR_CAST} does.
 */
@Internal
public final class TensorToArrayFunction extends ScalarFunction implements SpecializedFunction {
  static final String NAME = "TENSOR_TO_ARRAY";

  private final ElementType type;

  /** Makes the function as a module lists it, not yet fit to be called. */
  public TensorToArrayFunction() {
    this(ElementType.DOUBLE);
  }

  private TensorToArrayFunction(ElementType type) {
    this.type = type;
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    return new TensorToArrayFunction(ElementType.named(context.getCallContext(), 1));
  }

  /** Called by generated code. */
  public @Nullable ArrayData eval(@Nullable RowData tensor) {
    if (tensor == null) {
      return null;
    }
    try {
      return type.array(TensorRow.read(NAME, tensor));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  /** Called by generated code; the type is known from the literal. */
  public @Nullable ArrayData eval(@Nullable RowData tensor, @Nullable StringData type) {
    return eval(tensor);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(1, FunctionTypes.tensor(), FunctionTypes.elementType()),
        call -> DataTypes.ARRAY(ElementType.named(call, 1).type()).notNull().toInternal());
  }
}
