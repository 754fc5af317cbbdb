// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.pickle;

import io.millrace.storage.ByteChunks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Reads a pickle's bytes in place, array by array: a pickle may be the short beginning of a long
 * file. Believes no length: what is asked for lies before the end, or nothing is allocated.
 */
final class PickleReader {

  /** Most bytes that a Java array holds for sure. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] NOTHING = {};

  private final ByteChunks bytes;
  private final long end;

  private byte[] array = NOTHING;

  /** Where {@code array[0]} lies in the bytes. */
  private long origin;

  private int next;
  private int limit;

  PickleReader(ByteChunks bytes, long from, long end) {
    Objects.checkFromToIndex(from, end, bytes.length());
    this.bytes = bytes;
    this.end = end;
    seek(from);
  }

  private void seek(long position) {
    ByteChunks.Segment segment = bytes.first(position, end - position);
    if (segment == null) {
      array = NOTHING;
      origin = position;
      next = 0;
      limit = 0;
      return;
    }
    array = segment.array();
    next = segment.offset();
    limit = next + segment.length();
    origin = position - next;
  }

  /** Where the next byte lies. */
  long position() {
    return origin + next;
  }

  /** Bytes before the end. */
  long remaining() {
    return end - position();
  }

  boolean hasNext() {
    return next < limit || remaining() > 0;
  }

  /** The next byte, 0 to 255. */
  int readByte() throws PickleException {
    if (next == limit) {
      require(1);
      seek(position());
    }
    return array[next++] & 0xff;
  }

  int readShort() throws PickleException {
    require(2);
    return readByte() | readByte() << 8;
  }

  int readInt() throws PickleException {
    if (limit - next >= 4) {
      next += 4;
      return (int) INT.get(array, next - 4);
    }
    require(4);
    return readShort() | readShort() << 16;
  }

  long readUnsignedInt() throws PickleException {
    return Integer.toUnsignedLong(readInt());
  }

  long readLong() throws PickleException {
    require(8);
    return readUnsignedInt() | (long) readInt() << 32;
  }

  /** Bytes in a new array. */
  byte[] readBytes(int count) throws PickleException {
    require(count);
    byte[] copy = bytes.copy(position(), count);
    skip(count);
    return copy;
  }

  /** Text of some bytes of strict UTF-8. */
  String readText(int count) throws PickleException {
    require(count);
    String text =
        count <= limit - next
            ? StrictUtf8.decode(array, next, count)
            : StrictUtf8.decode(bytes.copy(position(), count), 0, count);
    skip(count);
    return text;
  }

  /**
   * How many bytes stand before the next line feed.
   *
   * @param longest most that there may be
   */
  int lineLength(int longest) throws PickleException {
    long from = position();
    long searched = Math.min(remaining(), longest + 1L);
    for (var s = bytes.first(from, searched); s != null; s = s.next()) {
      for (int i = 0; i < s.length(); i++) {
        if (s.array()[s.offset() + i] == '\n') {
          return (int) (s.position() + i - from);
        }
      }
    }
    throw new PickleException(
        searched > longest
            ? "its line is longer than " + longest + " bytes"
            : "the pickle ends within its line");
  }

  /** Goes on behind some bytes, which are there. */
  void skip(int count) {
    if (count <= limit - next) {
      next += count;
    } else {
      seek(position() + count);
    }
  }

  /**
   * Checks that some bytes are there.
   *
   * @param count of which a negative one stands for 2⁶³ and more
   */
  void require(long count) throws PickleException {
    if (count < 0 || count > remaining()) {
      throw new PickleException(
          "the pickle ends "
              + remaining()
              + " bytes on, "
              + Long.toUnsignedString(count)
              + " are to come");
    }
  }
}
