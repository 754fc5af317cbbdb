// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkIndex;

import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An immutable run of bytes. Numbers in it are little-endian wherever this package reads them.
 *
 * <p>The content is a whole array or, for a {@linkplain #slice slice}, a part of one that keeps the
 * whole array reachable. Equality is by content; the hash is the same on every JVM.
 */
public final class Bytes {
  /** No bytes at all. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private static final int SHOWN = 8;
  private static final VarHandle SHORTS = littleEndian(short[].class);
  private static final VarHandle INTS = littleEndian(int[].class);
  private static final VarHandle LONGS = littleEndian(long[].class);

  private final byte[] array;
  private final int offset;
  private final int size;

  private Bytes(byte[] array, int offset, int size) {
    this.array = array;
    this.offset = offset;
    this.size = size;
  }

  private static VarHandle littleEndian(Class<?> view) {
    return MethodHandles.byteArrayViewVarHandle(view, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Makes the array itself the content, without a copy. The array belongs to the result: the caller
   * must neither keep nor change it.
   */
  public static Bytes wrap(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** Copies the whole array. */
  public static Bytes copyOf(byte[] source) {
    return wrap(source.clone());
  }

  /**
   * Copies {@code size} bytes of the array from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public static Bytes copyOf(byte[] source, int offset, int size) {
    checkFromIndexSize(offset, size, source.length);
    return wrap(Arrays.copyOfRange(source, offset, offset + size));
  }

  /** Copies what remains in the buffer and moves its position to its limit. */
  public static Bytes copyOf(ByteBuffer source) {
    byte[] copy = new byte[source.remaining()];
    source.get(copy);
    return wrap(copy);
  }

  /** Returns the number of bytes. */
  public int size() {
    return size;
  }

  /** Says whether there is no byte. */
  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Returns the byte at an index, counted from 0.
   *
   * @throws IndexOutOfBoundsException if the index is not in [0, size)
   */
  public byte byteAt(int index) {
    return array[offset + checkIndex(index, size)];
  }

  /** Reads two little-endian bytes from {@code index} on. */
  short shortAt(int index) {
    checkFromIndexSize(index, Short.BYTES, size);
    return (short) SHORTS.get(array, offset + index);
  }

  /** Reads four little-endian bytes from {@code index} on. */
  int intAt(int index) {
    checkFromIndexSize(index, Integer.BYTES, size);
    return (int) INTS.get(array, offset + index);
  }

  /** Reads eight little-endian bytes from {@code index} on. */
  long longAt(int index) {
    checkFromIndexSize(index, Long.BYTES, size);
    return (long) LONGS.get(array, offset + index);
  }

  /**
   * Returns a part that shares, and so keeps reachable, the array of this one.
   *
   * @throws IndexOutOfBoundsException if the range is not within [0, size)
   */
  public Bytes slice(int from, int length) {
    checkFromIndexSize(from, /* size= */ length, /* length= */ size);
    return length == size ? this : new Bytes(array, offset + from, length);
  }

  /** Returns a new read-only, little-endian view: position 0, limit and capacity {@link #size}. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, offset, size)
        .slice()
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a new array with a copy of the content. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + size);
  }

  /**
   * Copies {@code length} bytes from index {@code from} to {@code target}.
   *
   * @throws IndexOutOfBoundsException if either range is out of bounds
   */
  public void copyTo(int from, byte[] target, int targetOffset, int length) {
    checkFromIndexSize(from, /* size= */ length, /* length= */ size);
    checkFromIndexSize(targetOffset, length, target.length);
    System.arraycopy(array, offset + from, target, targetOffset, length);
  }

  /**
   * Copies everything to the buffer's position and moves it on.
   *
   * @throws java.nio.BufferOverflowException if fewer than {@link #size} bytes remain there
   */
  public void copyTo(ByteBuffer target) {
    target.put(array, offset, size);
  }

  /** Writes the content, without its length. */
  public void writeTo(DataOutput out) throws IOException {
    out.write(array, offset, size);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + size, that.array, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + size; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** Returns the length and at most 8 bytes in hexadecimal, such as {@code Bytes[2: cafe]}. */
  @Override
  public String toString() {
    int shown = Math.min(size, SHOWN);
    String hex = HexFormat.of().formatHex(array, offset, offset + shown);
    return "Bytes[" + size + ": " + hex + (shown < size ? "..." : "") + "]";
  }
}
