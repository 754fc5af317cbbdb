// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link PackedOutput} wrote.
 *
 * <p>Every method throws {@link IllegalArgumentException} where the bytes cannot be of it.
 */
public final class PackedInput {

  private final byte[] bytes;
  private final int end;
  private int position;

  public PackedInput(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  int position() {
    return position;
  }

  public boolean isAtEnd() {
    return position == end;
  }

  public long readSigned() {
    long folded = readUnsigned();
    return (folded >>> 1) ^ -(folded & 1);
  }

  public long readUnsigned() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes[advance(1)];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("Cannot read a packed number: it does not end");
  }

  /** A count of things of which each takes at least a byte. */
  public int readCount() {
    long count = readUnsigned();
    if (count < 0 || count > end - position) {
      throw new IllegalArgumentException(
          "Cannot read " + count + " packed things from " + (end - position) + " bytes");
    }
    return (int) count;
  }

  byte[] readLike(byte[] before) {
    return readLike(before, readUnsigned(), readUnsigned());
  }

  public byte[] readText(byte[] before) {
    return readLike(before, readUnsigned(), 0);
  }

  private byte[] readLike(byte[] before, long first, long last) {
    int different = readCount();
    if (first < 0 || last < 0 || first > before.length || last > before.length - first) {
      throw new IllegalArgumentException(
          "Cannot read a packed text: what it shares with the one before is missing");
    }
    byte[] text = new byte[Math.addExact((int) (first + last), different)];
    System.arraycopy(before, 0, text, 0, (int) first);
    System.arraycopy(bytes, advance(different), text, (int) first, different);
    System.arraycopy(before, before.length - (int) last, text, (int) first + different, (int) last);
    return text;
  }

  public String readText() {
    int length = readCount();
    return new String(bytes, advance(length), length, StandardCharsets.UTF_8);
  }

  public byte[] readBytes() {
    return readRaw(readCount());
  }

  /** Bytes that were written without their number. */
  byte[] readRaw(int length) {
    int from = advance(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private int advance(int count) {
    int from = position;
    if (count > end - from) {
      throw new IllegalArgumentException("Cannot read packed bytes: they end too early");
    }
    position = from + count;
    return from;
  }
}
