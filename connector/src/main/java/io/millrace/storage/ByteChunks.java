// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes held in chunks of {@link #CHUNK_SIZE}, the last one shorter. Chunks are that small
 * because a 4 MiB array is a humongous object to G1, which then fills only 50–80 % of the heap;
 * these fill more than 99 %.
 *
 * <p>Filled by one thread, then published and only read. The owner of the memory (a cache, a
 * budget) decides how long it stays valid; nothing here checks that.
 */
public final class ByteChunks {

  /** Bytes in every chunk but the last: 256 KiB less room for the array's header. */
  public static final int CHUNK_SIZE = 256 * 1024 - 64;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[][] chunks;
  private final long length;

  private ByteChunks(byte[][] chunks, long length) {
    this.chunks = chunks;
    this.length = length;
  }

  /** New memory of this many bytes, all zero. */
  public static ByteChunks allocate(long length) {
    byte[][] chunks = new byte[chunkCount(length)][];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new byte[chunkLength(length, i)];
    }
    return new ByteChunks(chunks, length);
  }

  /**
   * A run over given arrays, which are not copied.
   *
   * @param chunks arrays of at least {@link #CHUNK_SIZE} bytes each, the last one at least as long
   *     as what is left
   * @throws IllegalArgumentException if their number or a length does not fit
   */
  public static ByteChunks over(byte[][] chunks, long length) {
    if (chunks.length != chunkCount(length)) {
      throw new IllegalArgumentException(
          "Cannot hold " + length + " bytes in " + chunks.length + " chunks");
    }
    for (int i = 0; i < chunks.length; i++) {
      if (chunks[i].length < chunkLength(length, i)) {
        throw new IllegalArgumentException(
            "Cannot use chunk " + i + " of " + chunks[i].length + " bytes");
      }
    }
    return new ByteChunks(chunks, length);
  }

  /** How many chunks hold this many bytes. */
  public static int chunkCount(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("Cannot use a negative length: " + length);
    }
    return Math.toIntExact((length + CHUNK_SIZE - 1) / CHUNK_SIZE);
  }

  /** How many bytes of a run of this length lie in one of its chunks. */
  public static int chunkLength(long length, int chunk) {
    return (int) Math.min(CHUNK_SIZE, length - (long) chunk * CHUNK_SIZE);
  }

  public long length() {
    return length;
  }

  public byte getByte(long position) {
    Objects.checkIndex(position, length);
    return chunks[(int) (position / CHUNK_SIZE)][(int) (position % CHUNK_SIZE)];
  }

  /** Four bytes as a little-endian integer. */
  public int getInt(long position) {
    Objects.checkFromIndexSize(position, 4, length);
    int chunk = (int) (position / CHUNK_SIZE);
    int offset = (int) (position % CHUNK_SIZE);
    if (offset <= CHUNK_SIZE - 4) {
      return (int) INT.get(chunks[chunk], offset);
    }
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | (getByte(position + i) & 0xff);
    }
    return value;
  }

  /** Four bytes as a little-endian unsigned integer, 0 … 2³² − 1. */
  public long getUnsignedInt(long position) {
    return Integer.toUnsignedLong(getInt(position));
  }

  /** Eight bytes as a little-endian integer. */
  public long getLong(long position) {
    Objects.checkFromIndexSize(position, 8, length);
    int offset = (int) (position % CHUNK_SIZE);
    if (offset <= CHUNK_SIZE - 8) {
      return (long) LONG.get(chunks[(int) (position / CHUNK_SIZE)], offset);
    }
    return getUnsignedInt(position) | (long) getInt(position + 4) << 32;
  }

  /** Copies bytes out. */
  public void copyTo(long position, byte[] target, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, target.length);
    int done = offset;
    for (Segment s = first(position, count); s != null; s = s.next()) {
      System.arraycopy(s.array(), s.offset(), target, done, s.length());
      done += s.length();
    }
  }

  /** A new array with a copy of some bytes. */
  public byte[] copy(long position, int count) {
    Objects.checkFromIndexSize(position, count, length);
    int offset = (int) (position % CHUNK_SIZE);
    if (count > 0 && offset + count <= CHUNK_SIZE) {
      // The JVM does not zero an array that it is about to fill from another one.
      return Arrays.copyOfRange(chunks[(int) (position / CHUNK_SIZE)], offset, offset + count);
    }
    byte[] target = new byte[count];
    copyTo(position, target, 0, count);
    return target;
  }

  /**
   * The first of the array pieces that hold a range, in order; for checksums, codecs and streams
   * that work on arrays. Null when the range is empty.
   */
  public @Nullable Segment first(long position, long count) {
    Objects.checkFromIndexSize(position, count, length);
    return segmentAt(position, count);
  }

  private @Nullable Segment segmentAt(long position, long count) {
    if (count == 0) {
      return null;
    }
    int offset = (int) (position % CHUNK_SIZE);
    int here = (int) Math.min(CHUNK_SIZE - offset, count);
    return new Segment(
        this, chunks[(int) (position / CHUNK_SIZE)], offset, here, position, count - here);
  }

  /**
   * The same arrays in a run of their own, which keeps them when this one {@link #take takes}
   * others.
   */
  ByteChunks view() {
    return new ByteChunks(chunks.clone(), length);
  }

  /**
   * Takes the arrays of another run of the same length in place of its own, so that who may still
   * write to those does no harm. Only by the one thread that fills it.
   */
  void take(ByteChunks other) {
    if (other.length != length) {
      throw new IllegalArgumentException(
          "Cannot take " + other.length + " bytes in place of " + length);
    }
    System.arraycopy(other.chunks, 0, chunks, 0, chunks.length);
  }

  /** The arrays beneath, for the owner that recycles them. */
  public byte[][] chunks() {
    return chunks;
  }

  /**
   * A piece of a run that lies in one array.
   *
   * @param run the run that it belongs to
   * @param array the array, written to only by the run's producer
   * @param offset first byte in the array
   * @param length bytes in the array, at least 1
   * @param position where the piece begins in the run
   * @param remaining bytes of the range after this piece
   */
  @SuppressWarnings("ArrayRecordComponent") // a view over the run's own memory, never compared
  public record Segment(
      ByteChunks run, byte[] array, int offset, int length, long position, long remaining) {

    /** The piece after this one, or null at the range's end. */
    public @Nullable Segment next() {
      return run.segmentAt(position + length, remaining);
    }
  }
}
