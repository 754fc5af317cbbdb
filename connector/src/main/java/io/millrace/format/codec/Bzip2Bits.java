// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;

/** A bzip2 stream's bits, from the highest of each byte down. Reads no byte before it is needed. */
final class Bzip2Bits {

  private final CompressedSource in;
  private long buffer;
  private int count;

  Bzip2Bits(CompressedSource in) {
    this.in = in;
  }

  /** The next bits without taking them, at most 48. */
  long peek(int width) throws CorruptObjectException {
    while (count < width) {
      int next = in.read();
      if (next < 0) {
        throw Faults.cut("bz2", in);
      }
      buffer = buffer << Byte.SIZE | next;
      count += Byte.SIZE;
    }
    return buffer >>> (count - width) & ((1L << width) - 1);
  }

  /** Takes bits that were peeked. */
  void drop(int width) {
    count -= width;
  }

  /** The next bits, at most 48. */
  long readLong(int width) throws CorruptObjectException {
    long value = peek(width);
    drop(width);
    return value;
  }

  /** The next bits, at most 32. */
  int read(int width) throws CorruptObjectException {
    return (int) readLong(width);
  }

  CorruptObjectException corrupt(String problem) {
    return in.corrupt("the bz2 stream is damaged: " + problem);
  }
}
