// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.DType;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class ColumnTypesTest {

  private static final String TENSOR = "ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>";
  private static final String IMAGE = "ROW<`mode` STRING, `width` INT, `height` INT, `data` BYTES>";

  private static LogicalType sql(String type) {
    return LogicalTypeParser.parse(
        type.replace("STRING", "VARCHAR(2147483647)").replace("BYTES", "VARBINARY(2147483647)"),
        ColumnTypesTest.class.getClassLoader());
  }

  /** {@code int8}, {@code list int8}, {@code tensor uint8}, {@code tensor ?}. */
  private static FieldType field(String text) {
    String[] words = text.split(" ", -1);
    return switch (words[0]) {
      case "list" -> new ListType(field(text.substring(5)));
      case "tensor" ->
          new TensorType(words[1].equals("?") ? null : DType.of(words[1]), List.of(2L, 3L));
      default -> Primitive.valueOf(words[0].toUpperCase(Locale.ROOT));
    };
  }

  private static boolean fits(String field, String declared) {
    return ColumnTypes.valueOf(field(field), sql(declared)) != null;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          boolean      | BOOLEAN
          int8         | TINYINT
          uint8        | SMALLINT
          int16        | SMALLINT
          uint16       | INT
          int32        | INT
          uint32       | BIGINT
          int64        | BIGINT
          uint64       | DECIMAL(20, 0)
          big_integer  | DECIMAL(38, 0)
          float16      | FLOAT
          float32      | FLOAT
          float64      | DOUBLE
          decimal      | DECIMAL(38, 18)
          string       | STRING
          json         | STRING
          bytes        | BYTES
          list int64   | ARRAY<BIGINT>
          """)
  void aFieldHasItsSqlNamesake(String field, String expected) {
    assertThat(ColumnTypes.of(field(field)).getLogicalType()).isEqualTo(sql(expected));
    assertThat(fits(field, expected)).isTrue();
    assertThat(fits(field, expected + " NOT NULL")).isTrue();
  }

  @Test
  void tensorsAndImagesAreRows() {
    assertThat(ColumnTypes.of(field("tensor uint8")).getLogicalType()).isEqualTo(sql(TENSOR));
    assertThat(ColumnTypes.of(Primitive.IMAGE).getLogicalType()).isEqualTo(sql(IMAGE));
    assertThat(ColumnTypes.of(field("list tensor ?")).getLogicalType())
        .isEqualTo(sql("ARRAY<" + TENSOR + ">"));
  }

  @ParameterizedTest
  @EnumSource(Primitive.class)
  void everyTypeTakesItsOwn(Primitive type) {
    assertThat(ColumnTypes.valueOf(type, ColumnTypes.of(type).getLogicalType())).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int8         | SMALLINT
          int8         | BIGINT
          int8         | DECIMAL(3, 0)
          int16        | FLOAT
          uint16       | FLOAT
          int32        | DOUBLE
          uint32       | DOUBLE
          int64        | DECIMAL(21, 2)
          uint64       | DECIMAL(22, 2)
          big_integer  | BIGINT
          big_integer  | DECIMAL(4, 0)
          big_integer  | STRING
          decimal      | DECIMAL(4, 2)
          decimal      | STRING
          float16      | DOUBLE
          list int8    | ARRAY<INT NOT NULL>
          tensor uint8 | BYTES
          tensor uint8 | ARRAY<SMALLINT>
          tensor uint8 | ARRAY<FLOAT>
          tensor int8  | ARRAY<TINYINT>
          tensor bool  | ARRAY<BOOLEAN>
          tensor int64 | ARRAY<DOUBLE>
          tensor uint64 | ARRAY<BIGINT>
          tensor ?     | ARRAY<TINYINT>
          tensor bfloat16 | ARRAY<FLOAT>
          tensor uint8 | ROW<`shape` ARRAY<BIGINT>>
          tensor uint8 | ROW<`data` BYTES, `dtype` STRING>
          image        | BYTES
          """)
  void mayBeDeclaredAsAnotherThatHoldsIt(String field, String declared) {
    assertThat(fits(field, declared)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          boolean      | INT
          uint8        | TINYINT
          int16        | TINYINT
          uint32       | INT
          int64        | INT
          int64        | DOUBLE
          int64        | STRING
          int64        | DECIMAL(18, 0)
          uint64       | BIGINT
          uint64       | DECIMAL(19, 0)
          int32        | FLOAT
          float64      | FLOAT
          float32      | DECIMAL(10, 2)
          string       | VARCHAR(10)
          string       | BYTES
          string       | CHAR(3)
          bytes        | VARBINARY(10)
          bytes        | STRING
          json         | BYTES
          list int8    | ARRAY<STRING>
          list int8    | TINYINT
          tensor uint8 | STRING
          tensor uint8 | ARRAY<TINYINT>
          tensor float32 | ARRAY<BIGINT>
          tensor complex64 | ARRAY<DOUBLE>
          tensor uint8 | ARRAY<BOOLEAN>
          tensor uint8 | ARRAY<ARRAY<SMALLINT>>
          tensor uint8 | ARRAY<STRING>
          tensor uint8 | ROW<`type` STRING>
          tensor uint8 | ROW<`DTYPE` STRING>
          tensor uint8 | ROW<`shape` ARRAY<INT>>
          image        | STRING
          image        | ROW<`width` BIGINT>
          """)
  void isRefusedAsWhatCannotHoldIt(String field, String declared) {
    assertThat(fits(field, declared)).isFalse();
  }

  @Test
  void namesWhatWouldFit() {
    assertThat(ColumnTypes.accepted(field("int64"))).isEqualTo("BIGINT or a wider number type");
    assertThat(ColumnTypes.accepted(field("string"))).isEqualTo("STRING");
    assertThat(ColumnTypes.accepted(field("tensor uint8")))
        .isEqualTo(TENSOR + ", BYTES or an ARRAY of a number type");
    assertThat(ColumnTypes.accepted(field("list bytes"))).isEqualTo("ARRAY of BYTES");
  }
}
