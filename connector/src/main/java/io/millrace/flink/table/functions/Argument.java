// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentTypeStrategy;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a function, which takes values in Flink's internal form and, where it can, of the
 * type that they have, so that nothing is converted before a call.
 *
 * @param description what may be given, in signatures and messages
 * @param choices the texts that may be given, if it is one of some
 * @param whenNull the type that an untyped NULL is taken for; null if it is not acceptable
 * @param acceptance decides on everything else
 */
record Argument(
    String description, List<String> choices, @Nullable DataType whenNull, Acceptance acceptance)
    implements ArgumentTypeStrategy {

  Argument(String description, DataType whenNull, Acceptance acceptance) {
    this(description, List.of(), whenNull, acceptance);
  }

  /** Makes an argument that is one of some texts, in either case, and known at planning time. */
  static Argument literal(String description, List<String> choices) {
    return new Argument(
        description,
        choices,
        null,
        (call, position, given) ->
            text(call, position, given)
                .filter(text -> choices.stream().anyMatch(text::equalsIgnoreCase))
                .map(text -> given.toInternal()));
  }

  /** Makes an argument that is one of some texts, which is seen at once if it is a literal. */
  static Argument text(String description, List<String> choices) {
    return new Argument(
        description,
        choices,
        DataTypes.STRING(),
        (call, position, given) ->
            isText(given) && text(call, position, given).map(choices::contains).orElse(true)
                ? Optional.of(given.toInternal())
                : Optional.empty());
  }

  /** Decides whether an argument may be what it is. */
  interface Acceptance {
    /** Returns the type that the argument is to have, or nothing if it is not acceptable. */
    Optional<DataType> type(CallContext call, int position, DataType given);
  }

  @Override
  public Optional<DataType> inferArgumentType(
      CallContext call, int position, boolean throwOnFailure) {
    DataType given = call.getArgumentDataTypes().get(position);
    if (whenNull != null && given.getLogicalType().is(LogicalTypeRoot.NULL)) {
      return Optional.of(whenNull.toInternal());
    }
    Optional<DataType> type = acceptance.type(call, position, given);
    if (type.isEmpty()) {
      return call.fail(
          throwOnFailure,
          "Argument %s must be %s; it is %s",
          position + 1,
          choices.isEmpty() ? description : description + ", one of " + String.join(", ", choices),
          shown(call, position, given));
    }
    return type;
  }

  private static String shown(CallContext call, int position, DataType given) {
    return text(call, position, given)
        .map(text -> "'" + text + "'")
        .orElseGet(() -> given.getLogicalType().asSummaryString());
  }

  /** Returns the text of a literal; nothing if the argument is something else. */
  private static Optional<String> text(CallContext call, int position, DataType given) {
    return isText(given) && call.isArgumentLiteral(position)
        ? call.getArgumentValue(position, String.class)
        : Optional.empty();
  }

  private static boolean isText(DataType given) {
    return given.getLogicalType().is(LogicalTypeFamily.CHARACTER_STRING);
  }

  @Override
  public Signature.Argument getExpectedArgument(FunctionDefinition definition, int position) {
    return Signature.Argument.of(description);
  }
}
