// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small tensors for tests. */
final class Tensors {

  private Tensors() {}

  static Tensor floats(long[] shape, float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new Tensor(DType.FLOAT32, shape, Bytes.wrap(buffer.array()));
  }

  static Tensor bytes(long[] shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new Tensor(DType.UINT8, shape, Bytes.wrap(bytes));
  }

  static long[] shape(long... dimensions) {
    return dimensions;
  }
}
