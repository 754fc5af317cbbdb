// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.ArgumentTypeStrategy;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;

/** Arguments of which the last ones may be left out. */
final class FunctionArguments implements InputTypeStrategy {
  private final int required;
  private final List<ArgumentTypeStrategy> arguments;

  FunctionArguments(int required, ArgumentTypeStrategy... arguments) {
    this.required = required;
    this.arguments = List.of(arguments);
  }

  @Override
  public ArgumentCount getArgumentCount() {
    return ConstantArgumentCount.between(required, arguments.size());
  }

  @Override
  public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
    List<DataType> types = new ArrayList<>();
    for (int i = 0; i < call.getArgumentDataTypes().size(); i++) {
      Optional<DataType> type = arguments.get(i).inferArgumentType(call, i, throwOnFailure);
      if (type.isEmpty()) {
        return Optional.empty();
      }
      types.add(type.get());
    }
    return Optional.of(types);
  }

  @Override
  public List<Signature> getExpectedSignatures(FunctionDefinition definition) {
    List<Signature> signatures = new ArrayList<>();
    for (int count = required; count <= arguments.size(); count++) {
      List<Signature.Argument> signature = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        signature.add(arguments.get(i).getExpectedArgument(definition, i));
      }
      signatures.add(Signature.of(signature));
    }
    return signatures;
  }
}
