// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/**
 * Understands conditions on shard and epoch as what they select: comparisons with literals, IN,
 * AND, OR and NOT.
 */
final class SelectionFilter {

  /** The sides of a comparison, exchanged. */
  private static final Map<FunctionDefinition, FunctionDefinition> MIRRORED =
      Map.of(
          BuiltInFunctionDefinitions.LESS_THAN, BuiltInFunctionDefinitions.GREATER_THAN,
          BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL,
              BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL,
          BuiltInFunctionDefinitions.GREATER_THAN, BuiltInFunctionDefinitions.LESS_THAN,
          BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL,
              BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL);

  private final Map<String, MetadataColumn> columns;

  /**
   * @param columns the table's columns that are metadata, by their names
   */
  SelectionFilter(Map<String, MetadataColumn> columns) {
    this.columns = Map.copyOf(columns);
  }

  /** Exactly what a condition selects; null if it cannot be said so. */
  @Nullable ScanSelection of(ResolvedExpression condition) {
    if (!(condition instanceof CallExpression call)) {
      return null;
    }
    FunctionDefinition function = call.getFunctionDefinition();
    List<ResolvedExpression> arguments = call.getResolvedChildren();
    if (function == BuiltInFunctionDefinitions.AND) {
      return combined(arguments, ScanSelection::and);
    }
    if (function == BuiltInFunctionDefinitions.OR) {
      return combined(arguments, SelectionFilter::or);
    }
    if (function == BuiltInFunctionDefinitions.NOT) {
      return not(of(arguments.get(0)));
    }
    if (function == BuiltInFunctionDefinitions.IN) {
      return in(arguments);
    }
    return arguments.size() == 2 ? compared(function, arguments.get(0), arguments.get(1)) : null;
  }

  private @Nullable ScanSelection combined(
      List<ResolvedExpression> conditions, BinaryOperator<@Nullable ScanSelection> operator) {
    ScanSelection all = of(conditions.get(0));
    for (ResolvedExpression condition : conditions.subList(1, conditions.size())) {
      ScanSelection next = of(condition);
      all = all == null || next == null ? null : operator.apply(all, next);
    }
    return all;
  }

  private static @Nullable ScanSelection or(ScanSelection left, ScanSelection right) {
    if (isOfShards(left) && isOfShards(right)) {
      return ofShards(left.shards().or(right.shards()));
    }
    return isOfEpochs(left) && isOfEpochs(right)
        ? ofEpochs(left.epochs().or(right.epochs()))
        : null;
  }

  private static @Nullable ScanSelection not(@Nullable ScanSelection selection) {
    if (selection == null) {
      return null;
    }
    if (isOfShards(selection)) {
      return ofShards(selection.shards().not());
    }
    return isOfEpochs(selection) ? ofEpochs(selection.epochs().not()) : null;
  }

  private @Nullable ScanSelection in(List<ResolvedExpression> arguments) {
    ScanSelection any = null;
    for (ResolvedExpression value : arguments.subList(1, arguments.size())) {
      ScanSelection one = compared(BuiltInFunctionDefinitions.EQUALS, arguments.get(0), value);
      if (one == null) {
        return null;
      }
      any = any == null ? one : or(any, one);
    }
    return any;
  }

  private @Nullable ScanSelection compared(
      FunctionDefinition function, ResolvedExpression left, ResolvedExpression right) {
    if (left instanceof ValueLiteralExpression) {
      return right instanceof ValueLiteralExpression
          ? null
          : compared(MIRRORED.getOrDefault(function, function), right, left);
    }
    MetadataColumn column = columnOf(left);
    if (column == null || !(right instanceof ValueLiteralExpression literal) || literal.isNull()) {
      return null;
    }
    return switch (column) {
      case SHARD -> shards(function, literal);
      case EPOCH -> epochs(function, literal);
      default -> null;
    };
  }

  /** The metadata that an expression is, be it cast to what holds all of its values. */
  private @Nullable MetadataColumn columnOf(ResolvedExpression expression) {
    if (expression instanceof FieldReferenceExpression field) {
      return columns.get(field.getName());
    }
    if (expression instanceof CallExpression call
        && call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST) {
      MetadataColumn column = columnOf(call.getResolvedChildren().get(0));
      LogicalType target = call.getOutputDataType().getLogicalType();
      return column != null && keepsEveryValue(column.type().getLogicalType(), target)
          ? column
          : null;
    }
    return null;
  }

  private static boolean keepsEveryValue(LogicalType type, LogicalType target) {
    return type.copy(true).equals(target.copy(true))
        || (type.is(LogicalTypeRoot.INTEGER) && target.is(LogicalTypeRoot.BIGINT));
  }

  private static @Nullable ScanSelection shards(
      FunctionDefinition function, ValueLiteralExpression literal) {
    ShardNames named = literal.getValueAs(String.class).map(ShardNames::only).orElse(null);
    if (named == null) {
      return null;
    }
    if (function == BuiltInFunctionDefinitions.EQUALS) {
      return ofShards(named);
    }
    return function == BuiltInFunctionDefinitions.NOT_EQUALS ? ofShards(named.not()) : null;
  }

  private static @Nullable ScanSelection epochs(
      FunctionDefinition function, ValueLiteralExpression literal) {
    Number number = literal.getValueAs(Number.class).orElse(null);
    boolean whole =
        number instanceof Integer
            || number instanceof Long
            || number instanceof Short
            || number instanceof Byte;
    if (number == null || !whole) {
      return null;
    }
    long epoch = number.longValue();
    if (function == BuiltInFunctionDefinitions.EQUALS) {
      return ofEpochs(EpochRanges.between(epoch, epoch));
    }
    if (function == BuiltInFunctionDefinitions.NOT_EQUALS) {
      return ofEpochs(EpochRanges.between(epoch, epoch).not());
    }
    if (function == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL) {
      return ofEpochs(EpochRanges.between(0, epoch));
    }
    if (function == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
      return ofEpochs(EpochRanges.between(epoch, Integer.MAX_VALUE));
    }
    if (function == BuiltInFunctionDefinitions.GREATER_THAN) {
      return ofEpochs(EpochRanges.between(0, epoch).not());
    }
    return function == BuiltInFunctionDefinitions.LESS_THAN
        ? ofEpochs(EpochRanges.between(epoch, Integer.MAX_VALUE).not())
        : null;
  }

  private static boolean isOfShards(ScanSelection selection) {
    return selection.epochs().equals(EpochRanges.ALL);
  }

  private static boolean isOfEpochs(ScanSelection selection) {
    return selection.hasAllShards();
  }

  private static ScanSelection ofShards(ShardNames shards) {
    return new ScanSelection(shards, EpochRanges.ALL, ScanSelection.NO_LIMIT);
  }

  private static ScanSelection ofEpochs(EpochRanges epochs) {
    return new ScanSelection(ShardNames.ALL, epochs, ScanSelection.NO_LIMIT);
  }
}
