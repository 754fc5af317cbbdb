// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static io.millrace.format.torch.TorchValues.NONE;
import static io.millrace.format.torch.TorchValues.bytes;
import static io.millrace.format.torch.TorchValues.dict;
import static io.millrace.format.torch.TorchValues.list;
import static io.millrace.format.torch.TorchValues.set;
import static io.millrace.format.torch.TorchValues.tensor;
import static io.millrace.format.torch.TorchValues.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.format.BadSampleException;
import io.millrace.format.SampleAssembler;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.storage.ByteChunks;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values on their way from a file into a sample. */
@Tag("unit")
final class ValueConverterTest {

  private static final BigInteger BIG = BigInteger.TWO.pow(70);
  private static final long INEXACT = (1L << 53) + 1;

  /** What a sample's field of a type is for a value in its file. */
  private static @Nullable Object read(Object value, FieldType type) throws FieldException {
    Object found = SampleFields.of(dict("x", value)).get("x");
    Schema schema = Schema.of(new Field("x", type, true));
    @Nullable Object[] values = {ValueConverter.convert("x", found, type, false, new JsonText())};
    SampleAssembler assembler = new SampleAssembler(schema);
    try {
      new TorchShardReader(schema, new Object[][] {values}).read(0, assembler);
    } catch (BadSampleException e) {
      throw new AssertionError(e);
    }
    Sample built = assembler.build(new SampleMetadata(0, "", 0, 0, 0));
    return Sample.checked(schema, built.metadata(), built.get(0)).get(0);
  }

  private static void check(Object value, FieldType type, @Nullable Object expected)
      throws FieldException {
    assertThat(read(value, type)).isEqualTo(expected);
  }

  private static void checkRefused(Object value, FieldType type, String found) {
    assertThatThrownBy(() -> read(value, type))
        .isInstanceOf(FieldException.class)
        .hasMessage("its field \"x\" is " + found + "; " + FieldBinding.HOW_FIELDS_ARE_FOUND);
  }

  @Test
  void scalarsOfTheFieldsType() throws FieldException {
    check(true, Primitive.BOOLEAN, true);
    check(-5, Primitive.INT64, -5L);
    check(BIG, Primitive.BIG_INTEGER, BIG);
    check(0.1, Primitive.FLOAT64, 0.1);
    check("é", Primitive.STRING, "é");
    check(new TorchConstant("torch.int8"), Primitive.STRING, "torch.int8");
    check(bytes(1, 2), Primitive.BYTES, bytes(1, 2));
    check(NONE, Primitive.INT64, null);
    check(NONE, new TensorType(null, null), null);
  }

  @Test
  void scalarsOfNumpy() throws FieldException {
    check(new NumpyScalar(DType.BOOL, false), Primitive.BOOLEAN, false);
    check(new NumpyScalar(DType.INT8, -1L), Primitive.INT8, (byte) -1);
    check(new NumpyScalar(DType.INT16, -1L), Primitive.INT16, (short) -1);
    check(new NumpyScalar(DType.INT32, -1L), Primitive.INT32, -1);
    check(new NumpyScalar(DType.UINT8, 255L), Primitive.UINT8, (short) 255);
    check(new NumpyScalar(DType.UINT16, 65535L), Primitive.UINT16, 65535);
    check(new NumpyScalar(DType.UINT32, 4294967295L), Primitive.UINT32, 4294967295L);
    BigInteger most = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    check(new NumpyScalar(DType.UINT64, most), Primitive.UINT64, most);
    check(new NumpyScalar(DType.FLOAT16, 0.5f), Primitive.FLOAT16, 0.5f);
    check(new NumpyScalar(DType.FLOAT32, 0.1f), Primitive.FLOAT32, 0.1f);
    check(new NumpyScalar(DType.FLOAT64, 0.1), Primitive.FLOAT64, 0.1);
  }

  @Test
  void numbersThatAWiderTypeHoldsExactly() throws FieldException {
    check(5, Primitive.BIG_INTEGER, BigInteger.valueOf(5));
    check(5, Primitive.FLOAT64, 5.0);
    check(1L << 60, Primitive.FLOAT64, (double) (1L << 60));
    check(Long.MIN_VALUE, Primitive.FLOAT64, -0x1p63);
    check(BIG, Primitive.FLOAT64, 0x1p70);
    check(new NumpyScalar(DType.FLOAT32, 0.1f), Primitive.FLOAT64, (double) 0.1f);
    check(new NumpyScalar(DType.FLOAT16, 0.5f), Primitive.FLOAT32, 0.5f);
    check(new NumpyScalar(DType.INT8, 3L), Primitive.INT64, 3L);
    check(127, Primitive.INT8, (byte) 127);
    check(7, Primitive.UINT64, BigInteger.valueOf(7));
  }

  @Test
  void numbersThatTheTypeDoesNotHold() {
    String inexact = ", which cannot hold this value exactly";
    checkRefused(
        INEXACT,
        Primitive.FLOAT64,
        "int64 (9007199254740993), but in the dataset it is float64" + inexact);
    checkRefused(
        Long.MAX_VALUE,
        Primitive.FLOAT64,
        "int64 (9223372036854775807), but in the dataset it is float64" + inexact);
    checkRefused(
        BigInteger.TEN.pow(400),
        Primitive.FLOAT64,
        "big_integer (1" + "0".repeat(400) + "), but in the dataset it is float64" + inexact);
    checkRefused(BIG, Primitive.INT64, "big_integer, but in the dataset it is int64");
    checkRefused(128, Primitive.INT8, "int64, but in the dataset it is int8");
    checkRefused(-1, Primitive.UINT64, "int64, but in the dataset it is uint64");
    checkRefused(1.0, Primitive.INT64, "float64, but in the dataset it is int64");
    checkRefused(0.5, Primitive.FLOAT32, "float64, but in the dataset it is float32");
    checkRefused(
        new NumpyScalar(DType.FLOAT32, 0.5f),
        Primitive.FLOAT16,
        "float32, but in the dataset it is float16");
  }

  @Test
  void otherKindsAreRefused() {
    Object tensor = tensor(DType.FLOAT32, 1);
    checkRefused("5", Primitive.INT64, "string, but in the dataset it is int64");
    checkRefused(true, Primitive.INT64, "boolean, but in the dataset it is int64");
    checkRefused(1, Primitive.BOOLEAN, "int64, but in the dataset it is boolean");
    checkRefused("a", Primitive.BYTES, "string, but in the dataset it is bytes");
    checkRefused(tensor, Primitive.STRING, "tensor<float32>, but in the dataset it is string");
    checkRefused(tensor, Primitive.JSON, "tensor<float32>, but in the dataset it is json");
    checkRefused(bytes(1), Primitive.JSON, "bytes, but in the dataset it is json");
    checkRefused(
        tensor,
        new TensorType(DType.FLOAT16, null),
        "tensor<float32>, but in the dataset it is tensor<float16>");
    checkRefused(1, new ListType(Primitive.INT64), "int64, but in the dataset it is list<int64>");
    checkRefused(list(1), Primitive.INT64, "list<int64>, but in the dataset it is int64");
    checkRefused(list(), Primitive.INT64, "an empty list, but in the dataset it is int64");
    checkRefused(
        dict(),
        new ListType(Primitive.INT64),
        "an empty dict, but in the dataset it is list<int64>");
    checkRefused(
        list(1, NONE), new ListType(Primitive.INT64), "json, but in the dataset it is list<int64>");
    checkRefused(
        list(INEXACT),
        new ListType(Primitive.FLOAT64),
        "list<int64>, but in the dataset it is list<float64>, which cannot hold this value exactly");
  }

  @Test
  void lists() throws FieldException {
    check(list(1, 2), new ListType(Primitive.INT64), List.of(1L, 2L));
    check(tuple("a"), new ListType(Primitive.STRING), List.of("a"));
    check(set(true, false), new ListType(Primitive.BOOLEAN), List.of(true, false));
    check(list(1, BIG), new ListType(Primitive.BIG_INTEGER), List.of(BigInteger.ONE, BIG));
    check(list(1, 2), new ListType(Primitive.FLOAT64), List.of(1.0, 2.0));
    check(list(bytes(1), bytes()), new ListType(Primitive.BYTES), List.of(bytes(1), bytes()));
    check(list(), new ListType(Primitive.INT64), List.of());
    check(list(1, 255), new ListType(Primitive.UINT8), List.of((short) 1, (short) 255));
    check(list(7), new ListType(Primitive.UINT64), List.of(BigInteger.valueOf(7)));
    check(list("a", new TorchConstant("cpu")), new ListType(Primitive.STRING), List.of("a", "cpu"));
  }

  @Test
  void json() throws FieldException {
    check(1, Primitive.JSON, "1");
    check("a\"\n\u2028é", Primitive.JSON, "\"a\\\"\\n\u2028é\"");
    check(true, Primitive.JSON, "true");
    check(0.1, Primitive.JSON, "0.1");
    check(1.0, Primitive.JSON, "1.0");
    check(1e300, Primitive.JSON, "1.0E300");
    check(-0.0, Primitive.JSON, "-0.0");
    check(Double.NaN, Primitive.JSON, "NaN");
    check(Double.NEGATIVE_INFINITY, Primitive.JSON, "-Infinity");
    check(BIG, Primitive.JSON, "1180591620717411303424");
    check(NONE, Primitive.JSON, null);
    check(list(), Primitive.JSON, "[]");
    check(dict(), Primitive.JSON, "{}");
    check(list(1, 2), Primitive.JSON, "[1,2]");
    check(
        list(1, NONE, list(dict("a", tuple(), 3, dict())), new TorchConstant("cpu")),
        Primitive.JSON,
        "[1,null,[{\"a\":[],\"3\":{}}],\"cpu\"]");
    check(
        list(new NumpyScalar(DType.FLOAT32, 0.1f), NONE),
        Primitive.JSON,
        "[0.10000000149011612,null]");
  }

  @Test
  void jsonThatCannotBeWritten() {
    assertThatThrownBy(() -> read(list(dict(1, 2, "1", 3)), Primitive.JSON))
        .isInstanceOf(FieldException.class)
        .hasMessage("its field \"x\" is not usable: two keys of a dict in it have the text \"1\"");
    Object shared = "s".repeat(1 << 16);
    Object[] many = new Object[300];
    java.util.Arrays.fill(many, shared);
    assertThatThrownBy(() -> read(list(list(many), NONE), Primitive.JSON))
        .hasMessage(
            "its field \"x\" is not usable: with it the sample has more than 16777216 characters of JSON text");
  }

  @Test
  void tensorsThatNoArrayCanHoldAreRefused() throws FieldException {
    Object huge =
        TensorViews.all(new Storage(ByteChunks.allocate(0), 0, DType.INT64, 1L << 28, false));
    TensorType tensors = new TensorType(DType.INT64, null);
    String problem =
        "its field \"x\" is not usable: a tensor of 2147483648 bytes takes more than the"
            + " 2147483639 that an array can hold";
    assertThatThrownBy(() -> read(huge, tensors))
        .isInstanceOf(FieldException.class)
        .hasMessage(problem);
    assertThatThrownBy(() -> read(list(tensor(DType.INT64, 1), huge), new ListType(tensors)))
        .isInstanceOf(FieldException.class)
        .hasMessage(problem);
  }

  @Test
  void anEmptyContainerIsNullWhereTheDatasetHasFieldsBelow() throws FieldException {
    assertThat(ValueConverter.convert("x", EmptyValue.DICT, Primitive.INT64, true, new JsonText()))
        .isNull();
    assertThat(ValueConverter.convert("x", EmptyValue.LIST, Primitive.INT64, true, new JsonText()))
        .isNull();
    assertThat(ValueConverter.convert("x", EmptyValue.DICT, Primitive.JSON, true, new JsonText()))
        .isEqualTo("{}");
  }
}
