// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.sample.DType;
import java.util.Arrays;

/** Makes views of storages, and only such as stay within them. */
final class TensorViews {

  /** Longest array that every JVM can make. */
  static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private static final long[] NO_DIMENSIONS = {};
  private static final long[] ONE_STEP = {1};

  private TensorViews() {}

  /** All elements of a storage, in a row: maybe more than an array can hold. */
  static TensorValue all(Storage storage) {
    return new TensorValue(storage, 0, new long[] {storage.elements()}, ONE_STEP, false, false);
  }

  /** The one element of a storage, without a dimension. */
  static TensorValue scalar(Storage storage) {
    return new TensorValue(storage, 0, NO_DIMENSIONS, NO_DIMENSIONS, false, false);
  }

  /** A view; the arrays, of up to {@code Tensor.MAX_RANK} numbers, are kept. */
  static TensorValue strided(Storage storage, long offset, long[] shape, long[] strides)
      throws PickleException {
    DType dtype = storage.dtype();
    if (shape.length != strides.length) {
      throw new PickleException(
          "a tensor has " + shape.length + " dimensions, but " + strides.length + " strides");
    }
    long lowest = offset;
    for (int i = 0; i < shape.length; i++) {
      lowest = Math.min(lowest, Math.min(shape[i], strides[i]));
    }
    if (lowest < 0) {
      throw new PickleException(
          described(dtype, shape)
              + ", offset "
              + offset
              + " and strides "
              + list(strides)
              + " must not have negative numbers");
    }
    if (elements(dtype, shape) > 0) {
      checkReach(storage, offset, shape, strides);
    }
    return new TensorValue(storage, offset, shape, strides, false, false);
  }

  /** How many elements a tensor has, whose bytes an array can hold. */
  private static long elements(DType dtype, long[] shape) throws PickleException {
    for (long length : shape) {
      if (length == 0) {
        return 0;
      }
    }
    long most = MOST_BYTES / dtype.byteSize();
    long elements = 1;
    for (long length : shape) {
      if (length > most / elements) {
        throw new PickleException(
            described(dtype, shape)
                + " takes more than the "
                + MOST_BYTES
                + " bytes that an array can hold");
      }
      elements *= length;
    }
    return elements;
  }

  private static void checkReach(Storage storage, long offset, long[] shape, long[] strides)
      throws PickleException {
    // elements that lie behind the one at the offset; every step is checked, so that no sum is
    // beyond what a long holds
    long behind = storage.elements() - 1 - offset;
    for (int i = 0; i < shape.length && behind >= 0; i++) {
      long steps = shape[i] - 1;
      if (steps > 0 && strides[i] > behind / steps) {
        behind = -1;
      } else {
        behind -= steps * strides[i];
      }
    }
    if (behind < 0) {
      throw new PickleException(
          described(storage.dtype(), shape)
              + ", offset "
              + offset
              + " and strides "
              + list(strides)
              + " goes beyond its storage of "
              + storage.elements()
              + " elements");
    }
  }

  private static String described(DType dtype, long[] shape) {
    return "a tensor of " + dtype + list(shape);
  }

  private static String list(long[] numbers) {
    return Arrays.toString(numbers).replace(" ", "");
  }

  /** Strides of a tensor whose elements lie together, the last dimension's first. */
  static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= Math.max(1, shape[i]);
    }
    return strides;
  }

  /** Strides of a tensor whose elements lie together, the first dimension's first. */
  static long[] columnMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      strides[i] = step;
      step *= Math.max(1, shape[i]);
    }
    return strides;
  }
}
