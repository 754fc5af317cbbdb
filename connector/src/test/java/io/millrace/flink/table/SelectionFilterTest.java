// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CAST;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LIKE;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SelectionFilterTest {

  private static final SelectionFilter FILTER =
      new SelectionFilter(
          Map.of(
              "e",
              MetadataColumn.EPOCH,
              "shard",
              MetadataColumn.SHARD,
              "sample",
              MetadataColumn.SAMPLE));

  private static final ResolvedExpression EPOCH = column("e", DataTypes.INT());
  private static final ResolvedExpression SHARD = column("shard", DataTypes.STRING());

  private static ResolvedExpression column(String name, DataType type) {
    return new FieldReferenceExpression(name, type, 0, 0);
  }

  private static ResolvedExpression literal(Object value) {
    return new ValueLiteralExpression(value);
  }

  private static ResolvedExpression call(
      BuiltInFunctionDefinition function, ResolvedExpression... arguments) {
    return CallExpression.permanent(function, List.of(arguments), DataTypes.BOOLEAN());
  }

  private static ResolvedExpression cast(ResolvedExpression expression, DataType type) {
    return CallExpression.permanent(CAST, List.of(expression), type);
  }

  private static EpochRanges epochs(ResolvedExpression condition) {
    ScanSelection selection = FILTER.of(condition);
    assertThat(selection).as("%s", condition).isNotNull();
    assertThat(selection.shards()).isEqualTo(ShardNames.ALL);
    assertThat(selection.limit()).isEqualTo(ScanSelection.NO_LIMIT);
    return selection.epochs();
  }

  private static ShardNames shards(ResolvedExpression condition) {
    ScanSelection selection = FILTER.of(condition);
    assertThat(selection).as("%s", condition).isNotNull();
    assertThat(selection.epochs()).isEqualTo(EpochRanges.ALL);
    return selection.shards();
  }

  private static EpochRanges from(long epoch) {
    return EpochRanges.between(epoch, Integer.MAX_VALUE);
  }

  private static EpochRanges until(long epoch) {
    return EpochRanges.between(0, epoch);
  }

  @Test
  void understandsComparisonsOfTheEpochOnBothSides() {
    assertThat(epochs(call(EQUALS, EPOCH, literal(3)))).isEqualTo(EpochRanges.between(3, 3));
    assertThat(epochs(call(EQUALS, literal(3L), EPOCH))).isEqualTo(EpochRanges.between(3, 3));
    assertThat(epochs(call(NOT_EQUALS, EPOCH, literal(3)))).isEqualTo(until(2).or(from(4)));
    assertThat(epochs(call(LESS_THAN, EPOCH, literal(3)))).isEqualTo(until(2));
    assertThat(epochs(call(LESS_THAN, literal(3), EPOCH))).isEqualTo(from(4));
    assertThat(epochs(call(LESS_THAN_OR_EQUAL, EPOCH, literal(3)))).isEqualTo(until(3));
    assertThat(epochs(call(GREATER_THAN, EPOCH, literal(3)))).isEqualTo(from(4));
    assertThat(epochs(call(GREATER_THAN, literal(3), EPOCH))).isEqualTo(until(2));
    assertThat(epochs(call(GREATER_THAN_OR_EQUAL, EPOCH, literal(3)))).isEqualTo(from(3));
    assertThat(epochs(call(GREATER_THAN, EPOCH, literal(Long.MAX_VALUE))).ranges()).isEmpty();
    assertThat(epochs(call(LESS_THAN, EPOCH, literal(Long.MIN_VALUE))).ranges()).isEmpty();
    assertThat(epochs(call(GREATER_THAN, EPOCH, literal(-1)))).isEqualTo(EpochRanges.ALL);
  }

  @Test
  void understandsShards() {
    assertThat(shards(call(EQUALS, SHARD, literal("a")))).isEqualTo(ShardNames.only("a"));
    assertThat(shards(call(NOT_EQUALS, literal("a"), SHARD))).isEqualTo(ShardNames.only("a").not());
    assertThat(shards(call(IN, SHARD, literal("a"), literal("b"))))
        .isEqualTo(ShardNames.only("a").or(ShardNames.only("b")));
    assertThat(shards(call(NOT, call(IN, SHARD, literal("a"), literal("b")))))
        .isEqualTo(ShardNames.only("a").or(ShardNames.only("b")).not());
  }

  @Test
  void combinesThem() {
    ResolvedExpression late = call(GREATER_THAN, EPOCH, literal(3));
    ResolvedExpression first = call(EQUALS, EPOCH, literal(0));
    ResolvedExpression a = call(EQUALS, SHARD, literal("a"));
    assertThat(epochs(call(OR, late, first))).isEqualTo(until(0).or(from(4)));
    assertThat(epochs(call(NOT, call(OR, late, first)))).isEqualTo(EpochRanges.between(1, 3));
    assertThat(FILTER.of(call(AND, late, a, call(LESS_THAN, EPOCH, literal(9)))))
        .isEqualTo(
            new ScanSelection(
                ShardNames.only("a"), EpochRanges.between(4, 8), ScanSelection.NO_LIMIT));
    assertThat(FILTER.of(call(OR, late, a))).isNull();
    assertThat(FILTER.of(call(NOT, call(AND, late, a)))).isNull();
  }

  @Test
  void looksThroughCastsThatKeepEveryValue() {
    ResolvedExpression cast = cast(EPOCH, DataTypes.INT().notNull());
    assertThat(epochs(call(EQUALS, cast, literal(1)))).isEqualTo(EpochRanges.between(1, 1));
    ResolvedExpression text = cast(SHARD, DataTypes.STRING());
    assertThat(shards(call(EQUALS, text, literal("a")))).isEqualTo(ShardNames.only("a"));
    assertThat(FILTER.of(call(EQUALS, cast(EPOCH, DataTypes.TINYINT()), literal(1)))).isNull();
    assertThat(FILTER.of(call(EQUALS, cast(EPOCH, DataTypes.STRING()), literal("1")))).isNull();
    assertThat(FILTER.of(call(EQUALS, cast(SHARD, DataTypes.VARCHAR(3)), literal("abc")))).isNull();
  }

  @Test
  void leavesTheRestToFlink() {
    ResolvedExpression nothing = new ValueLiteralExpression(null, DataTypes.INT());
    List<ResolvedExpression> others =
        List.of(
            EPOCH,
            literal(true),
            call(EQUALS, EPOCH, nothing),
            call(EQUALS, EPOCH, EPOCH),
            call(EQUALS, literal(1), literal(1)),
            call(EQUALS, EPOCH, literal(new BigDecimal("1.5"))),
            call(LESS_THAN, SHARD, literal("a")),
            call(LIKE, SHARD, literal("a%")),
            call(IN, EPOCH, literal(1), EPOCH),
            call(EQUALS, column("sample", DataTypes.BIGINT()), literal(1L)),
            call(EQUALS, column("label", DataTypes.BIGINT()), literal(1L)),
            call(AND, call(EQUALS, EPOCH, literal(1)), EPOCH),
            call(NOT, EPOCH));
    assertThat(others).allMatch(condition -> FILTER.of(condition) == null);
  }
}
