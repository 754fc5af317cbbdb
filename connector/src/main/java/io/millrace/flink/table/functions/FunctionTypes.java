// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** The arguments that functions of this package have in common, and how their types are found. */
final class FunctionTypes {

  static final DataType TENSOR_RESULT = TensorRow.TYPE.notNull().toInternal();

  private FunctionTypes() {}

  /** A function whose result is null if an argument is. */
  static TypeInference inference(
      FunctionArguments arguments, Function<CallContext, DataType> result) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(arguments)
        .outputTypeStrategy(TypeStrategies.nullableIfArgs(call -> Optional.of(result.apply(call))))
        .build();
  }

  /** A tensor; the names of the row's fields don't matter. */
  static Argument tensor() {
    return new Argument(
        "a tensor, " + TensorRow.TYPE.getLogicalType().asSummaryString(),
        TensorRow.TYPE,
        (call, position, given) ->
            isTensor(given.getLogicalType()) ? Optional.of(given.toInternal()) : Optional.empty());
  }

  private static boolean isTensor(LogicalType type) {
    if (!type.is(LogicalTypeRoot.ROW) || type.getChildren().size() != TensorRow.FIELDS) {
      return false;
    }
    List<LogicalType> fields = type.getChildren();
    return fields.get(0).is(LogicalTypeFamily.CHARACTER_STRING)
        && fields.get(1) instanceof ArrayType shape
        && shape.getElementType().is(LogicalTypeRoot.BIGINT)
        && fields.get(2).is(LogicalTypeFamily.BINARY_STRING);
  }

  /** An array of integers of any size. */
  static Argument integers() {
    return new Argument(
        "an array of integers",
        DataTypes.ARRAY(DataTypes.BIGINT()),
        (call, position, given) -> integers(given));
  }

  /** An integer, or an array of integers of any size. */
  static Argument indexes() {
    return new Argument(
        "an integer or an array of integers",
        DataTypes.BIGINT(),
        (call, position, given) ->
            isInteger(given.getLogicalType()) ? Optional.of(bigint(given)) : integers(given));
  }

  private static Optional<DataType> integers(DataType given) {
    return given.getLogicalType() instanceof ArrayType array && isInteger(array.getElementType())
        ? Optional.of(given.toInternal())
        : Optional.empty();
  }

  /** An integer, widened by Flink. */
  static Argument integer() {
    return new Argument(
        "an integer",
        DataTypes.BIGINT(),
        (call, position, given) ->
            isInteger(given.getLogicalType()) ? Optional.of(bigint(given)) : Optional.empty());
  }

  private static boolean isInteger(LogicalType type) {
    return type.is(LogicalTypeFamily.INTEGER_NUMERIC);
  }

  private static DataType bigint(DataType given) {
    return given.getLogicalType().isNullable() ? DataTypes.BIGINT() : DataTypes.BIGINT().notNull();
  }

  /** An array of what a tensor can hold. */
  static Argument numbers() {
    return new Argument(
        "an array of numbers or booleans",
        DataTypes.ARRAY(DataTypes.DOUBLE()),
        (call, position, given) ->
            given.getLogicalType() instanceof ArrayType array
                    && ElementType.of(array.getElementType()).isPresent()
                ? Optional.of(given.toInternal())
                : Optional.empty());
  }

  /** The name of a dtype. */
  static Argument dtype() {
    return Argument.text(
        "the name of a dtype", Arrays.stream(DType.values()).map(DType::label).toList());
  }

  /** The SQL type of elements. */
  static Argument elementType() {
    return Argument.literal(
        "a literal that names a type",
        Arrays.stream(ElementType.values()).map(Enum::name).toList());
  }

  /** The channels of an image. */
  static Argument imageMode() {
    return Argument.literal(
        "a literal that names a mode", Arrays.stream(ImageMode.values()).map(Enum::name).toList());
  }

  /** The bytes of an image. */
  static Argument bytes() {
    return new Argument(
        "BYTES",
        DataTypes.BYTES(),
        (call, position, given) ->
            given.getLogicalType().is(LogicalTypeFamily.BINARY_STRING)
                ? Optional.of(given.toInternal())
                : Optional.empty());
  }
}
