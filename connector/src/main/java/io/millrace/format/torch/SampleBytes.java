// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.Bytes;
import io.millrace.storage.ByteChunks;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the memory that a sample's values take beyond the bytes of its file. Tensors are views of
 * those, and cost anew only what they repeat; anything else is objects on the heap.
 */
final class SampleBytes {

  /**
   * Of a number, and of what surrounds the content of any other value: about what the JVM takes.
   */
  private static final long OBJECT = 48;

  /** Of a tensor's view: arrays of shape and strides, the storage. */
  private static final long VIEW = 256;

  private final List<ByteChunks> memories = new ArrayList<>();
  private long tensors;
  private long others;

  private SampleBytes() {}

  /** The bytes of the values of a sample, as {@link ValueConverter} documents them. */
  static long beyondFile(@Nullable Object... values) {
    SampleBytes sample = new SampleBytes();
    for (Object value : values) {
      if (value != null) {
        sample.add(value);
      }
    }
    long held = 0;
    for (ByteChunks memory : sample.memories) {
      held += memory.length();
    }
    return plus(sample.others, Math.max(0, sample.tensors - held));
  }

  private void add(Object value) {
    if (value instanceof TensorValue tensor) {
      tensors = plus(tensors, tensor.byteSize());
      others += VIEW;
      remember(tensor.storage().bytes());
    } else if (value instanceof List<?> list) {
      others += OBJECT;
      list.forEach(this::add);
    } else {
      others = plus(others, OBJECT + contentOf(value));
    }
  }

  private void remember(ByteChunks memory) {
    // Nearly always there is one: the file.
    for (ByteChunks known : memories) {
      if (known == memory) {
        return;
      }
    }
    memories.add(memory);
  }

  private static long contentOf(Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof Bytes bytes) {
      return bytes.size();
    }
    return value instanceof BigInteger number ? number.bitLength() / Byte.SIZE : 0;
  }

  /** Sums that overflow are more than there is in any case. */
  private static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
