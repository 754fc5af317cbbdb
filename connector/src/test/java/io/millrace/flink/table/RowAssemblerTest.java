// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

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
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.TableRuntimeException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class RowAssemblerTest {

  private static final SampleMetadata SAMPLE = new SampleMetadata(3, "shard.7", 12, 345, 678);
  private static final FieldType TENSOR = new TensorType(null, null);

  /** What one value of a field becomes in a column. */
  private static Object read(FieldType type, DataType declared, Consumer<RowAssembler> value) {
    ColumnValue column = ColumnTypes.valueOf(type, declared.getLogicalType());
    assertThat(column).as("%s as %s", type, declared).isNotNull();
    RowAssembler assembler = assembler(type, List.of(new RowColumn("c", "f", column, true)));
    value.accept(assembler);
    return ((GenericRowData) assembler.build(SAMPLE)).getField(0);
  }

  private static RowAssembler assembler(FieldType type, List<RowColumn> columns) {
    return new RowAssembler(
        Schema.of(new Field("f", type, true)), columns, Arrays.asList(MetadataColumn.values()));
  }

  private static Object readDefault(FieldType type, Consumer<RowAssembler> value) {
    return read(type, ColumnTypes.of(type), value);
  }

  @Test
  void integersHaveTheClassOfTheirColumn() {
    assertThat(readDefault(Primitive.INT8, row -> row.setLong(0, -7))).isEqualTo((byte) -7);
    assertThat(readDefault(Primitive.UINT8, row -> row.setLong(0, 200))).isEqualTo((short) 200);
    assertThat(readDefault(Primitive.UINT16, row -> row.setLong(0, 65535))).isEqualTo(65535);
    assertThat(readDefault(Primitive.UINT32, row -> row.setLong(0, 4294967295L)))
        .isEqualTo(4294967295L);
    assertThat(readDefault(Primitive.UINT64, row -> row.setLong(0, -1)))
        .isEqualTo(DecimalData.fromBigDecimal(new BigDecimal("18446744073709551615"), 20, 0));
    assertThat(read(Primitive.INT64, DataTypes.DECIMAL(21, 2), row -> row.setLong(0, -1)))
        .isEqualTo(DecimalData.fromBigDecimal(new BigDecimal("-1.00"), 21, 2));
    assertThat(read(Primitive.UINT32, DataTypes.DOUBLE(), row -> row.setLong(0, 4294967295L)))
        .isEqualTo(4294967295.0);
    assertThat(read(Primitive.INT16, DataTypes.FLOAT(), row -> row.setLong(0, -3))).isEqualTo(-3f);
  }

  @Test
  void floatsOnlyGetWider() {
    assertThat(readDefault(Primitive.FLOAT16, row -> row.setFloat(0, 0.5f))).isEqualTo(0.5f);
    assertThat(read(Primitive.FLOAT32, DataTypes.DOUBLE(), row -> row.setFloat(0, 0.1f)))
        .isEqualTo((double) 0.1f);
    assertThat(readDefault(Primitive.FLOAT64, row -> row.setDouble(0, Double.NaN)))
        .isEqualTo(Double.NaN);
  }

  @Test
  void textBytesAndBooleansAreThemselves() {
    byte[] bytes = {1, 2};
    assertThat(readDefault(Primitive.BYTES, row -> row.setBytes(0, bytes))).isSameAs(bytes);
    assertThat(readDefault(Primitive.JSON, row -> row.setString(0, "{\"ä\":1}")))
        .isEqualTo(StringData.fromString("{\"ä\":1}"));
    assertThat(readDefault(Primitive.BOOLEAN, row -> row.setBoolean(0, true))).isEqualTo(true);
  }

  private static Object decimal(String text, DataType declared) {
    return read(Primitive.DECIMAL, declared, row -> row.setObject(0, DecimalValue.parse(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 1.50",
    "-0, 0.00",
    "0E+1000000000, 0.00",
    "1E+2, 100.00",
    "99.990000, 99.99",
    "-12.3, -12.30"
  })
  void decimalsThatFitAreExact(String text, String expected) {
    assertThat(decimal(text, DataTypes.DECIMAL(5, 2)))
        .isEqualTo(DecimalData.fromBigDecimal(new BigDecimal(expected), 5, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "1000",
    "0.001",
    "1.234",
    "NaN",
    "-Infinity",
    "1E+1999999999",
    "1E-1999999999",
    "9999.99"
  })
  void decimalsThatDoNotFitAreAnErrorThatNamesTheSampleAndTheFix(String text) {
    assertThatThrownBy(() -> decimal(text, DataTypes.DECIMAL(5, 2)))
        .isInstanceOf(TableRuntimeException.class)
        .hasMessageStartingWith("Cannot read sample 12 of shard shard.7 in epoch 3: column `c`: ")
        .hasMessageEndingWith(
            " does not fit DECIMAL(5, 2) exactly: declare it as STRING or as a wider DECIMAL");
    assertThat(decimal(text, DataTypes.STRING())).isEqualTo(StringData.fromString(text));
  }

  @Test
  void wholeNumbersOfAnySize() {
    BigInteger large = BigInteger.TEN.pow(40);
    assertThat(
            read(
                Primitive.BIG_INTEGER, DataTypes.BIGINT(), row -> row.setObject(0, BigInteger.TWO)))
        .isEqualTo(2L);
    assertThat(read(Primitive.BIG_INTEGER, DataTypes.STRING(), row -> row.setObject(0, large)))
        .isEqualTo(StringData.fromString(large.toString()));
    assertThatThrownBy(
            () -> read(Primitive.BIG_INTEGER, DataTypes.BIGINT(), row -> row.setObject(0, large)))
        .hasMessageEndingWith(
            large + " does not fit BIGINT: declare it as DECIMAL(38, 0) or STRING");
    assertThatThrownBy(() -> readDefault(Primitive.BIG_INTEGER, row -> row.setObject(0, large)))
        .hasMessageContaining(large + " does not fit DECIMAL(38, 0)");
  }

  private static final byte[] INT16 = {1, 0, -1, -1};

  private static Object tensor(DataType declared, DType dtype, byte[] data) {
    long[] shape = {data.length / dtype.byteSize()};
    return read(TENSOR, declared, row -> row.setTensor(0, dtype, shape, data));
  }

  @Test
  void aTensorIsARowItsDataOrItsElements() {
    assertThat(tensor(ColumnTypes.of(TENSOR), DType.INT16, INT16))
        .isEqualTo(
            GenericRowData.of(
                StringData.fromString("int16"), new GenericArrayData(new long[] {2}), INT16));
    assertThat(tensor(DataTypes.BYTES(), DType.INT16, INT16)).isSameAs(INT16);
    assertThat(tensor(DataTypes.ARRAY(DataTypes.SMALLINT()), DType.INT16, INT16))
        .isEqualTo(new GenericArrayData(new short[] {1, -1}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.INT()), DType.INT16, INT16))
        .isEqualTo(new GenericArrayData(new int[] {1, -1}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.INT()), DType.INT32, INT16))
        .isEqualTo(new GenericArrayData(new int[] {-65535}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.BIGINT()), DType.UINT16, INT16))
        .isEqualTo(new GenericArrayData(new long[] {1, 65535}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.FLOAT()), DType.UINT8, INT16))
        .isEqualTo(new GenericArrayData(new float[] {1, 0, 255, 255}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.DOUBLE()), DType.FLOAT16, new byte[] {0, 0x3c}))
        .isEqualTo(new GenericArrayData(new double[] {1}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.TINYINT()), DType.INT8, INT16))
        .isEqualTo(new GenericArrayData(new byte[] {1, 0, -1, -1}));
    assertThat(tensor(DataTypes.ARRAY(DataTypes.BOOLEAN()), DType.BOOL, new byte[] {0, 1, 2}))
        .isEqualTo(new GenericArrayData(new boolean[] {false, true, true}));
  }

  @Test
  void aTensorOfAnOpenTypeIsCheckedWhenItIsRead() {
    assertThatThrownBy(() -> tensor(DataTypes.ARRAY(DataTypes.TINYINT()), DType.INT16, INT16))
        .hasMessageEndingWith(
            "column `c`: tensor<int16>[2] does not fit ARRAY<TINYINT>: declare the column as"
                + " ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>");
    byte[] large = {0, 0, 0, 0, 0, 0, 0, -128};
    assertThatThrownBy(() -> tensor(DataTypes.ARRAY(DataTypes.BIGINT()), DType.UINT64, large))
        .hasMessageContaining("9223372036854775808, which BIGINT cannot hold");
  }

  @Test
  void imagesAndListsHaveTheirParts() {
    Image image = new Image("L", 2, 1, Bytes.wrap(new byte[] {5, 6}));
    assertThat(readDefault(Primitive.IMAGE, row -> row.setObject(0, image)))
        .isEqualTo(GenericRowData.of(StringData.fromString("L"), 2, 1, new byte[] {5, 6}));
    assertThat(
            readDefault(new ListType(Primitive.INT16), row -> row.setObject(0, List.of((short) 1))))
        .isEqualTo(new GenericArrayData(new Object[] {(short) 1}));
    assertThat(
            readDefault(
                new ListType(new ListType(Primitive.STRING)),
                row -> row.setObject(0, List.of(List.of("a"), List.of()))))
        .isEqualTo(
            new GenericArrayData(
                new Object[] {
                  new GenericArrayData(new Object[] {StringData.fromString("a")}),
                  new GenericArrayData(new Object[0])
                }));
  }

  @Test
  void metadataStandsBehindTheColumnsAndNothingIsLeftOfTheRowBefore() {
    RowColumn column = new RowColumn("c", "f", PlainValue.STRING, true);
    RowAssembler assembler = assembler(Primitive.STRING, List.of(column));
    assembler.setString(0, "x");
    RowData first = assembler.build(SAMPLE);
    assembler.setNull(0);
    RowData second = assembler.build(SAMPLE);

    Object[] metadata = {3, StringData.fromString("shard.7"), 12L, 345L, 678L};
    List<Object> expected = new ArrayList<>(List.of(StringData.fromString("x")));
    expected.addAll(List.of(metadata));
    assertThat(first).isEqualTo(GenericRowData.of(expected.toArray()));
    expected.set(0, null);
    assertThat(second).isEqualTo(GenericRowData.of(expected.toArray()));
  }

  @Test
  void aColumnThatMustHaveAValueIsCheckedForIt() {
    RowColumn column = new RowColumn("c", "f", PlainValue.STRING, false);
    RowAssembler assembler = assembler(Primitive.STRING, List.of(column));
    assembler.setNull(0);
    assertThatThrownBy(() -> assembler.build(SAMPLE))
        .hasMessage(
            "Cannot read sample 12 of shard shard.7 in epoch 3: column `c` is declared NOT NULL,"
                + " but the sample has no value: declare it without");
    assembler.setString(0, "there again");
    assertThat(assembler.build(SAMPLE).isNullAt(0)).isFalse();
  }

  @Test
  void oneFieldMakesSeveralColumns() {
    RowValue row = (RowValue) ColumnTypes.valueOf(TENSOR, ColumnTypes.of(TENSOR).getLogicalType());
    RowColumn whole = new RowColumn("t", "f", row, true);
    RowAssembler assembler =
        assembler(
            TENSOR, List.of(whole.part(new int[] {0, 2}), whole, whole.part(new int[] {0, 1})));
    assembler.setTensor(0, DType.INT16, new long[] {2}, INT16);
    GenericRowData built = (GenericRowData) assembler.build(SAMPLE);
    assertThat(built.getField(0)).isSameAs(INT16);
    assertThat(built.getRow(1, 3).getString(0)).hasToString("int16");
    assertThat(built.getArray(2).toLongArray()).containsExactly(2);
  }
}
