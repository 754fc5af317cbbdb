// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TensorTest {
  private static Tensor tensor(DType dtype, int... elementBytes) {
    byte[] bytes = new byte[elementBytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) elementBytes[i];
    }
    long[] shape = {bytes.length / dtype.byteSize()};
    return new Tensor(dtype, shape, Bytes.wrap(bytes));
  }

  private static Tensor longs(DType dtype, long... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values);
    return new Tensor(dtype, new long[] {values.length}, Bytes.wrap(buffer.array()));
  }

  @Test
  void keepsItsShape() {
    long[] shape = {2, 3};
    Tensor tensor = new Tensor(DType.INT16, shape, Bytes.wrap(new byte[12]));
    shape[0] = 7;
    tensor.shape()[1] = 7;
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.rank()).isEqualTo(2);
    assertThat(tensor.dimension(1)).isEqualTo(3);
    assertThat(tensor.elementCount()).isEqualTo(6);
    assertThat(tensor).hasToString("tensor<int16>[2,3]");
    assertThatThrownBy(() -> tensor.dimension(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void rankZeroIsOneElementAndADimensionOfZeroIsNone() {
    Tensor scalar = new Tensor(DType.FLOAT32, new long[0], Bytes.wrap(new byte[] {0, 0, -64, 63}));
    assertThat(scalar.elementCount()).isEqualTo(1);
    assertThat(scalar.getDouble(0)).isEqualTo(1.5);
    assertThat(scalar).hasToString("tensor<float32>[]");

    Tensor empty = new Tensor(DType.FLOAT32, new long[] {Long.MAX_VALUE, 0, 9}, Bytes.EMPTY);
    assertThat(empty.elementCount()).isZero();
    assertThat(empty.toFloatArray()).isEmpty();
    assertThat(empty.asFloatBuffer().remaining()).isZero();
  }

  @Test
  void dataMustFitTheShape() {
    assertThatThrownBy(() -> new Tensor(DType.INT32, new long[] {2}, Bytes.wrap(new byte[7])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a tensor of int32[2] from 7 bytes");
    assertThatThrownBy(() -> new Tensor(DType.INT8, new long[] {-1, -1}, Bytes.wrap(new byte[1])))
        .hasMessage("Cannot make a tensor of int8[-1,-1] from 1 bytes");
    assertThatThrownBy(() -> new Tensor(DType.INT8, new long[] {-1, 0}, Bytes.EMPTY))
        .hasMessage("Cannot make a tensor of int8[-1,0] from 0 bytes");
    assertThatThrownBy(() -> new Tensor(DType.INT64, new long[] {1L << 32, 1L << 29}, Bytes.EMPTY))
        .hasMessage("Cannot make a tensor of int64[4294967296,536870912] from 0 bytes");
    assertThatThrownBy(() -> new Tensor(DType.INT8, new long[65], Bytes.EMPTY))
        .hasMessage("Cannot make a tensor of int8 of rank 65 from 0 bytes");
  }

  @Test
  void integersAreExtendedByTheirSign() {
    assertThat(tensor(DType.UINT8, 0x01, 0xff).toLongArray()).containsExactly(1, 255);
    assertThat(tensor(DType.INT8, 0x01, 0xff).toLongArray()).containsExactly(1, -1);
    assertThat(tensor(DType.UINT16, 2, 1, 0xff, 0xff).toLongArray()).containsExactly(258, 65535);
    assertThat(tensor(DType.INT16, 2, 1, 0xff, 0xff).toLongArray()).containsExactly(258, -1);
    assertThat(tensor(DType.UINT32, 0xfe, 0xff, 0xff, 0xff).toLongArray())
        .containsExactly(4294967294L);
    assertThat(tensor(DType.INT32, 0xfe, 0xff, 0xff, 0xff).toLongArray()).containsExactly(-2);
    assertThat(longs(DType.INT64, Long.MIN_VALUE, 5).toLongArray())
        .containsExactly(Long.MIN_VALUE, 5);
    assertThat(longs(DType.UINT64, Long.MAX_VALUE).toLongArray()).containsExactly(Long.MAX_VALUE);
    assertThat(tensor(DType.BOOL, 0, 1, 7).toLongArray()).containsExactly(0, 1, 1);
    assertThat(tensor(DType.BOOL, 0, 1, 7).toDoubleArray()).containsExactly(0, 1, 1);
    assertThat(tensor(DType.INT16, 2, 1, 0xff, 0xff).getLong(1)).isEqualTo(-1);
    assertThat(tensor(DType.INT16, 2, 1, 0xff, 0xff).getDouble(1)).isEqualTo(-1);
  }

  @Test
  void largeUnsignedIntegersAreNoLongs() {
    Tensor tensor = longs(DType.UINT64, 1, -1);
    assertThatThrownBy(tensor::toLongArray)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "Cannot read element 1 of tensor<uint64>[2] as a long: it is 18446744073709551615");
    assertThat(tensor.getLong(0)).isEqualTo(1);
    assertThat(tensor.asLongBuffer().get(1)).isEqualTo(-1);
  }

  @Test
  void largeIntegersAreRoundedOnce() {
    // Just above the tie of two floats; through a double it would become the tie.
    long aboveTie = (1L << 62) + (1L << 38) + 1;
    assertThat(longs(DType.INT64, aboveTie).toFloatArray())
        .containsExactly(Math.nextUp((float) (1L << 62)));
    assertThat(longs(DType.UINT64, 2 * aboveTie, aboveTie).toFloatArray())
        .containsExactly(2 * Math.nextUp((float) (1L << 62)), Math.nextUp((float) (1L << 62)));
    assertThat(longs(DType.UINT64, -1, Long.MIN_VALUE, Long.MIN_VALUE + 1025).toDoubleArray())
        .containsExactly(0x1p64, 0x1p63, Math.nextUp(0x1p63));
  }

  @Test
  void everyRealFloatIsConverted() {
    assertThat(tensor(DType.FLOAT16, 0x00, 0x3e, 0x00, 0xfc).toFloatArray())
        .containsExactly(1.5f, Float.NEGATIVE_INFINITY);
    assertThat(tensor(DType.BFLOAT16, 0xc0, 0x3f).toDoubleArray()).containsExactly(1.5);
    assertThat(tensor(DType.FLOAT8_E4M3FN, 0x7e, 0x38).toFloatArray()).containsExactly(448f, 1f);
    assertThat(tensor(DType.FLOAT8_E5M2, 0x7b, 0x3c).toFloatArray()).containsExactly(57344f, 1f);
    assertThat(tensor(DType.FLOAT8_E4M3FNUZ, 0x7f, 0x40).toFloatArray()).containsExactly(240f, 1f);
    assertThat(tensor(DType.FLOAT8_E5M2FNUZ, 0x7f, 0x40).toFloatArray())
        .containsExactly(57344f, 1f);
    assertThat(tensor(DType.FLOAT32, 0, 0, 0xc0, 0x3f).toFloatArray()).containsExactly(1.5f);
    assertThat(tensor(DType.FLOAT32, 0, 0, 0xc0, 0x3f).toDoubleArray()).containsExactly(1.5);
    Tensor doubles = longs(DType.FLOAT64, Double.doubleToLongBits(0.1));
    assertThat(doubles.toDoubleArray()).containsExactly(0.1);
    assertThat(doubles.toFloatArray()).containsExactly(0.1f);
    assertThat(doubles.getDouble(0)).isEqualTo(0.1);
  }

  @Test
  void viewsShareTheData() {
    assertThat(tensor(DType.UINT8, 7, 8).asByteBuffer().get(1)).isEqualTo((byte) 8);
    assertThat(tensor(DType.FLOAT16, 1, 2).asShortBuffer().get(0)).isEqualTo((short) 0x0201);
    assertThat(tensor(DType.UINT32, 1, 2, 3, 4).asIntBuffer().get(0)).isEqualTo(0x04030201);
    assertThat(longs(DType.INT64, 1, 2).asLongBuffer().get(1)).isEqualTo(2);
    assertThat(tensor(DType.FLOAT32, 0, 0, 0xc0, 0x3f).asFloatBuffer().get(0)).isEqualTo(1.5f);
    assertThat(longs(DType.FLOAT64, 0).asDoubleBuffer().get(0)).isZero();
    assertThat(tensor(DType.FLOAT32, 0, 0, 0xc0, 0x3f).asFloatBuffer().isReadOnly()).isTrue();
  }

  @Test
  void otherDtypesAreRefused() {
    Tensor floats = tensor(DType.FLOAT32, 0, 0, 0, 0);
    Tensor complex = tensor(DType.COMPLEX32, 0, 0, 0, 0);
    assertRefused(floats::asByteBuffer, "Cannot view tensor<float32>[1] as bytes");
    assertRefused(floats::asShortBuffer, "Cannot view tensor<float32>[1] as shorts");
    assertRefused(floats::asIntBuffer, "Cannot view tensor<float32>[1] as ints");
    assertRefused(floats::asLongBuffer, "Cannot view tensor<float32>[1] as longs");
    assertRefused(complex::asFloatBuffer, "Cannot view tensor<complex32>[1] as floats");
    assertRefused(floats::asDoubleBuffer, "Cannot view tensor<float32>[1] as doubles");
    assertRefused(floats::toLongArray, "Cannot read tensor<float32>[1] as longs");
    assertRefused(() -> floats.getLong(0), "Cannot read tensor<float32>[1] as a long");
    assertRefused(complex::toFloatArray, "Cannot read tensor<complex32>[1] as floats");
    assertRefused(complex::toDoubleArray, "Cannot read tensor<complex32>[1] as doubles");
    assertRefused(() -> complex.getDouble(0), "Cannot read tensor<complex32>[1] as a double");
  }

  private static void assertRefused(Runnable read, String message) {
    assertThatThrownBy(read::run).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @Test
  void indexesAreChecked() {
    Tensor tensor = tensor(DType.UINT8, 1, 2);
    assertThatThrownBy(() -> tensor.getDouble(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.getLong(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.getLong(1L << 32))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void equalityIsByValue() {
    Tensor tensor = tensor(DType.UINT8, 1, 2);
    assertThat(tensor)
        .isEqualTo(tensor(DType.UINT8, 1, 2))
        .hasSameHashCodeAs(tensor(DType.UINT8, 1, 2))
        .isNotEqualTo(tensor(DType.INT8, 1, 2))
        .isNotEqualTo(tensor(DType.UINT8, 1, 3))
        .isNotEqualTo(new Tensor(DType.UINT8, new long[] {1, 2}, tensor.data()));
    assertThat(tensor.hasShape(List.of(2L))).isTrue();
    assertThat(tensor.hasShape(List.of(1L, 2L))).isFalse();
  }
}
