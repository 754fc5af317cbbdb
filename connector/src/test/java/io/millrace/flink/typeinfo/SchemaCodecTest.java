// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Schema;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SchemaCodecTest {
  /** Field "x", not nullable, of a type that follows. */
  private static final String ONE_FIELD = "01 01 0278 00 ";

  private static byte[] write(Schema schema) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    SchemaCodec.write(schema, out);
    return out.getCopyOfBuffer();
  }

  private static Schema read(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return SchemaCodec.read(new DataInputDeserializer(bytes));
  }

  private static void assertGolden(Schema schema, String hex) throws IOException {
    assertThat(HexFormat.of().formatHex(write(schema))).isEqualTo(hex.replace(" ", ""));
    assertThat(read(hex)).isEqualTo(schema);
  }

  @Test
  void schemasHaveTheirGoldenBytes() throws IOException {
    assertGolden(Schema.of(), "01 00");
    assertGolden(
        Schema.of(new Field("x", Primitive.INT8, false), new Field("y", Primitive.JSON, true)),
        "01 02 0278 00 00 08494e5438 0279 01 00 084a534f4e");
    FieldType fixed = new TensorType(DType.BOOL, List.of(28L, 300L));
    assertGolden(
        Schema.of(new Field("x", fixed, false)), ONE_FIELD + "01 01 08626f6f6c 01 02 1c ac02");
    assertGolden(
        Schema.of(new Field("x", new ListType(new TensorType(null, null)), false)),
        ONE_FIELD + "02 01 00 00");
  }

  @Test
  void everyTypeSurvives() throws IOException {
    Schema schema = SamplesOfEveryType.SCHEMA;
    assertThat(SchemaCodec.read(new DataInputDeserializer(write(schema)))).isEqualTo(schema);
  }

  @Test
  void deepListsAreRefusedBothWays() throws IOException {
    FieldType type = Primitive.INT8;
    for (int depth = 0; depth < 32; depth++) {
      type = new ListType(type);
    }
    assertGolden(
        Schema.of(new Field("x", type, false)), ONE_FIELD + "02".repeat(32) + "00 08494e5438");
    Schema deeper = Schema.of(new Field("x", new ListType(type), false));
    String message = "Cannot encode lists nested more than 32 deep";
    assertThatThrownBy(() -> write(deeper)).isInstanceOf(IOException.class).hasMessage(message);
    assertUnreadable(ONE_FIELD + "02".repeat(100_000), message);
  }

  @Test
  void whatIsNoSchemaIsRefused() {
    assertUnreadable("02 00", "Cannot read a schema of version 2; known: 1");
    assertUnreadable(ONE_FIELD + "03", "Cannot read a schema: Unknown kind of type 3");
    assertUnreadable(
        ONE_FIELD + "00 02 58",
        "Cannot read a schema: No enum constant io.millrace.sample.FieldType.Primitive.X");
    assertUnreadable(
        ONE_FIELD + "01 00 01 01 ffffffffffffffffff01",
        "Cannot read a schema: Cannot make a tensor type of shape [-1]");
    assertUnreadable(
        "01 02 0278 00 00 08494e5438 0278 00 00 08494e5438",
        "Cannot read a schema: Cannot make a schema with two fields named 'x'");
    assertThatThrownBy(() -> read("01 ffffffff07 0278 00 00 08494e5438"))
        .isInstanceOf(EOFException.class);
  }

  private static void assertUnreadable(String hex, String message) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(IOException.class).hasMessage(message);
  }
}
