// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.storage.ByteChunks;

/**
 * Copies a tensor's elements out of the chunks that its storage lies in, as they are stored.
 *
 * <p>Dimensions are first merged where one goes on where the next one ends. What is left is a nest
 * of loops, of which the innermost runs over a chunk's array: over whole rows if the elements of
 * the last dimension lie together, else over the longest dimension, wherever it stands.
 */
final class StridedCopy {

  /** Rows of at least so many bytes are copied as rows. */
  private static final int SHORTEST_ROW = 16;

  private static final int CHUNK_SIZE = ByteChunks.CHUNK_SIZE;

  private final ByteChunks source;
  private final int size;
  private final byte[] target;

  /** The merged dimensions, the last one first: elements, bytes from one to the next. */
  private int rank;

  private final int[] counts;
  private final long[] sourceSteps;
  private final int[] targetSteps;

  private StridedCopy(TensorValue tensor, byte[] target) {
    this.source = tensor.storage().bytes();
    this.size = tensor.dtype().byteSize();
    this.target = target;
    int most = tensor.shape().length;
    this.counts = new int[most];
    this.sourceSteps = new long[most];
    this.targetSteps = new int[most];
    merge(tensor.shape(), tensor.strides());
  }

  static byte[] of(TensorValue tensor) {
    int bytes = Math.toIntExact(tensor.byteSize());
    if (bytes == 0) {
      return new byte[0];
    }
    Storage storage = tensor.storage();
    int size = tensor.dtype().byteSize();
    long begin = storage.begin() + tensor.offset() * size;
    if (isContiguous(tensor)) {
      return storage.bytes().copy(begin, bytes);
    }
    StridedCopy copy = new StridedCopy(tensor, new byte[bytes]);
    copy.run(begin);
    return copy.target;
  }

  private static boolean isContiguous(TensorValue tensor) {
    long next = 1;
    for (int i = tensor.shape().length - 1; i >= 0; i--) {
      long length = tensor.shape()[i];
      if (length != 1 && tensor.strides()[i] != next) {
        return false;
      }
      next *= length;
    }
    return true;
  }

  private void merge(long[] shape, long[] strides) {
    int targetStep = size;
    for (int i = shape.length - 1; i >= 0; i--) {
      int count = (int) shape[i];
      if (count == 1) {
        continue;
      }
      long step = strides[i] * size;
      if (rank > 0 && step == counts[rank - 1] * sourceSteps[rank - 1]) {
        counts[rank - 1] *= count;
      } else {
        counts[rank] = count;
        sourceSteps[rank] = step;
        targetSteps[rank] = targetStep;
        rank++;
      }
      targetStep *= count;
    }
  }

  private void run(long begin) {
    boolean rows = sourceSteps[0] == size && counts[0] * size >= SHORTEST_ROW;
    int inner = rows ? 0 : longest();
    int[] index = new int[rank];
    long from = begin;
    int to = 0;
    int dimension = 0;
    while (dimension < rank) {
      if (rows) {
        source.copyTo(from, target, to, counts[0] * size);
      } else {
        copy(from, sourceSteps[inner], to, targetSteps[inner], counts[inner]);
      }
      // to the next index of the first dimension that has one, as an odometer
      dimension = 0;
      while (dimension < rank && (dimension == inner || ++index[dimension] == counts[dimension])) {
        if (dimension != inner) {
          index[dimension] = 0;
          from -= (counts[dimension] - 1) * sourceSteps[dimension];
          to -= (counts[dimension] - 1) * targetSteps[dimension];
        }
        dimension++;
      }
      if (dimension < rank) {
        from += sourceSteps[dimension];
        to += targetSteps[dimension];
      }
    }
  }

  private int longest() {
    int longest = 0;
    for (int i = 1; i < rank; i++) {
      longest = counts[i] > counts[longest] ? i : longest;
    }
    return longest;
  }

  /** Copies elements that are a step apart on both sides. */
  private void copy(long begin, long step, int targetBegin, int targetStep, int count) {
    byte[][] chunks = source.chunks();
    long from = begin;
    int to = targetBegin;
    for (int left = count; left > 0; ) {
      int offset = (int) (from % CHUNK_SIZE);
      int room = CHUNK_SIZE - size - offset;
      int here;
      if (room < 0) {
        here = 1;
        source.copyTo(from, target, to, size);
      } else {
        here = step == 0 ? left : (int) Math.min(left, room / step + 1);
        byte[] array = chunks[(int) (from / CHUNK_SIZE)];
        copyWithin(array, offset, here == 1 ? 0 : (int) step, to, targetStep, here);
      }
      left -= here;
      from += here * step;
      to += here * targetStep;
    }
  }

  private void copyWithin(byte[] array, int offset, int step, int begin, int toStep, int count) {
    int from = offset;
    int to = begin;
    switch (size) {
      case 1 -> {
        for (int i = 0; i < count; i++, from += step, to += toStep) {
          target[to] = array[from];
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++, from += step, to += toStep) {
          Elements.SHORT.set(target, to, (short) Elements.SHORT.get(array, from));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++, from += step, to += toStep) {
          Elements.INT.set(target, to, (int) Elements.INT.get(array, from));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++, from += step, to += toStep) {
          Elements.LONG.set(target, to, (long) Elements.LONG.get(array, from));
        }
      }
      default -> {
        for (int i = 0; i < count; i++, from += step, to += toStep) {
          System.arraycopy(array, from, target, to, size);
        }
      }
    }
  }
}
