// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.Arrays;

/** Cuts a box out of a tensor; {@link Tensor#slice} says which. */
final class TensorSlice {

  private TensorSlice() {}

  static Tensor of(Tensor tensor, long[] from, long[] to) {
    check(tensor, from, to);
    int rank = tensor.rank();
    long[] shape = new long[rank];
    int partial = -1;
    for (int i = 0; i < rank; i++) {
      shape[i] = to[i] - from[i];
      if (shape[i] != tensor.dimension(i)) {
        partial = i;
      }
    }
    if (partial < 0) {
      return tensor;
    }
    if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
      return new Tensor(tensor.dtype(), shape, Bytes.EMPTY);
    }
    return new Tensor(tensor.dtype(), shape, cut(tensor, from, shape, partial));
  }

  /** Everything after the last partial dimension is whole: bytes of a run lie together. */
  private static Bytes cut(Tensor tensor, long[] from, long[] shape, int partial) {
    int[] strides = strides(tensor);
    int start = 0;
    int runs = 1;
    for (int i = 0; i <= partial; i++) {
      start += (int) from[i] * strides[i];
      runs *= i < partial ? (int) shape[i] : 1;
    }
    int runLength = (int) shape[partial] * strides[partial];
    if (runs == 1) {
      return tensor.data().slice(start, runLength);
    }
    byte[] cut = new byte[runs * runLength];
    int[] index = new int[partial];
    int position = start;
    for (int run = 0; run < runs; run++) {
      tensor.data().copyTo(position, cut, run * runLength, runLength);
      position = next(index, shape, strides, position);
    }
    return Bytes.wrap(cut);
  }

  /** Counts the index on, the last dimension first, and returns where it then points. */
  private static int next(int[] index, long[] shape, int[] strides, int position) {
    int moved = position;
    for (int i = index.length - 1; i >= 0; i--) {
      if (index[i] + 1 < shape[i]) {
        index[i]++;
        return moved + strides[i];
      }
      moved -= index[i] * strides[i];
      index[i] = 0;
    }
    return moved;
  }

  /** Bytes from one index of a dimension to the next; the tensor is not empty. */
  private static int[] strides(Tensor tensor) {
    int[] strides = new int[tensor.rank()];
    int stride = tensor.dtype().byteSize();
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= (int) tensor.dimension(i);
    }
    return strides;
  }

  private static void check(Tensor tensor, long[] from, long[] to) {
    if (from.length != tensor.rank() || to.length != tensor.rank()) {
      throw new IndexOutOfBoundsException(
          "Cannot slice " + tensor + " from " + from.length + " to " + to.length + " indexes");
    }
    for (int i = 0; i < from.length; i++) {
      if (from[i] < 0 || to[i] < from[i] || to[i] > tensor.dimension(i)) {
        throw new IndexOutOfBoundsException(
            "Cannot slice " + tensor + ": from " + from[i] + " to " + to[i] + " in dimension " + i);
      }
    }
  }
}
