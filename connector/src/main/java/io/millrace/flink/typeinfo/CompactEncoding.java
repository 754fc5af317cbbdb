// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.Bytes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The smallest parts of the binary form: numbers of variable length, strings and runs of bytes.
 *
 * <p>An unsigned number takes 7 bits a byte, the lowest first; the top bit says that more follow. A
 * size is such a number of at most 2³¹ − 1. What is read may be hostile: sizes are believed only as
 * far as bytes arrive.
 */
final class CompactEncoding {
  /** What is allocated before any byte of a value has arrived. */
  private static final int FIRST_CHUNK = 1 << 20;

  private static final int UTF_16 = 1;

  private CompactEncoding() {}

  static void writeUnsigned(long value, DataOutput out) throws IOException {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  static long readUnsigned(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readByte();
      long bits = next & 0x7f;
      value |= bits << shift;
      if (value >>> shift != bits) {
        break;
      }
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("Cannot read a number of more than 64 bits");
  }

  static int readSize(DataInput in) throws IOException {
    return checkSize(readUnsigned(in));
  }

  private static int checkSize(long size) throws IOException {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new IOException("Cannot read a value of size " + Long.toUnsignedString(size));
    }
    return (int) size;
  }

  static void writeBytes(Bytes bytes, DataOutput out) throws IOException {
    writeUnsigned(bytes.size(), out);
    bytes.writeTo(out);
  }

  static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    writeUnsigned(bytes.length, out);
    out.write(bytes);
  }

  static byte[] readBytes(DataInput in) throws IOException {
    return readBytes(readSize(in), in);
  }

  private static byte[] readBytes(int size, DataInput in) throws IOException {
    byte[] bytes = new byte[Math.min(size, FIRST_CHUNK)];
    in.readFully(bytes);
    while (bytes.length < size) {
      int arrived = bytes.length;
      bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * arrived));
      in.readFully(bytes, arrived, bytes.length - arrived);
    }
    return bytes;
  }

  /**
   * Writes any Java string: as UTF-8, or as UTF-16 if it has a surrogate without its partner, which
   * UTF-8 cannot express. The lowest bit of the size tells which.
   */
  static void writeString(String text, DataOutput out) throws IOException {
    boolean utf16 = hasUnpairedSurrogate(text);
    byte[] bytes = utf16 ? toUtf16(text) : text.getBytes(StandardCharsets.UTF_8);
    writeUnsigned(((long) bytes.length << 1) | (utf16 ? UTF_16 : 0), out);
    out.write(bytes);
  }

  static String readString(DataInput in) throws IOException {
    long header = readUnsigned(in);
    byte[] bytes = readBytes(checkSize(header >>> 1), in);
    return (header & UTF_16) == 0
        ? new String(bytes, StandardCharsets.UTF_8)
        : ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  /** Unlike the charset of that name this keeps what is no character. */
  private static byte[] toUtf16(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(text.length(), Character.BYTES));
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }

  private static boolean hasUnpairedSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean paired =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
