// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SampleTest {
  private static final SampleMetadata METADATA =
      new SampleMetadata(1, "shard.00000.mds", 17, (3L << 32) + 5, 99);
  private static final Schema SCHEMA =
      Schema.of(
          new Field("label", Primitive.INT64, false),
          new Field("caption", Primitive.STRING, true),
          new Field("tensor", new TensorType(null, null), true));
  private static final Tensor TENSOR =
      new Tensor(DType.UINT8, new long[0], Bytes.wrap(new byte[1]));

  private static Sample single(Primitive type, @Nullable Object value) {
    return Sample.of(Schema.of(new Field("x", type, true)), METADATA, value);
  }

  @Test
  void valuesAreFoundByPlaceAndName() {
    Sample sample = Sample.of(SCHEMA, METADATA, 7L, null, TENSOR);
    assertThat(sample.size()).isEqualTo(3);
    assertThat(sample.schema()).isSameAs(SCHEMA);
    assertThat(sample.metadata()).isSameAs(METADATA);
    assertThat(sample.get(0)).isEqualTo(7L);
    assertThat(sample.get("caption")).isNull();
    assertThat(sample.isNull(1)).isTrue();
    assertThat(sample.isNull("label")).isFalse();
    assertThat(sample.getLong("label")).isEqualTo(7);
    assertThat(sample.getTensor("tensor")).isSameAs(TENSOR);
    assertThatThrownBy(() -> sample.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sample.get("Label"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No field named 'Label'; known: label, caption, tensor");
  }

  @Test
  void ofTakesTheArrayAndCheckedCopiesIt() {
    @Nullable Object[] values = {7L, "a", TENSOR};
    Sample owner = Sample.of(SCHEMA, METADATA, values);
    Sample copy = Sample.checked(SCHEMA, METADATA, values);
    values[0] = 8L;
    assertThat(owner.getLong(0)).isEqualTo(8);
    assertThat(copy.getLong(0)).isEqualTo(7);
  }

  @Test
  void theNumberOfValuesIsChecked() {
    assertThatThrownBy(() -> Sample.of(SCHEMA, METADATA, 7L, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a sample of 2 values for the 3 fields of "
                + "(label int64, caption string?, tensor tensor<?>?)");
  }

  @Test
  void checkedTellsTheFieldThatDoesNotFit() {
    assertThatThrownBy(() -> Sample.checked(SCHEMA, METADATA, 7, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set field 'label': Cannot use 7 (Integer) as int64");
    assertThatThrownBy(() -> Sample.checked(SCHEMA, METADATA, null, "a", TENSOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set field 'label' to null: it is not nullable");
  }

  @Test
  void everyIntegerTypeIsALong() {
    assertThat(single(Primitive.INT8, (byte) -1).getLong(0)).isEqualTo(-1);
    assertThat(single(Primitive.UINT8, (short) 255).getLong(0)).isEqualTo(255);
    assertThat(single(Primitive.UINT16, 65535).getLong(0)).isEqualTo(65535);
    assertThat(single(Primitive.UINT32, 4294967295L).getLong("x")).isEqualTo(4294967295L);
    assertThat(single(Primitive.UINT64, BigInteger.TEN).getLong(0)).isEqualTo(10);
    assertThat(single(Primitive.BIG_INTEGER, BigInteger.valueOf(Long.MIN_VALUE)).getLong(0))
        .isEqualTo(Long.MIN_VALUE);
    Sample large = single(Primitive.UINT64, BigInteger.ONE.shiftLeft(63));
    assertThatThrownBy(() -> large.getLong("x"))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("Cannot read field 'x' (uint64) as long: it is 9223372036854775808");
  }

  @Test
  void theOtherTypesHaveTheirGetters() {
    Image image = new Image("L", 0, 0, Bytes.EMPTY);
    assertThat(single(Primitive.FLOAT32, 1.5f).getDouble("x")).isEqualTo(1.5);
    assertThat(single(Primitive.FLOAT64, 0.1).getDouble(0)).isEqualTo(0.1);
    assertThat(single(Primitive.BOOLEAN, true).getBoolean("x")).isTrue();
    assertThat(single(Primitive.STRING, "a").getString("x")).isEqualTo("a");
    assertThat(single(Primitive.JSON, "{}").getString(0)).isEqualTo("{}");
    assertThat(single(Primitive.BYTES, Bytes.EMPTY).getBytes("x")).isSameAs(Bytes.EMPTY);
    assertThat(single(Primitive.IMAGE, image).getImage("x")).isSameAs(image);
  }

  @Test
  void wrongGettersNameFieldTypeAndTarget() {
    Sample sample = Sample.of(SCHEMA, METADATA, 7L, null, TENSOR);
    assertRefused(() -> sample.getDouble(0), "Cannot read field 'label' (int64) as double");
    assertRefused(() -> sample.getBoolean(0), "Cannot read field 'label' (int64) as boolean");
    assertRefused(() -> sample.getBytes("label"), "Cannot read field 'label' (int64) as Bytes");
    assertRefused(() -> sample.getImage(0), "Cannot read field 'label' (int64) as Image");
    assertRefused(() -> sample.getTensor(0), "Cannot read field 'label' (int64) as Tensor");
    assertRefused(() -> sample.getLong(2), "Cannot read field 'tensor' (tensor<?>) as long");
    assertRefused(
        () -> sample.getString(1), "Cannot read field 'caption' (string) as String: it is null");
  }

  private static void assertRefused(Runnable read, String message) {
    assertThatThrownBy(read::run).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @Test
  void equalityIsByValueAndPlace() {
    Sample sample = Sample.of(SCHEMA, METADATA, 7L, null, TENSOR);
    SampleMetadata elsewhere = new SampleMetadata(1, "shard.00000.mds", 18, 0, 0);
    assertThat(sample)
        .isEqualTo(Sample.of(SCHEMA, METADATA, 7L, null, TENSOR))
        .hasSameHashCodeAs(Sample.of(SCHEMA, METADATA, 7L, null, TENSOR))
        .isNotEqualTo(Sample.of(SCHEMA, METADATA, 8L, null, TENSOR))
        .isNotEqualTo(Sample.of(SCHEMA, elsewhere, 7L, null, TENSOR));
    assertThat(single(Primitive.FLOAT32, Float.NaN))
        .isEqualTo(single(Primitive.FLOAT32, Float.NaN));
  }

  @Test
  void textIsShort() {
    assertThat(Sample.of(SCHEMA, METADATA, 7L, null, TENSOR))
        .hasToString(
            "Sample[epoch 1, shard.00000.mds #17: {label=7, caption=null,"
                + " tensor=tensor<uint8>[]}]");
    assertThat(single(Primitive.STRING, "a".repeat(1000)).toString()).hasSizeLessThan(150);
    Field[] fields = new Field[100];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new Field("f" + i, Primitive.STRING, true);
    }
    Sample wide = Sample.of(Schema.of(fields), METADATA, new @Nullable Object[100]);
    assertThat(wide.toString()).endsWith("f15=null, ...}]");
  }

  @Test
  void metadataHasNoNegativeNumber() {
    assertThatThrownBy(() -> new SampleMetadata(0, "s", -1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make metadata with a negative number: epoch 0, sample -1, position 2, key 3");
  }
}
