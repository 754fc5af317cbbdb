// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import static io.millrace.flink.table.functions.Tensors.bytes;
import static io.millrace.flink.table.functions.Tensors.floats;
import static io.millrace.flink.table.functions.Tensors.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.TableRuntimeException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TensorFunctionsTest {
  private static final Tensor MATRIX = floats(shape(2, 3), 0, 1, 2, 3, 4, 5);
  private static final DataType INTS = DataTypes.ARRAY(DataTypes.INT());
  private static final DataType LONGS = DataTypes.ARRAY(DataTypes.BIGINT());

  private static TestingCall shapeOf() {
    return TestingCall.of(new TensorShapeFunction());
  }

  private static TestingCall element() {
    return TestingCall.of(new TensorElementFunction());
  }

  private static TestingCall slice() {
    return TestingCall.of(new TensorSliceFunction());
  }

  private static TestingCall toArray() {
    return TestingCall.of(new TensorToArrayFunction());
  }

  private static TestingCall fromArray() {
    return TestingCall.of(new TensorFromArrayFunction());
  }

  private static TestingCall cast() {
    return TestingCall.of(new TensorCastFunction());
  }

  private static GenericArrayData ints(int... values) {
    return new GenericArrayData(values);
  }

  @Test
  void shapeIsAnArray() throws Exception {
    assertThat(shapeOf().with(MATRIX).array().toLongArray()).containsExactly(2, 3);
    assertThat(shapeOf().with(floats(shape(), 7)).array().size()).isZero();
    assertThat(shapeOf().with(MATRIX).resultType()).hasToString("ARRAY<BIGINT NOT NULL>");
    assertThat(shapeOf().with(TensorRow.TYPE.notNull(), TensorRow.write(MATRIX)).resultType())
        .hasToString("ARRAY<BIGINT NOT NULL> NOT NULL");
  }

  @Test
  void elementIsADoubleOrOfTheTypeNamed() throws Exception {
    assertThat(element().with(MATRIX).with(INTS, ints(1, 0)).result()).isEqualTo(3.0);
    assertThat(element().with(MATRIX).with(INTS, ints(-1, -3)).result()).isEqualTo(3.0);
    assertThat(element().with(floats(shape(2), 7, 8)).with(DataTypes.BIGINT(), -1L).result())
        .isEqualTo(8.0);
    assertThat(element().with(floats(shape(), 7)).with(INTS, ints()).result()).isEqualTo(7.0);
    assertThat(typed("TINYINT")).isEqualTo((byte) 3);
    assertThat(typed("smallint")).isEqualTo((short) 3);
    assertThat(typed("INT")).isEqualTo(3);
    assertThat(typed("BIGINT")).isEqualTo(3L);
    assertThat(typed("FLOAT")).isEqualTo(3f);
    assertThat(typed("DOUBLE")).isEqualTo(3.0);
    assertThat(typed("BOOLEAN")).isEqualTo(true);
    assertThat(element().with(MATRIX).with(INTS, ints(1, 0)).resultType()).hasToString("DOUBLE");
    assertThat(element().with(MATRIX).with(INTS, ints(1, 0)).literal("int").resultType())
        .hasToString("INT");
  }

  private static Object typed(String type) throws Exception {
    return element().with(MATRIX).with(INTS, ints(1, 0)).literal(type).result();
  }

  @Test
  void indexesMayBeIntegersOfAnySize() throws Exception {
    assertThat(
            element()
                .with(MATRIX)
                .with(DataTypes.ARRAY(DataTypes.TINYINT()), new GenericArrayData(new byte[] {1, 0}))
                .result())
        .isEqualTo(3.0);
    assertThat(
            element()
                .with(MATRIX)
                .with(
                    DataTypes.ARRAY(DataTypes.SMALLINT()), new GenericArrayData(new short[] {1, 0}))
                .result())
        .isEqualTo(3.0);
    assertThat(element().with(MATRIX).with(LONGS, new GenericArrayData(new long[] {1, 0})).result())
        .isEqualTo(3.0);
  }

  @Test
  void anElementThatIsNotThereIsAnError() {
    fails(
        element().with(MATRIX).with(INTS, ints(1, 3)),
        "TENSOR_ELEMENT: tensor<float32>[2,3] has no element [1, 3]");
    fails(
        element().with(MATRIX).with(INTS, ints(-3, 0)),
        "TENSOR_ELEMENT: tensor<float32>[2,3] has no element [-3, 0]");
    fails(
        element().with(MATRIX).with(DataTypes.BIGINT(), 1L),
        "TENSOR_ELEMENT: An element of tensor<float32>[2,3] has 2 indexes, not 1");
    fails(
        element().with(MATRIX).with(INTS, new GenericArrayData(new Integer[] {1, null})),
        "TENSOR_ELEMENT: Element 1 of the index is null");
    fails(
        element().with(floats(shape(1), 300)).with(DataTypes.BIGINT(), 0L).literal("TINYINT"),
        "TENSOR_ELEMENT: Cannot cast tensor<float32>[1] to int8: element 0 is 300.0");
  }

  @Test
  void sliceIsWhatPythonsIs() throws Exception {
    assertThat(slice().with(MATRIX).with(INTS, ints(0, 1)).with(INTS, ints(2, 2)).tensor())
        .isEqualTo(floats(shape(2, 1), 1, 4));
    assertThat(slice().with(MATRIX).with(INTS, ints(-1)).with(INTS, ints(99)).tensor())
        .isEqualTo(floats(shape(1, 3), 3, 4, 5));
    assertThat(sliced(1, 2)).isEqualTo(floats(shape(1, 3), 3, 4, 5));
    assertThat(sliced(0, -1)).isEqualTo(floats(shape(1, 3), 0, 1, 2));
    assertThat(sliced(-99, 99)).isEqualTo(MATRIX);
    assertThat(sliced(1, 0)).isEqualTo(floats(shape(0, 3)));
    assertThat(sliced(7, 9)).isEqualTo(floats(shape(0, 3)));
    assertThat(sliced(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(MATRIX);
    assertThat(slice().with(MATRIX).with(DataTypes.BIGINT(), 1L).with(INTS, ints(2)).tensor())
        .isEqualTo(floats(shape(1, 3), 3, 4, 5));
    assertThat(slice().with(MATRIX).with(INTS, ints(0)).with(DataTypes.BIGINT(), 1L).tensor())
        .isEqualTo(floats(shape(1, 3), 0, 1, 2));
    assertThat(slice().with(MATRIX).with(INTS, ints()).with(INTS, ints()).resultType())
        .hasToString("ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>");
  }

  private static Tensor sliced(long from, long to) throws Exception {
    return slice()
        .with(MATRIX)
        .with(DataTypes.BIGINT(), from)
        .with(DataTypes.BIGINT(), to)
        .tensor();
  }

  @Test
  void aSliceOfMoreDimensionsThanThereAreIsAnError() {
    fails(
        slice().with(MATRIX).with(INTS, ints(0, 0, 0)).with(INTS, ints(1, 1, 1)),
        "TENSOR_SLICE: tensor<float32>[2,3] has no slice of 3 starts and 3 ends");
    fails(
        slice().with(MATRIX).with(INTS, ints(0)).with(INTS, ints(1, 1)),
        "TENSOR_SLICE: tensor<float32>[2,3] has no slice of 1 starts and 2 ends");
  }

  @Test
  void toArrayConverts() throws Exception {
    Tensor tensor = bytes(shape(3), 0, 1, 200);
    assertThat(toArray().with(tensor).array().toDoubleArray()).containsExactly(0, 1, 200);
    assertThat(toArray().with(tensor).literal("BOOLEAN").array().toBooleanArray())
        .containsExactly(false, true, true);
    assertThat(toArray().with(tensor).literal("SMALLINT").array().toShortArray())
        .containsExactly((short) 0, (short) 1, (short) 200);
    assertThat(toArray().with(tensor).literal("INT").array().toIntArray())
        .containsExactly(0, 1, 200);
    assertThat(toArray().with(tensor).literal("BIGINT").array().toLongArray())
        .containsExactly(0, 1, 200);
    assertThat(toArray().with(tensor).literal("FLOAT").array().toFloatArray())
        .containsExactly(0, 1, 200);
    assertThat(toArray().with(bytes(shape(2), 5, 127)).literal("TINYINT").array().toByteArray())
        .containsExactly(5, 127);
    assertThat(toArray().with(tensor).resultType()).hasToString("ARRAY<DOUBLE NOT NULL>");
    assertThat(toArray().with(tensor).literal("float").resultType())
        .hasToString("ARRAY<FLOAT NOT NULL>");
    fails(
        toArray().with(tensor).literal("TINYINT"),
        "TENSOR_TO_ARRAY: Cannot cast tensor<uint8>[3] to int8: element 2 is 200");
  }

  @Test
  void fromArrayTakesTheDtypeOfTheElements() throws Exception {
    assertThat(made(DataTypes.BOOLEAN(), new boolean[] {true, false}).toLongArray())
        .containsExactly(1, 0);
    assertThat(dtype(DataTypes.BOOLEAN(), new boolean[1])).isEqualTo(DType.BOOL);
    assertThat(dtype(DataTypes.TINYINT(), new byte[1])).isEqualTo(DType.INT8);
    assertThat(dtype(DataTypes.SMALLINT(), new short[1])).isEqualTo(DType.INT16);
    assertThat(dtype(DataTypes.INT(), new int[1])).isEqualTo(DType.INT32);
    assertThat(dtype(DataTypes.BIGINT(), new long[1])).isEqualTo(DType.INT64);
    assertThat(dtype(DataTypes.FLOAT(), new float[1])).isEqualTo(DType.FLOAT32);
    assertThat(dtype(DataTypes.DOUBLE(), new double[1])).isEqualTo(DType.FLOAT64);
    assertThat(made(DataTypes.SMALLINT(), new short[] {-2, 300}).toLongArray())
        .containsExactly(-2, 300);
    assertThat(made(DataTypes.TINYINT(), new byte[] {-2}).toLongArray()).containsExactly(-2);
    assertThat(made(DataTypes.INT(), new int[] {-2}).toLongArray()).containsExactly(-2);
    assertThat(made(DataTypes.BIGINT(), new long[] {-2}).toLongArray()).containsExactly(-2);
    assertThat(made(DataTypes.FLOAT(), new float[] {0.1f}).toFloatArray()).containsExactly(0.1f);
    assertThat(made(DataTypes.DOUBLE(), new double[] {0.1}).toDoubleArray()).containsExactly(0.1);
    assertThat(made(DataTypes.INT(), new int[0]).shape()).containsExactly(0);
    Object[] decimals = {DecimalData.fromBigDecimal(new BigDecimal("1.25"), 3, 2)};
    assertThat(
            fromArray()
                .with(DataTypes.ARRAY(DataTypes.DECIMAL(3, 2)), new GenericArrayData(decimals))
                .tensor()
                .toDoubleArray())
        .containsExactly(1.25);
  }

  private static DType dtype(DataType elements, Object array) throws Exception {
    return made(elements, array).dtype();
  }

  private static Tensor made(DataType elements, Object array) throws Exception {
    GenericArrayData data =
        GenericArrayData.class.getConstructor(array.getClass()).newInstance(array);
    return fromArray().with(DataTypes.ARRAY(elements), data).tensor();
  }

  @Test
  void fromArrayCastsAndShapes() throws Exception {
    assertThat(
            fromArray()
                .with(INTS, ints(1, 2, 3, 4))
                .literal("uint8")
                .with(LONGS, new GenericArrayData(new long[] {2, 2}))
                .tensor())
        .isEqualTo(bytes(shape(2, 2), 1, 2, 3, 4));
    assertThat(fromArray().with(INTS, ints(1, 2)).literal("uint8").tensor())
        .isEqualTo(bytes(shape(2), 1, 2));
    fails(
        fromArray().with(INTS, ints(1, 256)).literal("uint8"),
        "TENSOR_FROM_ARRAY: Cannot cast tensor<int32>[2] to uint8: element 1 is 256");
    fails(
        fromArray().with(INTS, ints(1, 2, 3)).literal("uint8").with(INTS, ints(2, 2)),
        "TENSOR_FROM_ARRAY: Cannot make a tensor of uint8[2,2] from 3 bytes");
    fails(
        fromArray().with(INTS, new GenericArrayData(new Integer[] {1, null})),
        "TENSOR_FROM_ARRAY: Element 1 of the array is null");
  }

  @Test
  void castConvertsAndKeepsTheShape() throws Exception {
    assertThat(cast().with(MATRIX).literal("float16").tensor())
        .isEqualTo(MATRIX.castTo(DType.FLOAT16));
    assertThat(
            cast().with(MATRIX).with(DataTypes.STRING(), StringData.fromString("uint8")).tensor())
        .isEqualTo(bytes(shape(2, 3), 0, 1, 2, 3, 4, 5));
    fails(
        cast().with(floats(shape(2), 1, 300)).literal("int8"),
        "TENSOR_CAST: Cannot cast tensor<float32>[2] to int8: element 1 is 300.0");
    fails(
        cast().with(MATRIX).with(DataTypes.STRING(), StringData.fromString("float12")),
        "TENSOR_CAST: Unknown dtype 'float12'; known: bool, uint8,");
  }

  @Test
  void nullInIsNullOut() throws Exception {
    DataType bigint = DataTypes.BIGINT();
    assertThat(shapeOf().with(null).result()).isNull();
    assertThat(element().with(null).with(bigint, 0L).result()).isNull();
    assertThat(element().with(MATRIX).with(INTS, null).result()).isNull();
    assertThat(element().with(MATRIX).with(bigint, null).literal("INT").result()).isNull();
    assertThat(slice().with(null).with(bigint, 0L).with(bigint, 1L).result()).isNull();
    assertThat(slice().with(MATRIX).with(bigint, null).with(bigint, 1L).result()).isNull();
    assertThat(slice().with(MATRIX).with(INTS, ints(0)).with(INTS, null).result()).isNull();
    assertThat(slice().with(MATRIX).with(bigint, null).with(INTS, ints(0)).result()).isNull();
    assertThat(slice().with(MATRIX).with(INTS, null).with(bigint, 1L).result()).isNull();
    assertThat(toArray().with(null).result()).isNull();
    assertThat(fromArray().with(INTS, null).result()).isNull();
    assertThat(fromArray().with(INTS, ints(1)).with(DataTypes.STRING(), null).result()).isNull();
    assertThat(fromArray().with(INTS, ints(1)).literal("int8").with(INTS, null).result()).isNull();
    assertThat(cast().with(null).literal("int8").result()).isNull();
    assertThat(cast().with(MATRIX).with(DataTypes.STRING(), null).result()).isNull();
    assertThat(shapeOf().with(DataTypes.NULL(), null).resultType())
        .hasToString("ARRAY<BIGINT NOT NULL>");
  }

  @Test
  void aRowThatIsNoTensorIsAnError() {
    StringData dtype = StringData.fromString("int8");
    GenericArrayData shape = new GenericArrayData(new long[] {2});
    rowFails(GenericRowData.of(null, shape, new byte[2]), "The tensor's dtype is null");
    rowFails(GenericRowData.of(dtype, null, new byte[2]), "The tensor's shape is null");
    rowFails(GenericRowData.of(dtype, shape, null), "The tensor's data is null");
    rowFails(
        GenericRowData.of(dtype, new GenericArrayData(new Long[] {2L, null}), new byte[2]),
        "Dimension 1 of the tensor's shape is null");
    rowFails(
        GenericRowData.of(dtype, shape, new byte[3]),
        "Cannot make a tensor of int8[2] from 3 bytes");
    rowFails(
        GenericRowData.of(dtype, new GenericArrayData(new long[1_000_000]), new byte[0]),
        "The tensor has 1000000 dimensions, more than 64");
    rowFails(
        GenericRowData.of(dtype, new GenericArrayData(new long[] {1L << 62, 4}), new byte[0]),
        "Cannot make a tensor of int8[4611686018427387904,4] from 0 bytes");
    rowFails(
        GenericRowData.of(StringData.fromString("int9"), shape, new byte[2]),
        "Unknown dtype 'int9'; known: ");
  }

  private static void rowFails(GenericRowData row, String reason) {
    fails(shapeOf().with(TensorRow.TYPE, row), "TENSOR_SHAPE: " + reason);
  }

  private static void fails(TestingCall call, String message) {
    assertThatThrownBy(call::result)
        .isInstanceOf(TableRuntimeException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void anyRowOfThreeFittingFieldsIsATensor() throws Exception {
    DataType other =
        DataTypes.ROW(
            DataTypes.FIELD("a", DataTypes.VARCHAR(9).notNull()),
            DataTypes.FIELD("b", DataTypes.ARRAY(DataTypes.BIGINT().notNull())),
            DataTypes.FIELD("c", DataTypes.BINARY(24)));
    assertThat(shapeOf().with(other, TensorRow.write(MATRIX)).array().toLongArray())
        .containsExactly(2, 3);
  }

  @Test
  void wrongArgumentsAreRefusedWhenAQueryIsPlanned() {
    refused(
        shapeOf().with(DataTypes.INT(), 1),
        "Argument 1 must be a tensor, ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>; "
            + "it is INT");
    refused(
        element().with(MATRIX).literal("x"),
        "Argument 2 must be an integer or an array of integers; it is 'x'");
    refused(
        element().with(MATRIX).with(DataTypes.ARRAY(DataTypes.FLOAT()), null),
        "Argument 2 must be an integer or an array of integers; it is ARRAY<FLOAT>");
    refused(
        toArray().with(MATRIX).literal("STRING"),
        "Argument 2 must be a literal that names a type, one of BOOLEAN, TINYINT, SMALLINT, INT, "
            + "BIGINT, FLOAT, DOUBLE; it is 'STRING'");
    refused(
        toArray().with(MATRIX).with(DataTypes.STRING(), StringData.fromString("INT")),
        "Argument 2 must be a literal that names a type, one of BOOLEAN, TINYINT, SMALLINT, INT, "
            + "BIGINT, FLOAT, DOUBLE; it is STRING");
    refused(
        cast().with(MATRIX).literal("float12"),
        "Argument 2 must be the name of a dtype, one of bool, uint8, int8, uint16, int16, uint32, "
            + "int32, uint64, int64, float16, bfloat16, float8_e4m3fn, float8_e5m2, "
            + "float8_e4m3fnuz, float8_e5m2fnuz, float32, float64, complex32, complex64, "
            + "complex128; it is 'float12'");
    refused(
        cast().with(MATRIX).with(DataTypes.INT(), 1), "Argument 2 must be the name of a dtype,");
    refused(
        fromArray().with(DataTypes.ARRAY(DataTypes.STRING()), null),
        "Argument 1 must be an array of numbers or booleans; it is ARRAY<STRING>");
    refused(
        fromArray().with(INTS, ints(1)).literal("int8").with(DataTypes.INT(), 1),
        "Argument 3 must be an array of integers; it is INT");
    refused(
        toArray().with(MATRIX).with(DataTypes.NULL(), null),
        "Argument 2 must be a literal that names a type,");
  }

  private static void refused(TestingCall call, String message) {
    assertThatThrownBy(call::resultType).hasMessageStartingWith(message);
  }

  @Test
  void theModuleHasThemInEitherCase() {
    MillraceModule module = new MillraceModule();
    assertThat(module.listFunctions())
        .isEqualTo(
            Set.of(
                "TENSOR_SHAPE",
                "TENSOR_ELEMENT",
                "TENSOR_SLICE",
                "TENSOR_TO_ARRAY",
                "TENSOR_FROM_ARRAY",
                "TENSOR_CAST",
                "IMAGE_TO_TENSOR"));
    for (String name : List.of("tensor_cast", "TENSOR_CAST", "Tensor_Cast")) {
      assertThat(module.getFunctionDefinition(name)).containsInstanceOf(TensorCastFunction.class);
    }
    assertThat(module.getFunctionDefinition("tensor_reshape")).isEmpty();
  }
}
