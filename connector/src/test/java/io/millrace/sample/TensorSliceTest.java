// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TensorSliceTest {

  /** Elements that are their own flat index. */
  private static Tensor numbered(long... shape) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    byte[] bytes = new byte[2 * size];
    for (int i = 0; i < size; i++) {
      bytes[2 * i] = (byte) i;
      bytes[2 * i + 1] = (byte) (i >> 8);
    }
    return new Tensor(DType.UINT16, shape, Bytes.wrap(bytes));
  }

  @Test
  void anyBoxHasTheElementsThatCountingFindsInIt() {
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      long[] shape = random.ints(random.nextInt(5), 1, 6).asLongStream().toArray();
      long[] from = new long[shape.length];
      long[] to = new long[shape.length];
      for (int i = 0; i < shape.length; i++) {
        from[i] = random.nextInt((int) shape[i] + 1);
        to[i] = from[i] + random.nextInt((int) (shape[i] - from[i]) + 1);
      }
      Tensor slice = numbered(shape).slice(from, to);
      assertThat(slice.toLongArray()).containsExactly(expected(shape, from, to));
      for (int i = 0; i < shape.length; i++) {
        assertThat(slice.dimension(i)).isEqualTo(to[i] - from[i]);
      }
    }
  }

  private static long[] expected(long[] shape, long[] from, long[] to) {
    List<Long> found = new ArrayList<>();
    long count = 1;
    for (long dimension : shape) {
      count *= dimension;
    }
    for (long flat = 0; flat < count; flat++) {
      boolean inside = true;
      long rest = flat;
      for (int i = shape.length - 1; i >= 0; i--) {
        long index = rest % shape[i];
        rest /= shape[i];
        inside &= index >= from[i] && index < to[i];
      }
      if (inside) {
        found.add(flat);
      }
    }
    return found.stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void theWholeIsTheTensorItself() {
    Tensor tensor = numbered(2, 3);
    assertThat(tensor.slice(new long[2], new long[] {2, 3})).isSameAs(tensor);
    Tensor scalar = numbered();
    assertThat(scalar.slice(new long[0], new long[0])).isSameAs(scalar);
  }

  @Test
  void anEmptyTensorMayHaveLargeDimensions() {
    Tensor empty = new Tensor(DType.INT8, new long[] {1L << 60, 0}, Bytes.EMPTY);
    assertThat(empty.slice(new long[] {5, 0}, new long[] {7, 0}))
        .isEqualTo(new Tensor(DType.INT8, new long[] {2, 0}, Bytes.EMPTY));
  }

  @Test
  void indexesAreChecked() {
    Tensor tensor = numbered(2, 3);
    refused(
        tensor, new long[1], new long[2], "Cannot slice tensor<uint16>[2,3] from 1 to 2 indexes");
    refused(
        tensor,
        new long[] {0, -1},
        new long[] {2, 3},
        "Cannot slice tensor<uint16>[2,3]: from -1 to 3 in dimension 1");
    refused(
        tensor,
        new long[] {0, 0},
        new long[] {3, 3},
        "Cannot slice tensor<uint16>[2,3]: from 0 to 3 in dimension 0");
    refused(
        tensor,
        new long[] {0, 2},
        new long[] {2, 1},
        "Cannot slice tensor<uint16>[2,3]: from 2 to 1 in dimension 1");
  }

  private static void refused(Tensor tensor, long[] from, long[] to, String message) {
    assertThatThrownBy(() -> tensor.slice(from, to))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(message);
  }
}
