// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.SmallFloats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The little-endian bytes of a single number of NumPy's. */
final class ScalarBytes {

  private ScalarBytes() {}

  static byte[] of(NumpyScalar scalar) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    switch (scalar.dtype()) {
      case BOOL -> bytes.put((byte) ((Boolean) scalar.value() ? 1 : 0));
      case FLOAT16 -> bytes.putShort(SmallFloats.floatToFloat16((Float) scalar.value()));
      case FLOAT32 -> bytes.putFloat((Float) scalar.value());
      case FLOAT64 -> bytes.putDouble((Double) scalar.value());
      default -> bytes.putLong(((Number) scalar.value()).longValue());
    }
    return Arrays.copyOf(bytes.array(), scalar.dtype().byteSize());
  }
}
