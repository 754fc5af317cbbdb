// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SampleAssemblerTest {

  private static final SampleMetadata METADATA = new SampleMetadata(1, "s", 2, 3, 4);

  private static Schema schema(FieldType... types) {
    List<Field> fields = new ArrayList<>();
    for (FieldType type : types) {
      fields.add(new Field("f" + fields.size(), type, true));
    }
    return new Schema(fields);
  }

  @Test
  void integersGetTheClassOfTheirType() {
    Schema schema =
        schema(
            Primitive.INT8,
            Primitive.INT16,
            Primitive.INT32,
            Primitive.INT64,
            Primitive.UINT8,
            Primitive.UINT16,
            Primitive.UINT32,
            Primitive.UINT64,
            Primitive.BIG_INTEGER);
    SampleAssembler assembler = new SampleAssembler(schema);
    long[] given = {-1, -1, -1, -1, 255, 65535, 4294967295L, -1, -1};
    for (int i = 0; i < given.length; i++) {
      assembler.setLong(i, given[i]);
    }
    Object[] expected = {
      (byte) -1,
      (short) -1,
      -1,
      -1L,
      (short) 255,
      65535,
      4294967295L,
      BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
      BigInteger.ONE.negate()
    };
    assertThat(assembler.build(METADATA)).isEqualTo(Sample.checked(schema, METADATA, expected));
  }

  @Test
  void otherValuesAreTakenAsTheyAre() {
    Schema schema =
        schema(
            Primitive.BOOLEAN,
            Primitive.FLOAT16,
            Primitive.FLOAT64,
            Primitive.STRING,
            Primitive.BYTES,
            new FieldType.TensorType(null, null),
            new FieldType.ListType(Primitive.STRING),
            Primitive.JSON);
    SampleAssembler assembler = new SampleAssembler(schema);
    assembler.setBoolean(0, true);
    assembler.setFloat(1, 0.5f);
    assembler.setDouble(2, 0.25);
    assembler.setString(3, "x");
    assembler.setBytes(4, new byte[] {1});
    assembler.setTensor(5, DType.UINT8, new long[] {2}, new byte[] {3, 4});
    assembler.setObject(6, List.of("a"));
    assembler.setString(7, "{}");
    assembler.setNull(7);
    Tensor tensor = new Tensor(DType.UINT8, new long[] {2}, Bytes.wrap(new byte[] {3, 4}));
    assertThat(assembler.build(METADATA))
        .isEqualTo(
            Sample.checked(
                schema,
                METADATA,
                true,
                0.5f,
                0.25,
                "x",
                Bytes.wrap(new byte[] {1}),
                tensor,
                List.of("a"),
                null));
  }

  @Test
  void samplesDoNotShareTheirValues() {
    SampleAssembler assembler = new SampleAssembler(schema(Primitive.INT64));
    assembler.setLong(0, 1);
    Sample first = assembler.build(METADATA);
    Sample second = assembler.build(METADATA);
    assertThat(first.get(0)).isEqualTo(1L);
    assertThat(second.get(0)).isNull();
  }

  @Test
  void anIntegerForAnotherTypeIsRefused() {
    SampleAssembler assembler = new SampleAssembler(schema(Primitive.STRING));
    assertThatThrownBy(() -> assembler.setLong(0, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set field 'f0' (string) to the integer 7");
  }
}
