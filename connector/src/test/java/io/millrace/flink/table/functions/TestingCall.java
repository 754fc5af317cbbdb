// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;

/**
 * A call of a function as a planner makes it: types are inferred, the function is specialised, then
 * its {@code eval} is called.
 */
final class TestingCall implements CallContext, SpecializedFunction.SpecializedContext {

  private final UserDefinedFunction function;
  private final List<DataType> types = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();
  private final List<Boolean> literals = new ArrayList<>();

  private TestingCall(UserDefinedFunction function) {
    this.function = function;
  }

  static TestingCall of(UserDefinedFunction function) {
    return new TestingCall(function);
  }

  TestingCall with(DataType type, Object value) {
    types.add(type);
    values.add(value);
    literals.add(false);
    return this;
  }

  TestingCall with(Tensor tensor) {
    return with(TensorRow.TYPE, tensor == null ? null : TensorRow.write(tensor));
  }

  TestingCall literal(String text) {
    with(DataTypes.CHAR(text.length()).notNull(), StringData.fromString(text));
    literals.set(literals.size() - 1, true);
    return this;
  }

  /** The type of the result, after that of the arguments. */
  DataType resultType() {
    TypeInference inference = function.getTypeInference(null);
    inference.getInputTypeStrategy().inferInputTypes(this, true).orElseThrow();
    return inference.getOutputTypeStrategy().inferType(this).orElseThrow();
  }

  Object result() throws Exception {
    TypeInference inference = function.getTypeInference(null);
    List<DataType> inferred =
        inference.getInputTypeStrategy().inferInputTypes(this, true).orElseThrow();
    UserDefinedFunction called =
        function instanceof SpecializedFunction special ? special.specialize(this) : function;
    Class<?>[] classes = new Class<?>[values.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = inferred.get(i).getConversionClass();
    }
    try {
      return called.getClass().getMethod("eval", classes).invoke(called, values.toArray());
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  /** The result, read back. */
  Tensor tensor() throws Exception {
    RowData row = (RowData) result();
    return new Tensor(
        DType.of(row.getString(0).toString()),
        row.getArray(1).toLongArray(),
        Bytes.wrap(row.getBinary(2)));
  }

  ArrayData array() throws Exception {
    return (ArrayData) result();
  }

  @Override
  public DataTypeFactory getDataTypeFactory() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FunctionDefinition getFunctionDefinition() {
    return function;
  }

  @Override
  public boolean isArgumentLiteral(int position) {
    return literals.get(position);
  }

  @Override
  public boolean isArgumentNull(int position) {
    return literals.get(position) && values.get(position) == null;
  }

  @Override
  public <T> Optional<T> getArgumentValue(int position, Class<T> type) {
    return literals.get(position)
        ? Optional.of(type.cast(values.get(position).toString()))
        : Optional.empty();
  }

  @Override
  public String getName() {
    return "f";
  }

  @Override
  public List<DataType> getArgumentDataTypes() {
    return types;
  }

  @Override
  public Optional<DataType> getOutputDataType() {
    return Optional.empty();
  }

  @Override
  public boolean isGroupedAggregation() {
    return false;
  }

  @Override
  public CallContext getCallContext() {
    return this;
  }

  @Override
  public ReadableConfig getConfiguration() {
    return new Configuration();
  }

  @Override
  public SpecializedFunction.ExpressionEvaluator createEvaluator(
      Expression expression, DataType outputType, DataTypes.Field... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SpecializedFunction.ExpressionEvaluator createEvaluator(
      String expression, DataType outputType, DataTypes.Field... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SpecializedFunction.ExpressionEvaluator createEvaluator(
      BuiltInFunctionDefinition called, DataType outputType, DataType... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ClassLoader getBuiltInClassLoader() {
    return TestingCall.class.getClassLoader();
  }
}
