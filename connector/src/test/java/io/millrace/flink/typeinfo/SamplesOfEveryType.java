// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

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
import io.millrace.sample.Tensor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A schema with a field of every type, and samples at the edges of all of them. */
final class SamplesOfEveryType {
  private static final BigInteger MAX_UINT64 =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  static final Schema SCHEMA = schema();

  private SamplesOfEveryType() {}

  private static Schema schema() {
    List<Field> fields = new ArrayList<>();
    for (Primitive type : Primitive.values()) {
      fields.add(new Field(type.toString(), type, fields.size() % 2 == 0));
    }
    fields.add(new Field("any", new TensorType(null, null), true));
    fields.add(new Field("bytes2d", new TensorType(DType.UINT8, null), true));
    fields.add(new Field("pair", new TensorType(null, List.of(2L)), true));
    fields.add(new Field("fixed", new TensorType(DType.FLOAT32, List.of(2L, 1L)), false));
    fields.add(new Field("texts", new ListType(Primitive.STRING), true));
    FieldType tensors = new ListType(new TensorType(null, null));
    fields.add(new Field("lists", new ListType(tensors), false));
    return new Schema(fields);
  }

  static Sample[] all() {
    List<Sample> samples = new ArrayList<>();
    samples.add(smallest());
    samples.add(largest());
    samples.add(withNulls());
    for (DType dtype : DType.values()) {
      samples.add(withDType(dtype));
    }
    return samples.toArray(Sample[]::new);
  }

  static Tensor tensor(DType dtype, long... shape) {
    int elements = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
    byte[] bytes = new byte[elements * dtype.byteSize()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0xff - i);
    }
    return new Tensor(dtype, shape, Bytes.wrap(bytes));
  }

  private static Sample smallest() {
    return Sample.checked(
        SCHEMA,
        new SampleMetadata(0, "", 0, 0, 0),
        false,
        Byte.MIN_VALUE,
        Short.MIN_VALUE,
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        (short) 0,
        0,
        0L,
        BigInteger.ZERO,
        MAX_UINT64.negate().pow(9),
        -0f,
        Float.NEGATIVE_INFINITY,
        Double.NaN,
        DecimalValue.parse("-sNaN77"),
        "",
        Bytes.EMPTY,
        "",
        new Image("RGB", 0, 3, Bytes.EMPTY),
        tensor(DType.INT8, 0, 5),
        tensor(DType.UINT8),
        tensor(DType.BOOL, 2),
        tensor(DType.FLOAT32, 2, 1),
        List.of(),
        List.of());
  }

  private static Sample largest() {
    return Sample.checked(
        SCHEMA,
        new SampleMetadata(
            Integer.MAX_VALUE, "dir/shard.00000.mds", Long.MAX_VALUE, Long.MAX_VALUE, 1L << 62),
        true,
        Byte.MAX_VALUE,
        Short.MAX_VALUE,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        (short) 255,
        65535,
        (1L << 32) - 1,
        MAX_UINT64,
        MAX_UINT64.pow(9),
        65504f,
        Float.NaN,
        Double.MAX_VALUE,
        DecimalValue.parse("1E+50"),
        "a\u00e9\u4e2d\ud83d\ude00\u0000",
        Bytes.copyOf(new byte[3000], 100, 2000),
        "\ud800 lone \udfff surrogates \ude00\ud83d",
        new Image("L", 2, 3, Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6})),
        tensor(DType.COMPLEX128, 1, 1, 1, 1, 1, 1, 1, 1, 2),
        tensor(DType.UINT8, 300, 2),
        tensor(DType.FLOAT64, 2),
        tensor(DType.FLOAT32, 2, 1),
        List.of("", "x", "y".repeat(200)),
        List.of(List.of(), List.of(tensor(DType.INT16, 3), tensor(DType.UINT64, 1, 1))));
  }

  private static Sample withNulls() {
    @Nullable Object[] values = new @Nullable Object[SCHEMA.size()];
    Sample full = largest();
    for (int i = 0; i < values.length; i++) {
      values[i] = SCHEMA.field(i).nullable() ? null : full.get(i);
    }
    return Sample.checked(SCHEMA, full.metadata(), values);
  }

  private static Sample withDType(DType dtype) {
    @Nullable Object[] values = new @Nullable Object[SCHEMA.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = largest().get(i);
    }
    values[SCHEMA.indexOf("any")] = tensor(dtype, 2, 3);
    values[SCHEMA.indexOf("pair")] = tensor(dtype, 2);
    values[SCHEMA.indexOf("lists")] = List.of(List.of(tensor(dtype)));
    return Sample.checked(SCHEMA, largest().metadata(), values);
  }
}
