// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import org.jspecify.annotations.Nullable;

/** Goes through a stored form; every step is checked against its end. */
final class StoredReader {

  private final ObjectLocation object;
  private final long offset;
  private final ByteChunks stored;
  private long position;

  /**
   * @param object what the bytes are of, for messages
   * @param offset where they begin in it, for messages
   */
  StoredReader(ObjectLocation object, long offset, ByteChunks stored) {
    this.object = object;
    this.offset = offset;
    this.stored = stored;
  }

  long remaining() {
    return stored.length() - position;
  }

  int readByte() throws CorruptObjectException {
    need(1);
    return stored.getByte(position++) & 0xff;
  }

  /** A number that must not be more than a bound. */
  long readVarint(long most, String what) throws CorruptObjectException {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = readByte();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next > 0x7f && shift < 63);
    if (next > 0x7f || value > most) {
      throw corrupt(what + " is " + (next > 0x7f ? "too long" : value + ", at most " + most));
    }
    return value;
  }

  void read(byte[] target, int at, int length) throws CorruptObjectException {
    need(length);
    stored.copyTo(position, target, at, length);
    position += length;
  }

  void read(ByteChunks target, long at, long length) throws CorruptObjectException {
    need(length);
    for (ByteChunks.Segment s = target.first(at, length); s != null; s = s.next()) {
      read(s.array(), s.offset(), s.length());
    }
  }

  /**
   * The next bytes as they lie in the stored form's own array, which are passed over; null, and
   * nothing passed over, where they lie in two.
   */
  ByteChunks.@Nullable Segment inOneArray(int length) throws CorruptObjectException {
    need(length);
    ByteChunks.Segment segment = stored.first(position, length);
    if (segment == null || segment.length() < length) {
      return null;
    }
    position += length;
    return segment;
  }

  /** The bytes up to the end of the array that they lie in, or of the form; null at its end. */
  ByteChunks.@Nullable Segment available() {
    return stored.first(position, remaining());
  }

  void skip(int count) throws CorruptObjectException {
    need(count);
    position += count;
  }

  private void need(long count) throws CorruptObjectException {
    if (count > remaining()) {
      throw corrupt(count + " more bytes are needed where " + remaining() + " are left");
    }
  }

  CorruptObjectException corrupt(String problem) {
    return corrupt(problem, null);
  }

  CorruptObjectException corrupt(String problem, @Nullable Throwable cause) {
    String message =
        "the compressed form of its bytes in the cache is damaged at byte "
            + position
            + " of "
            + stored.length()
            + ": "
            + problem;
    return cause == null
        ? new CorruptObjectException(object, offset, message)
        : new CorruptObjectException(object, offset, message, cause);
  }
}
