// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.codec.TestingStreams;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import io.millrace.storage.ByteChunks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements are those that the strides say, one by one, wherever chunks end. */
@Tag("unit")
class TensorValueTest {

  private static final int CHUNK = ByteChunks.CHUNK_SIZE;

  private static TensorValue view(
      DType dtype, ByteChunks bytes, long begin, long offset, long[] shape, long[] strides) {
    long elements = (bytes.length() - begin) / dtype.byteSize();
    Storage storage = new Storage(bytes, begin, dtype, elements, false);
    return new TensorValue(storage, offset, shape, strides, false, false);
  }

  /** Byte by byte. */
  private static byte[] expected(TensorValue tensor) {
    byte[] expected = new byte[(int) tensor.byteSize()];
    int size = tensor.dtype().byteSize();
    long[] index = new long[tensor.shape().length];
    for (int at = 0; at < expected.length; at += size) {
      long element = tensor.offset();
      for (int i = 0; i < index.length; i++) {
        element += index[i] * tensor.strides()[i];
      }
      for (int i = 0; i < size; i++) {
        expected[at + i] =
            tensor.storage().bytes().getByte(tensor.storage().begin() + element * size + i);
      }
      for (int i = index.length - 1; i >= 0 && ++index[i] == tensor.shape()[i]; i--) {
        index[i] = 0;
      }
    }
    return expected;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"UINT8", "INT16", "FLOAT32", "INT64", "COMPLEX128"})
  void anyViewIsCopiedAsItsStridesSay(DType dtype) {
    Random random = new Random(11);
    ByteChunks bytes = TestingStreams.chunks(TestingStreams.noise(3 * CHUNK / 2));
    for (int round = 0; round < 400; round++) {
      long begin = random.nextInt(40);
      TensorValue tensor = randomView(random, dtype, bytes, begin);
      assertThat(tensor.toBytes()).as("round %s: %s", round, tensor).isEqualTo(expected(tensor));
    }
  }

  /** Dimensions in any order, some repeated or of length 1, within the bytes. */
  private static TensorValue randomView(Random random, DType dtype, ByteChunks bytes, long begin) {
    long elements = (bytes.length() - begin) / dtype.byteSize();
    List<long[]> dimensions = new ArrayList<>();
    long step = 1L + random.nextInt(3);
    for (int i = random.nextInt(5); i >= 0; i--) {
      long most = Math.max(1, Math.min(elements / 2 / step, 60));
      long length = 1L + random.nextInt((int) most);
      boolean repeated = random.nextInt(6) == 0;
      dimensions.add(new long[] {length, repeated ? 0 : step});
      step = repeated ? step : step * (length + random.nextInt(2));
    }
    if (random.nextBoolean()) {
      Collections.shuffle(dimensions, random);
    } else {
      Collections.reverse(dimensions);
    }
    long[] shape = dimensions.stream().mapToLong(d -> d[0]).toArray();
    long[] strides = dimensions.stream().mapToLong(d -> d[1]).toArray();
    long last = 0;
    for (int i = 0; i < shape.length; i++) {
      last += (shape[i] - 1) * strides[i];
    }
    while (last >= elements) {
      last -= (shape[0] - 1) * strides[0];
      shape[0] = 1;
      shape = java.util.Arrays.copyOfRange(shape, 1, shape.length);
      strides = java.util.Arrays.copyOfRange(strides, 1, strides.length);
    }
    long product = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (product > 200_000) {
      return view(dtype, bytes, begin, 0, new long[] {elements / 7}, new long[] {7});
    }
    long offset = (long) (random.nextDouble() * (elements - last));
    return view(dtype, bytes, begin, offset, shape, strides);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 63, 64})
  void elementsThatLieAcrossTwoChunksAreWhole(long begin) {
    ByteChunks bytes = TestingStreams.chunks(TestingStreams.noise(2 * CHUNK + 1000));
    for (DType dtype : List.of(DType.INT16, DType.FLOAT32, DType.INT64, DType.COMPLEX128)) {
      long count = bytes.length() / dtype.byteSize() / 3 - 24;
      for (long[] strides : new long[][] {{3, 1}, {2, 1}, {1, 3}, {3, 2}}) {
        long rows = strides[0] == 1 ? 3 : count / 2;
        long columns = strides[0] == 1 ? count / 4 : 2;
        TensorValue tensor = view(dtype, bytes, begin, 1, new long[] {rows, columns}, strides);
        assertThat(tensor.toBytes()).as("%s", tensor).isEqualTo(expected(tensor));
      }
      TensorValue whole = view(dtype, bytes, begin, 2, new long[] {3 * count - 9}, new long[] {1});
      assertThat(whole.toBytes()).isEqualTo(expected(whole));
    }
  }

  @Test
  void dimensionsOfLengthOneOrNoneHaveAnyStride() {
    ByteChunks bytes = TestingStreams.chunks(new byte[] {1, 2, 3, 4, 5, 6});
    long far = Long.MAX_VALUE;
    TensorValue ones =
        view(DType.UINT8, bytes, 1, 1, new long[] {1, 3, 1}, new long[] {far, 1, far});
    assertThat(ones.toBytes()).containsExactly(3, 4, 5);
    TensorValue none = view(DType.UINT8, bytes, 0, far, new long[] {7, 0}, new long[] {far, far});
    assertThat(none.toBytes()).isEmpty();
    assertThat(none.byteSize()).isZero();
    TensorValue scalar = view(DType.INT16, bytes, 1, 1, new long[0], new long[0]);
    assertThat(scalar.toBytes()).containsExactly(4, 5);
    TensorValue repeated = view(DType.UINT8, bytes, 0, 2, new long[] {2, 3}, new long[] {0, 0});
    assertThat(repeated.toBytes()).containsExactly(3, 3, 3, 3, 3, 3);
  }

  @Test
  void storagesOfBigEndianMachinesAreTurnedAround() {
    byte[] bytes = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    assertThat(bigEndian(DType.UINT8, bytes)).isEqualTo("000102030405060708090a0b0c0d0e0f");
    assertThat(bigEndian(DType.BFLOAT16, bytes)).isEqualTo("0100030205040706" + "09080b0a0d0c0f0e");
    assertThat(bigEndian(DType.INT32, bytes)).isEqualTo("0302010007060504" + "0b0a09080f0e0d0c");
    assertThat(bigEndian(DType.FLOAT64, bytes)).isEqualTo("0706050403020100" + "0f0e0d0c0b0a0908");
    assertThat(bigEndian(DType.COMPLEX64, bytes))
        .isEqualTo("0302010007060504" + "0b0a09080f0e0d0c");
    assertThat(bigEndian(DType.COMPLEX128, bytes))
        .isEqualTo("0706050403020100" + "0f0e0d0c0b0a0908");
  }

  private static String bigEndian(DType dtype, byte[] bytes) {
    long count = bytes.length / dtype.byteSize();
    Storage storage = new Storage(TestingStreams.chunks(bytes), 0, dtype, count, true);
    TensorValue tensor =
        new TensorValue(storage, 0, new long[] {count}, new long[] {1}, false, false);
    return HexFormat.of().formatHex(tensor.toBytes());
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BOOL")
  void aNegativeTensorIsTheOtherOnesNegative(DType dtype) {
    byte[] bytes = new byte[1 << 12];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (dtype.byteSize() == 1 ? i : i * 37);
    }
    byte[] negated = signs(dtype, bytes, false, true);
    byte[] twice = signs(dtype, negated, false, true);
    assertThat(twice).isEqualTo(bytes);
    if (dtype.isComplex()) {
      return;
    }
    Tensor before = tensor(dtype, bytes);
    Tensor after = tensor(dtype, negated);
    for (int i = 0; i < before.elementCount(); i++) {
      if (dtype.isFloat()) {
        Double expected = negative(dtype, before.getDouble(i));
        assertThat(after.getDouble(i)).isEqualTo(expected);
      } else if (dtype != DType.UINT64) {
        long bits = 64 - 8L * dtype.byteSize();
        assertThat(after.getLong(i) << bits).isEqualTo(-before.getLong(i) << bits);
      }
    }
  }

  private static double negative(DType dtype, double value) {
    boolean oneZero = dtype == DType.FLOAT8_E4M3FNUZ || dtype == DType.FLOAT8_E5M2FNUZ;
    return value == 0 && oneZero ? 0 : -value;
  }

  private static Tensor tensor(DType dtype, byte[] bytes) {
    return new Tensor(dtype, new long[] {bytes.length / dtype.byteSize()}, Bytes.copyOf(bytes));
  }

  @Test
  void theSignsOfComplexNumbersArePartByPart() {
    byte[] bytes = HexFormat.of().parseHex("0000803f00000040");
    assertThat(hex(DType.COMPLEX64, bytes, false, false)).isEqualTo("0000803f00000040");
    assertThat(hex(DType.COMPLEX64, bytes, true, false)).isEqualTo("0000803f000000c0");
    assertThat(hex(DType.COMPLEX64, bytes, false, true)).isEqualTo("000080bf000000c0");
    assertThat(hex(DType.COMPLEX64, bytes, true, true)).isEqualTo("000080bf00000040");
    byte[] halves = HexFormat.of().parseHex("003c0040");
    assertThat(hex(DType.COMPLEX32, halves, true, false)).isEqualTo("003c00c0");
    byte[] doubles = HexFormat.of().parseHex("000000000000f03f000000000000f0bf");
    assertThat(hex(DType.COMPLEX128, doubles, true, false))
        .isEqualTo("000000000000f03f000000000000f03f");
  }

  private static String hex(DType dtype, byte[] bytes, boolean conjugate, boolean negative) {
    return HexFormat.of().formatHex(signs(dtype, bytes, conjugate, negative));
  }

  private static byte[] signs(DType dtype, byte[] bytes, boolean conjugate, boolean negative) {
    long count = bytes.length / dtype.byteSize();
    Storage storage = new Storage(TestingStreams.chunks(bytes), 0, dtype, count, false);
    return new TensorValue(storage, 0, new long[] {count}, new long[] {1}, conjugate, negative)
        .toBytes();
  }
}
