// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.sample.Bytes;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Counts the memory that a sample's values take beyond the bytes of its file, and reserves it.
 * Tensors are views of those, and cost anew only what they repeat; anything else is objects on the
 * heap, which are reserved while they are made: a small file may have many values that are large.
 */
final class SampleBytes {

  /**
   * Of a number, and of what surrounds the content of any other value: about what the JVM takes.
   */
  private static final long OBJECT = 48;

  /** Of a tensor's view: arrays of shape and strides, the storage. */
  private static final long VIEW = 256;

  /** What is reserved at once, so that small values do not ask for each. */
  private static final long BATCH = 64 << 10;

  private final ShardInput input;
  private final Set<ByteChunks> memories = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Bytes of the memories that the input has counted. */
  private long held;

  /** Bytes of the tensors that are views of those. */
  private long tensors;

  /** Bytes of objects that are not reserved yet. */
  private long pending;

  SampleBytes(ShardInput input) {
    this.input = input;
  }

  /**
   * Adds a value, as {@link ValueConverter} documents it.
   *
   * @throws IOException if there is not so much memory
   */
  void add(Object value) throws IOException {
    count(value);
    if (pending >= BATCH) {
      input.reserve(pending);
      pending = 0;
    }
  }

  /** Reserves what is left, when all values were added. */
  void finish() throws IOException {
    input.reserve(plus(pending, Math.max(0, tensors - held)));
  }

  private void count(Object value) {
    if (value instanceof TensorValue tensor) {
      pending = plus(pending, VIEW);
      count(tensor);
    } else if (value instanceof List<?> list) {
      pending = plus(pending, OBJECT);
      list.forEach(this::count);
    } else {
      pending = plus(pending, OBJECT + contentOf(value));
    }
  }

  private void count(TensorValue tensor) {
    Storage storage = tensor.storage();
    boolean fresh = memories.add(storage.bytes());
    if (storage.copied()) {
      long copy = fresh ? storage.bytes().length() : 0;
      pending = plus(pending, Math.max(copy, tensor.byteSize()));
    } else {
      held += fresh ? storage.bytes().length() : 0;
      tensors = plus(tensors, tensor.byteSize());
    }
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
