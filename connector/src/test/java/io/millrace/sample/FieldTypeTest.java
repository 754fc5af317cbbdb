// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class FieldTypeTest {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private static final Map<Primitive, List<Object>> VALUES =
      Map.ofEntries(
          Map.entry(Primitive.BOOLEAN, List.of(true, false)),
          Map.entry(Primitive.INT8, List.of(Byte.MIN_VALUE, Byte.MAX_VALUE)),
          Map.entry(Primitive.INT16, List.of(Short.MIN_VALUE, Short.MAX_VALUE)),
          Map.entry(Primitive.INT32, List.of(Integer.MIN_VALUE, Integer.MAX_VALUE)),
          Map.entry(Primitive.INT64, List.of(Long.MIN_VALUE, Long.MAX_VALUE)),
          Map.entry(Primitive.UINT8, List.of((short) 0, (short) 255)),
          Map.entry(Primitive.UINT16, List.of(0, 65535)),
          Map.entry(Primitive.UINT32, List.of(0L, 4294967295L)),
          Map.entry(Primitive.UINT64, List.of(BigInteger.ZERO, TWO_TO_64.subtract(BigInteger.ONE))),
          Map.entry(Primitive.BIG_INTEGER, List.of(TWO_TO_64, TWO_TO_64.negate())),
          Map.entry(Primitive.FLOAT16, List.of(Float.NaN)),
          Map.entry(Primitive.FLOAT32, List.of(1f)),
          Map.entry(Primitive.FLOAT64, List.of(1.0)),
          Map.entry(Primitive.DECIMAL, List.of(DecimalValue.parse("1"))),
          Map.entry(Primitive.STRING, List.of("")),
          Map.entry(Primitive.BYTES, List.of(Bytes.EMPTY)),
          Map.entry(Primitive.JSON, List.of("{}")),
          Map.entry(Primitive.IMAGE, List.of(new Image("L", 0, 0, Bytes.EMPTY))));

  @ParameterizedTest
  @EnumSource(Primitive.class)
  void takesItsValuesAndNoOther(Primitive type) {
    for (Object value : VALUES.get(type)) {
      assertThat(type.valueClass()).isEqualTo(value.getClass());
      assertThatCode(() -> type.check(value)).doesNotThrowAnyException();
    }
    Object other = List.of("other");
    assertThatThrownBy(() -> type.check(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use [other] (")
        .hasMessageEndingWith(") as " + type);
  }

  @Test
  void unsignedTypesCheckTheRange() {
    assertRefused(Primitive.UINT8, (short) -1, "Cannot use -1 (Short) as uint8");
    assertRefused(Primitive.UINT8, (short) 256, "Cannot use 256 (Short) as uint8");
    assertRefused(Primitive.UINT16, -1, "Cannot use -1 (Integer) as uint16");
    assertRefused(Primitive.UINT16, 65536, "Cannot use 65536 (Integer) as uint16");
    assertRefused(Primitive.UINT32, -1L, "Cannot use -1 (Long) as uint32");
    assertRefused(Primitive.UINT32, 1L << 32, "Cannot use 4294967296 (Long) as uint32");
    assertRefused(
        Primitive.UINT64, BigInteger.ONE.negate(), "Cannot use -1 (BigInteger) as uint64");
    assertRefused(
        Primitive.UINT64, TWO_TO_64, "Cannot use 18446744073709551616 (BigInteger) as uint64");
  }

  @Test
  void tensorsAreCheckedForWhatIsFixed() {
    Tensor tensor = new Tensor(DType.UINT8, new long[] {1, 2}, Bytes.wrap(new byte[2]));
    for (FieldType type :
        List.of(
            new TensorType(null, null),
            new TensorType(DType.UINT8, null),
            new TensorType(null, List.of(1L, 2L)),
            new TensorType(DType.UINT8, List.of(1L, 2L)))) {
      assertThatCode(() -> type.check(tensor)).doesNotThrowAnyException();
      assertThat(type.valueClass()).isEqualTo(Tensor.class);
    }
    assertRefused(
        new TensorType(DType.INT8, null),
        tensor,
        "Cannot use tensor<uint8>[1,2] (Tensor) as tensor<int8>");
    assertRefused(
        new TensorType(null, List.of(2L)),
        tensor,
        "Cannot use tensor<uint8>[1,2] (Tensor) as tensor<?>[2]");
    assertRefused(
        new TensorType(null, List.of()), "text", "Cannot use text (String) as tensor<?>[]");
  }

  @Test
  void tensorTypesOwnTheirShape() {
    List<Long> shape = new ArrayList<>(List.of(28L, 28L));
    TensorType type = new TensorType(DType.UINT8, shape);
    shape.clear();
    assertThat(type).hasToString("tensor<uint8>[28,28]");
    assertThat(type).isEqualTo(new TensorType(DType.UINT8, List.of(28L, 28L)));
    assertThatThrownBy(() -> new TensorType(null, List.of(3L, -1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a tensor type of shape [3, -1]");
  }

  @Test
  void listsAreCheckedElementByElement() {
    ListType type = new ListType(Primitive.UINT8);
    assertThatCode(() -> type.check(List.of())).doesNotThrowAnyException();
    assertThatCode(() -> type.check(List.of((short) 1))).doesNotThrowAnyException();
    assertRefused(type, List.of((short) 1, (short) 256), "Cannot use 256 (Short) as uint8");
    assertRefused(
        type, Arrays.asList((short) 1, null), "Cannot use a list with a null as list<uint8>");
    assertRefused(type, "text", "Cannot use text (String) as list<uint8>");
    assertThat(new ListType(new ListType(Primitive.IMAGE))).hasToString("list<list<image>>");
  }

  private static void assertRefused(FieldType type, Object value, String message) {
    assertThatThrownBy(() -> type.check(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
