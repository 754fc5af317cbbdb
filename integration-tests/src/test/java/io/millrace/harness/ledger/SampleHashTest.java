// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Image;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SampleHashTest {

  /** Pairs of neighbours are easily taken for each other. */
  private static final List<@Nullable Object> DIFFERENT =
      Arrays.asList(
          null,
          false,
          true,
          (byte) 1,
          (short) 1,
          1,
          1L,
          BigInteger.ONE,
          1f,
          1d,
          0f,
          -0f,
          0d,
          -0d,
          Float.NaN,
          Float.intBitsToFloat(0x7fc00001),
          Double.NaN,
          "",
          "1",
          "ab",
          DecimalValue.parse("1"),
          DecimalValue.parse("1.0"),
          Bytes.EMPTY,
          bytes(1),
          bytes(1, 0),
          new Image("L", 2, 1, bytes(1, 2)),
          new Image("L", 1, 2, bytes(1, 2)),
          new Image("P", 1, 2, bytes(1, 2)),
          new Tensor(DType.UINT8, new long[] {2}, bytes(1, 2)),
          new Tensor(DType.INT8, new long[] {2}, bytes(1, 2)),
          new Tensor(DType.UINT8, new long[] {2, 1}, bytes(1, 2)),
          new Tensor(DType.UINT8, new long[] {1, 2}, bytes(1, 2)),
          List.of(),
          List.of(List.of()),
          List.of(1L, 2L),
          List.of(List.of(1L), 2L),
          List.of("a", "b"),
          List.of("ab"));

  private static Bytes bytes(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return Bytes.wrap(array);
  }

  private static Map<String, @Nullable Object> field(String name, @Nullable Object value) {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put(name, value);
    return fields;
  }

  @Test
  void differsForEveryDifferentValue() {
    assertThat(DIFFERENT.stream().map(value -> SampleHash.of(field("f", value))))
        .doesNotHaveDuplicates()
        .allMatch(hash -> hash.matches("[0-9a-f]{32}"));
  }

  @Test
  void differsWithNamesAndBordersOfFields() {
    Map<String, String> forwards = new LinkedHashMap<>();
    forwards.put("a", "x");
    forwards.put("b", "x");
    Map<String, String> backwards = new LinkedHashMap<>();
    backwards.put("b", "x");
    backwards.put("a", "x");
    assertThat(
            List.of(
                SampleHash.of(Map.of()),
                SampleHash.of(Map.of("ab", "c")),
                SampleHash.of(Map.of("a", "bc")),
                SampleHash.of(forwards),
                SampleHash.of(backwards)))
        .doesNotHaveDuplicates();
  }

  @Test
  void isTheSameForASampleAndItsFieldsWhereverItLies() {
    Schema schema =
        Schema.of(
            new Field("id", Primitive.INT64, false), new Field("text", Primitive.STRING, true));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", 7L);
    fields.put("text", null);
    Sample here = Sample.of(schema, new SampleMetadata(0, "a", 1, 2, 3), 7L, null);
    Sample there = Sample.of(schema, new SampleMetadata(4, "b", 5, 6, 7), 7L, null);

    assertThat(SampleHash.of(here))
        .isEqualTo(SampleHash.of(there))
        .isEqualTo(SampleHash.of(fields));
  }

  /** Ledgers are compared over JVMs, and a savepoint's over versions of the harness. */
  @Test
  void staysWhatItIs() {
    assertThat(SampleHash.of(Map.of("id", 7L))).isEqualTo("f70e20781520f2762f7bbd91ebb459b5");
  }

  @Test
  void refusesWhatNoSampleHolds() {
    assertThatThrownBy(() -> SampleHash.of(Map.of("f", 'c')))
        .hasMessage("Cannot hash a java.lang.Character: no sample has such a value");
  }
}
