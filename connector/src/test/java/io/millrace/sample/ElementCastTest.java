// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class ElementCastTest {

  private static Tensor longs(DType dtype, long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values);
    return new Tensor(dtype, new long[] {values.length}, Bytes.wrap(buffer.array()));
  }

  private static Tensor doubles(double... values) {
    return longs(
        DType.FLOAT64, Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  private static Tensor floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new Tensor(DType.FLOAT32, new long[] {values.length}, Bytes.wrap(buffer.array()));
  }

  /** Every pattern of a dtype once. */
  private static Tensor patterns(DType dtype) {
    int bits = dtype.byteSize() * 8;
    ByteBuffer buffer =
        ByteBuffer.allocate(dtype.byteSize() << bits).order(ByteOrder.LITTLE_ENDIAN);
    for (int pattern = 0; pattern < 1 << bits; pattern++) {
      if (bits == 8) {
        buffer.put((byte) pattern);
      } else {
        buffer.putShort((short) pattern);
      }
    }
    return new Tensor(dtype, new long[] {1L << bits}, Bytes.wrap(buffer.array()));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT16", "BFLOAT16"})
  void everyPatternOf16BitsSurvivesTheWayToFloat32AndBack(DType dtype) {
    Tensor patterns = patterns(dtype);
    Tensor wide = patterns.castTo(DType.FLOAT32);
    assertThat(wide.castTo(dtype)).isEqualTo(patterns);
    // To doubles each is exact too, and NaNs are NaNs.
    assertThat(patterns.castTo(DType.FLOAT64).toDoubleArray())
        .containsExactly(wide.toDoubleArray());
    assertThat(wide.dtype()).isEqualTo(DType.FLOAT32);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "FLOAT8_E4M3FN",
        "FLOAT8_E5M2",
        "FLOAT8_E4M3FNUZ",
        "FLOAT8_E5M2FNUZ",
        "UINT8",
        "INT8"
      })
  void everyPatternOf8BitsSurvives(DType dtype) {
    Tensor patterns = patterns(dtype);
    assertThat(patterns.castTo(DType.FLOAT32).castTo(dtype)).isEqualTo(patterns);
    assertThat(patterns.castTo(DType.FLOAT32).toFloatArray())
        .containsExactly(patterns.toFloatArray());
  }

  @ParameterizedTest
  @CsvSource({
    "activations-float32, FLOAT32, activations-float16, FLOAT16",
    "weights-float32, FLOAT32, weights-bfloat16, BFLOAT16",
    "weights-bfloat16, BFLOAT16, weights-bfloat16-as-float32, FLOAT32"
  })
  void convertsAsTorchDoes(String from, DType source, String to, DType target) throws Exception {
    assertThat(stored(from, source).castTo(target)).isEqualTo(stored(to, target));
  }

  private static Tensor stored(String name, DType dtype) throws Exception {
    byte[] bytes =
        Files.readAllBytes(
            Path.of(ElementCastTest.class.getResource("/tensors/" + name + ".bin").toURI()));
    return new Tensor(dtype, new long[] {bytes.length / dtype.byteSize()}, Bytes.wrap(bytes));
  }

  @Test
  void doublesAreRoundedOnce() {
    // Just above the tie of two float16; rounded to a float first it would be the tie.
    double aboveTie = 1 + 0x1p-11 + 0x1p-40;
    assertThat(doubles(aboveTie, -aboveTie, 1 + 0x1p-11).castTo(DType.FLOAT16).toDoubleArray())
        .containsExactly(1 + 0x1p-10, -1 - 0x1p-10, 1);
    double belowTie = 1 + 0x1p-10 + 0x1p-11 - 0x1p-40;
    assertThat(doubles(belowTie).castTo(DType.FLOAT16).toDoubleArray())
        .containsExactly(1 + 0x1p-10);
    // The halves of the smallest subnormals.
    assertThat(
            doubles(0x1p-25, 0x1p-25 + 0x1p-60, Double.MIN_VALUE, -0.0)
                .castTo(DType.FLOAT16)
                .toDoubleArray())
        .containsExactly(0, 0x1p-24, 0, -0.0);
    assertThat(doubles(0x1p-134, 0x1p-134 + 0x1p-180).castTo(DType.BFLOAT16).toDoubleArray())
        .containsExactly(0, 0x1p-133);
    // Halfway to what would be the next number after the largest.
    assertThat(
            doubles(65520, Math.nextDown(65520.0), Double.MAX_VALUE, Double.NEGATIVE_INFINITY)
                .castTo(DType.FLOAT16)
                .toDoubleArray())
        .containsExactly(
            Double.POSITIVE_INFINITY, 65504, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(doubles(Double.NaN).castTo(DType.FLOAT16).toDoubleArray())
        .containsExactly(Double.NaN);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT16", "BFLOAT16", "FLOAT8_E4M3FN", "FLOAT8_E5M2", "FLOAT32"})
  void randomDoublesAndIntegersGoToTheNearest(DType dtype) {
    Random random = new Random(7);
    double[] values = new double[2_000];
    long[] whole = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian() * Math.pow(2, random.nextInt(40) - 30);
      whole[i] = random.nextLong() >> random.nextInt(64);
    }
    double[] cast = doubles(values).castTo(dtype).toDoubleArray();
    double[] castSigned = longs(DType.INT64, whole).castTo(dtype).toDoubleArray();
    double[] castUnsigned = longs(DType.UINT64, whole).castTo(dtype).toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      checkNearest(dtype, new BigDecimal(values[i]), cast[i]);
      checkNearest(dtype, BigDecimal.valueOf(whole[i]), castSigned[i]);
      BigInteger unsigned = new BigInteger(Long.toUnsignedString(whole[i]));
      checkNearest(dtype, new BigDecimal(unsigned), castUnsigned[i]);
    }
  }

  /** No neighbour of the result is nearer. */
  private static void checkNearest(DType dtype, BigDecimal value, double result) {
    if (Double.isNaN(result) || Double.isInfinite(result)) {
      // What is in the range of a float is only ever too large for the others.
      double largest = dtype == DType.FLOAT16 ? 65504 : dtype == DType.FLOAT8_E5M2 ? 57344 : 448;
      assertThat(value.abs()).as(dtype.label()).isGreaterThan(BigDecimal.valueOf(largest));
      return;
    }
    BigDecimal distance = value.subtract(new BigDecimal(result)).abs();
    for (double neighbour : new double[] {next(dtype, result, 1), next(dtype, result, -1)}) {
      if (Double.isFinite(neighbour)) {
        assertThat(distance)
            .as("%s of %s is %s, not %s", dtype, value, result, neighbour)
            .isLessThanOrEqualTo(value.subtract(new BigDecimal(neighbour)).abs());
      }
    }
  }

  /** The next number of a dtype away from zero, or towards it. */
  private static double next(DType dtype, double value, int step) {
    float exact = (float) value;
    return switch (dtype) {
      case FLOAT16 ->
          SmallFloats.float16ToFloat((short) (SmallFloats.floatToFloat16(exact) + step));
      case BFLOAT16 ->
          SmallFloats.bfloat16ToFloat((short) (SmallFloats.floatToBfloat16(exact) + step));
      case FLOAT8_E4M3FN ->
          SmallFloats.float8E4m3fnToFloat((byte) (SmallFloats.floatToFloat8E4m3fn(exact) + step));
      case FLOAT8_E5M2 ->
          SmallFloats.float8E5m2ToFloat((byte) (SmallFloats.floatToFloat8E5m2(exact) + step));
      default -> Float.intBitsToFloat(Float.floatToRawIntBits(exact) + step);
    };
  }

  @Test
  void integersKeepTheirValueOrAreRefused() {
    assertThat(longs(DType.INT64, 255, 0).castTo(DType.UINT8).toLongArray())
        .containsExactly(255, 0);
    assertThat(longs(DType.UINT64, Long.MAX_VALUE).castTo(DType.INT64).toLongArray())
        .containsExactly(Long.MAX_VALUE);
    assertThat(longs(DType.UINT64, -1).castTo(DType.BOOL).toLongArray()).containsExactly(1);
    assertThat(longs(DType.INT64, Long.MIN_VALUE, 0).castTo(DType.BOOL).toLongArray())
        .containsExactly(1, 0);
    assertThat(longs(DType.INT64, 1L << 40).castTo(DType.UINT64).asLongBuffer().get(0))
        .isEqualTo(1L << 40);
    refused(longs(DType.INT64, 0, 256), DType.UINT8, 1, "256");
    refused(longs(DType.INT64, -129), DType.INT8, 0, "-129");
    refused(longs(DType.INT64, -1), DType.UINT64, 0, "-1");
    refused(longs(DType.UINT64, -1), DType.INT64, 0, "18446744073709551615");
    refused(longs(DType.UINT64, 70_000), DType.UINT16, 0, "70000");
  }

  @Test
  void floatsLoseTheirFractionOnTheWayToIntegers() {
    assertThat(floats(1.9f, -1.9f, -0.5f).castTo(DType.INT8).toLongArray())
        .containsExactly(1, -1, 0);
    assertThat(floats(-0.9f, 255.9f).castTo(DType.UINT8).toLongArray()).containsExactly(0, 255);
    assertThat(floats(0.1f, -0f, Float.NaN).castTo(DType.BOOL).toLongArray())
        .containsExactly(1, 0, 1);
    assertThat(doubles(0x1p63, Math.nextDown(0x1p64)).castTo(DType.UINT64).asLongBuffer().get(0))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(doubles(-0x1p63).castTo(DType.INT64).toLongArray()).containsExactly(Long.MIN_VALUE);
    assertThat(doubles(4294967295.5).castTo(DType.UINT32).toLongArray())
        .containsExactly(4294967295L);
    refused(floats(300), DType.INT8, 0, "300.0");
    refused(floats(1, Float.NaN), DType.INT32, 1, "NaN");
    refused(doubles(Double.POSITIVE_INFINITY), DType.UINT64, 0, "Infinity");
    refused(doubles(0x1p63), DType.INT64, 0, "9.223372036854776E18");
    refused(doubles(0x1p64), DType.UINT64, 0, "1.8446744073709552E19");
    refused(floats(-1), DType.UINT8, 0, "-1.0");
  }

  private static void refused(Tensor tensor, DType target, int element, String value) {
    assertThatThrownBy(() -> tensor.castTo(target))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("Cannot cast %s to %s: element %d is %s", tensor, target, element, value);
  }

  @Test
  void complexNumbersStayWhatTheyAre() {
    Tensor complex = longs(DType.COMPLEX64, 1, 2);
    assertThat(complex.castTo(DType.COMPLEX64)).isSameAs(complex);
    assertThatThrownBy(() -> complex.castTo(DType.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot cast tensor<complex64>[2] to float32: complex numbers are not converted");
    assertThatThrownBy(() -> floats(1).castTo(DType.COMPLEX64))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theShapeStays() {
    Tensor tensor = new Tensor(DType.INT16, new long[] {2, 0, 3}, Bytes.EMPTY);
    assertThat(tensor.castTo(DType.FLOAT32))
        .isEqualTo(new Tensor(DType.FLOAT32, new long[] {2, 0, 3}, Bytes.EMPTY));
  }
}
