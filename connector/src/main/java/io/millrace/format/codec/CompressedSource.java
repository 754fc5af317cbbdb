// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one compressed object, read forwards; makes the exceptions that name their place.
 */
final class CompressedSource {

  private static final byte[] NOTHING = {};

  private final ObjectLocation object;
  private final List<ByteChunks> pieces;
  private final long length;

  private int nextPiece;
  private ByteChunks.@Nullable Segment segment;
  private int used;
  private long position;

  CompressedSource(ObjectLocation object, List<ByteChunks> pieces) {
    this.object = object;
    this.pieces = pieces;
    this.length = pieces.stream().mapToLong(ByteChunks::length).sum();
    settle();
  }

  private CompressedSource(CompressedSource other) {
    this.object = other.object;
    this.pieces = other.pieces;
    this.length = other.length;
    this.nextPiece = other.nextPiece;
    this.segment = other.segment;
    this.used = other.used;
    this.position = other.position;
  }

  /** Goes to the next segment while the current one is used up. */
  private void settle() {
    while (segment == null || used == segment.length()) {
      used = 0;
      segment = segment == null ? null : segment.next();
      if (segment == null) {
        if (nextPiece == pieces.size()) {
          return;
        }
        ByteChunks piece = pieces.get(nextPiece++);
        segment = piece.first(0, piece.length());
      }
    }
  }

  /** Bytes read. */
  long position() {
    return position;
  }

  /** Bytes not read. */
  long remaining() {
    return length - position;
  }

  /** The array that holds the next {@link #available} bytes from {@link #offset} on. */
  byte[] array() {
    return segment == null ? NOTHING : segment.array();
  }

  int offset() {
    return segment == null ? 0 : segment.offset() + used;
  }

  /** Bytes that lie together, 0 only at the end. */
  int available() {
    return segment == null ? 0 : segment.length() - used;
  }

  /** Takes bytes as read, at most {@link #available}. */
  void advance(int count) {
    used += count;
    position += count;
    settle();
  }

  /** Takes bytes as read, at most {@link #remaining}. */
  void skip(long count) {
    for (long left = count; left > 0; ) {
      int here = (int) Math.min(left, available());
      advance(here);
      left -= here;
    }
  }

  /** The next byte as 0 … 255, or -1 at the end. */
  int read() {
    if (segment == null) {
      return -1;
    }
    int value = segment.array()[segment.offset() + used] & 0xff;
    advance(1);
    return value;
  }

  /** Reads bytes into an array; how many, 0 only at the end. */
  int read(byte[] target, int offset, int count) {
    int done = 0;
    while (done < count && segment != null) {
      int here = Math.min(count - done, available());
      System.arraycopy(array(), offset(), target, offset + done, here);
      advance(here);
      done += here;
    }
    return done;
  }

  /** Reads bytes without taking them as read; fewer than asked for only at the end. */
  byte[] peek(int count) {
    byte[] target = new byte[(int) Math.min(count, remaining())];
    new CompressedSource(this).read(target, 0, target.length);
    return target;
  }

  /** A fault at the place reached. */
  CorruptObjectException corrupt(String problem) {
    return corrupt(position, problem);
  }

  CorruptObjectException corrupt(long offset, String problem) {
    return new CorruptObjectException(object, offset, problem);
  }

  CorruptObjectException corrupt(String problem, Throwable cause) {
    return new CorruptObjectException(object, position, problem, cause);
  }
}
