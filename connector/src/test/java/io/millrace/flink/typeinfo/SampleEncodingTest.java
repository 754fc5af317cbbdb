// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Image;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bytes that {@link SampleSerializer} writes, and what it does with bytes that it did not. */
@Tag("unit")
class SampleEncodingTest {
  private static final SampleMetadata METADATA =
      new SampleMetadata(3, "s.mds", 300, (7L << 32) | 9, 0x0123456789abcdefL);

  /** Epoch, shard, sample, position, key of {@link #METADATA}. */
  private static final String METADATA_HEX =
      "03 0a732e6d6473 ac02 0000000700000009 0123456789abcdef ";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static Schema schema(FieldType type) {
    return Schema.of(new Field("x", type, false));
  }

  private static byte[] write(Sample sample, Schema schema) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    new SampleSerializer(schema).serialize(sample, out);
    return out.getCopyOfBuffer();
  }

  private static Sample read(Schema schema, String valueHex) throws IOException {
    byte[] bytes = hex(METADATA_HEX + valueHex);
    return new SampleSerializer(schema).deserialize(new DataInputDeserializer(bytes));
  }

  private static void assertGolden(FieldType type, Object value, String valueHex)
      throws IOException {
    Sample sample = Sample.checked(schema(type), METADATA, value);
    assertThat(write(sample, schema(type))).isEqualTo(hex(METADATA_HEX + valueHex));
    assertThat(read(schema(type), valueHex)).isEqualTo(sample);
  }

  @Test
  void primitivesHaveTheirGoldenBytes() throws IOException {
    assertGolden(Primitive.BOOLEAN, true, "01");
    assertGolden(Primitive.INT8, (byte) -2, "fe");
    assertGolden(Primitive.UINT8, (short) 254, "fe");
    assertGolden(Primitive.INT16, (short) -2, "fffe");
    assertGolden(Primitive.UINT16, 65534, "fffe");
    assertGolden(Primitive.INT32, -2, "fffffffe");
    assertGolden(Primitive.UINT32, 4294967294L, "fffffffe");
    assertGolden(Primitive.INT64, -2L, "fffffffffffffffe");
    BigInteger large = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.TWO);
    assertGolden(Primitive.UINT64, large, "fffffffffffffffe");
    assertGolden(Primitive.BIG_INTEGER, large, "09 00fffffffffffffffe");
    assertGolden(Primitive.FLOAT16, 1.5f, "3fc00000");
    assertGolden(Primitive.FLOAT32, 1.5f, "3fc00000");
    assertGolden(Primitive.FLOAT64, 1.5, "3ff8000000000000");
    assertGolden(Primitive.DECIMAL, DecimalValue.parse("-0"), "04 2d30");
    assertGolden(Primitive.STRING, "\u00e9", "04 c3a9");
    assertGolden(Primitive.STRING, "\ud800", "05 d800");
    assertGolden(Primitive.JSON, "{}", "04 7b7d");
    assertGolden(Primitive.BYTES, Bytes.wrap(new byte[] {1, 2}), "02 0102");
    Image image = new Image("L", 2, 1, Bytes.wrap(new byte[] {8, 9}));
    assertGolden(Primitive.IMAGE, image, "02 4c 02 01 02 0809");
  }

  @Test
  void tensorsWriteOnlyWhatTheirTypeLeavesOpen() throws IOException {
    var tensor = SamplesOfEveryType.tensor(DType.INT16, 1, 2);
    assertGolden(new TensorType(null, null), tensor, "04 02 01 02 04 fffefdfc");
    assertGolden(new TensorType(DType.INT16, null), tensor, "02 01 02 04 fffefdfc");
    assertGolden(new TensorType(null, List.of(1L, 2L)), tensor, "04 04 fffefdfc");
    assertGolden(new TensorType(DType.INT16, List.of(1L, 2L)), tensor, "04 fffefdfc");
  }

  @Test
  void dtypesKeepTheirCodes() throws IOException {
    String inOrder =
        "bool uint8 int8 uint16 int16 uint32 int32 uint64 int64 float16 bfloat16 float8_e4m3fn "
            + "float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float32 float64 complex32 complex64 "
            + "complex128";
    List<String> labels = List.of(inOrder.split(" ", -1));
    for (DType dtype : DType.values()) {
      String code = HexFormat.of().toHexDigits((byte) labels.indexOf(dtype.label()));
      assertGolden(
          new TensorType(null, null), SamplesOfEveryType.tensor(dtype, 0), code + "01 00 00");
    }
  }

  @Test
  void listsWriteTheirSize() throws IOException {
    FieldType type = new ListType(new ListType(Primitive.UINT8));
    assertGolden(type, List.of(), "00");
    assertGolden(type, List.of(List.of((short) 1), List.of()), "02 01 01 00");
  }

  @Test
  void nullableFieldsTakeABit() throws IOException {
    Field[] fields = new Field[20];
    @Nullable Object[] values = new @Nullable Object[20];
    for (int i = 0; i < fields.length; i++) {
      boolean nullable = i % 2 == 0;
      fields[i] = new Field("f" + i, Primitive.INT8, nullable);
      values[i] = nullable && i != 4 && i != 16 ? null : (byte) i;
    }
    Schema schema = Schema.of(fields);
    Sample sample = Sample.checked(schema, METADATA, values);
    // Fields 4 and 16 are the third and the ninth nullable one of ten.
    String valueHex = "fb 02 01 03 04 05 07 09 0b 0d 0f 10 11 13";
    assertThat(write(sample, schema)).isEqualTo(hex(METADATA_HEX + valueHex));
    assertThat(read(schema, valueHex)).isEqualTo(sample);
  }

  @Test
  void samplesOfAnotherSchemaAreRefused() throws IOException {
    Schema schema = schema(Primitive.INT8);
    Sample other = Sample.of(schema(Primitive.INT16), METADATA, (short) 1);
    assertThatThrownBy(() -> write(other, schema))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot write a sample of schema (x int16): the stream's is (x int8)");
    Sample equal = Sample.of(schema(Primitive.INT8), METADATA, (byte) 1);
    assertThat(write(equal, schema)).isEqualTo(hex(METADATA_HEX + "01"));
  }

  @Test
  void valuesThatAreNotOfTheirTypeAreRefused() {
    assertUnwritable(Primitive.UINT8, (short) 256, "Cannot use 256 (Short) as uint8");
    assertUnwritable(Primitive.INT64, 1, "Cannot use 1 (Integer) as int64");
    assertUnwritable(
        new TensorType(DType.INT8, null),
        SamplesOfEveryType.tensor(DType.BOOL, 1),
        "Cannot use tensor<bool>[1] (Tensor) as tensor<int8>");
    assertUnwritable(new ListType(Primitive.INT8), "x", "Cannot use a String as list<int8>");
    assertUnwritable(
        new ListType(Primitive.INT8),
        Arrays.asList((byte) 1, null),
        "Cannot use a list with a null as list<int8>");
    assertThatThrownBy(
            () ->
                write(
                    Sample.of(schema(Primitive.INT8), METADATA, new @Nullable Object[1]),
                    schema(Primitive.INT8)))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot write field 'x': it is null but not nullable");
  }

  private static void assertUnwritable(FieldType type, Object value, String message) {
    assertThatThrownBy(() -> write(Sample.of(schema(type), METADATA, value), schema(type)))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot write field 'x': " + message);
  }

  @Test
  void hostileSizesEndWithTheInputAndNotWithTheMemory() {
    String huge = "ffffffff07";
    for (FieldType type :
        List.of(
            Primitive.BYTES,
            Primitive.BIG_INTEGER,
            new TensorType(DType.INT8, List.of(1L)),
            new ListType(Primitive.BYTES),
            new ListType(new TensorType(DType.INT8, List.of(0L))))) {
      assertThatThrownBy(() -> read(schema(type), huge + "00".repeat(5000)))
          .isInstanceOf(EOFException.class);
    }
    assertThatThrownBy(() -> read(schema(Primitive.STRING), "feffffff0f 41"))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsNoSampleIsRefusedWithTheFieldsName() {
    String tooLarge = "Cannot read a value of size 2147483648";
    assertUnreadable(Primitive.BYTES, "8080808008", tooLarge);
    assertUnreadable(new ListType(Primitive.BYTES), "8080808008", tooLarge);
    assertUnreadable(
        Primitive.BYTES,
        "ffffffffffffffffff01",
        "Cannot read a value of size 18446744073709551615");
    String tooLong = "Cannot read a number of more than 64 bits";
    assertUnreadable(Primitive.BYTES, "ffffffffffffffffff02", tooLong);
    assertUnreadable(Primitive.BYTES, "80808080808080808080808000", tooLong);
    String field = "Cannot read field 'x': ";
    assertUnreadable(Primitive.BIG_INTEGER, "00", field + "A whole number has no byte");
    assertUnreadable(
        Primitive.DECIMAL,
        "02 78",
        field + "Cannot read 'x' as a decimal: not a form of Python's str(Decimal)");
    assertUnreadable(
        Primitive.IMAGE,
        "02 4c 02 01 01 08",
        field + "Cannot make an image of mode 'L', 2 x 1, from 1 bytes: it needs 2 a row");
    FieldType any = new TensorType(null, null);
    assertUnreadable(any, "14", field + "Unknown dtype code 20");
    assertUnreadable(any, "00 41", field + "A tensor of rank 65 is not possible");
    assertUnreadable(
        any, "01 01 03 01 00", field + "Cannot make a tensor of uint8[3] from 1 bytes");
    assertUnreadable(
        any,
        "01 01 ffffffffffffffffff01 00",
        field + "Cannot make a tensor of uint8[-1] from 0 bytes");
  }

  private static void assertUnreadable(FieldType type, String valueHex, String message) {
    assertThatThrownBy(() -> read(schema(type), valueHex))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void negativeMetadataIsRefused() {
    byte[] bytes = hex("00 00 00 8000000000000000 0000000000000000");
    assertThatThrownBy(
            () -> new SampleSerializer(Schema.of()).deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read a sample: Cannot make metadata with a negative");
  }

  @Test
  void valuesBeyondTheFirstChunkArriveWhole() throws IOException {
    byte[] content = new byte[5_000_001];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * 31) >>> 3);
    }
    Schema schema = schema(Primitive.BYTES);
    Sample sample = Sample.of(schema, METADATA, Bytes.wrap(content));
    Sample copy =
        new SampleSerializer(schema).deserialize(new DataInputDeserializer(write(sample, schema)));
    assertThat(requireNonNull(copy.get(0)).equals(sample.get(0))).isTrue();
  }

  @Test
  void copiesAreTheSameObject() {
    SampleSerializer serializer = new SampleSerializer(schema(Primitive.INT8));
    Sample sample = Sample.of(schema(Primitive.INT8), METADATA, (byte) 1);
    assertThat(serializer.isImmutableType()).isTrue();
    assertThat(serializer.copy(sample)).isSameAs(sample);
    assertThat(serializer.copy(sample, serializer.createInstance())).isSameAs(sample);
    assertThat(serializer.duplicate()).isSameAs(serializer);
  }
}
