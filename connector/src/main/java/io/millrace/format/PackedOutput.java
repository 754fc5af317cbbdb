// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small numbers and texts that resemble each other into few bytes. Grows. */
public final class PackedOutput {

  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** A number of which small ones, negative ones too, are frequent. */
  public void writeSigned(long value) {
    writeUnsigned((value << 1) ^ (value >> 63));
  }

  /** Seven bits a byte, the lowest first; any long, as unsigned. */
  public void writeUnsigned(long value) {
    long left = value;
    ensure(10);
    while ((left & ~0x7FL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  /** A text, without as much of its beginning as the one before has, too. */
  public void writeText(byte[] utf8, byte[] before) {
    int mismatch = Arrays.mismatch(utf8, before);
    int same = mismatch < 0 ? utf8.length : mismatch;
    writeUnsigned(same);
    writeUnsigned(utf8.length - same);
    writeRaw(utf8, same, utf8.length - same);
  }

  /** A text, without as much of its beginning and of its end as the one before has, too. */
  void writeLike(byte[] utf8, byte[] before) {
    int shorter = Math.min(utf8.length, before.length);
    int mismatch = Arrays.mismatch(utf8, 0, shorter, before, 0, shorter);
    int first = mismatch < 0 ? shorter : mismatch;
    int last = 0;
    while (first + last < shorter
        && utf8[utf8.length - 1 - last] == before[before.length - 1 - last]) {
      last++;
    }
    writeUnsigned(first);
    writeUnsigned(last);
    writeUnsigned(utf8.length - first - last);
    writeRaw(utf8, first, utf8.length - first - last);
  }

  public void writeText(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public void writeBytes(byte[] value) {
    writeUnsigned(value.length);
    writeRaw(value, 0, value.length);
  }

  /** Bytes whose number the reader knows. */
  void writeRaw(byte[] value, int offset, int length) {
    ensure(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      int grown = Math.addExact(size, Math.max(more, size / 2));
      bytes = Arrays.copyOf(bytes, grown);
    }
  }
}
