// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.DType;

/**
 * A tensor as its file describes it: a strided view of a storage, checked to stay within it. Also
 * made of NumPy arrays and, of rank 0, of Python's complex numbers.
 *
 * @param storage what it is a view of
 * @param offset its first element in the storage, in elements
 * @param shape length of each dimension, at most {@code Tensor.MAX_RANK} of them
 * @param strides elements from one index to the next in each dimension; not negative, 0 in expanded
 *     ones
 * @param conjugate whether the imaginary parts are to be negated
 * @param negative whether all elements are to be negated
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never written to
record TensorValue(
    Storage storage,
    long offset,
    long[] shape,
    long[] strides,
    boolean conjugate,
    boolean negative) {

  DType dtype() {
    return storage.dtype();
  }

  /** Bytes of its elements, each counted as often as it shows: an expanded tensor may have many. */
  long byteSize() {
    long size = dtype().byteSize();
    for (long length : shape) {
      if (length == 0) {
        return 0;
      }
    }
    for (long length : shape) {
      size *= length;
    }
    return size;
  }

  /** Its elements in a new array: contiguous, C order, little-endian, both bits resolved. */
  byte[] toBytes() {
    byte[] elements = StridedCopy.of(this);
    if (storage.bigEndian()) {
      Elements.swapBytes(elements, dtype());
    }
    Elements.resolveSigns(elements, dtype(), conjugate, negative);
    return elements;
  }
}
