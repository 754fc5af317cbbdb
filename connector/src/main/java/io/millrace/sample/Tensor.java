// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable n-dimensional array: elements of one {@link DType}, little-endian, in C order (the
 * last dimension is contiguous). Rank 0 is a single element; a dimension of 0 leaves no element.
 *
 * <p>A flat index counts elements in C order from 0.
 */
public final class Tensor {
  /** The most dimensions a tensor may have; as many as NumPy allows. */
  public static final int MAX_RANK = 64;

  private final DType dtype;
  private final long[] shape;
  private final Bytes data;

  /**
   * Makes a tensor of its elements' bytes.
   *
   * @param shape size of each dimension, the slowest first; copied
   * @throws IllegalArgumentException if there are more than {@link #MAX_RANK} dimensions, one is
   *     negative, or the data doesn't have exactly the bytes that dtype and shape imply
   */
  public Tensor(DType dtype, long[] shape, Bytes data) {
    this.dtype = dtype;
    this.shape = shape.clone();
    this.data = data;
    if (byteSize(dtype, this.shape) != data.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a tensor of %s%s from %d bytes",
              dtype,
              shortShape(this.shape),
              data.size()));
    }
  }

  /** Returns the bytes that the elements take, or -1 if that is not possible. */
  private static long byteSize(DType dtype, long[] shape) {
    if (shape.length > MAX_RANK || Arrays.stream(shape).anyMatch(size -> size < 0)) {
      return -1;
    }
    if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
      return 0;
    }
    long bytes = dtype.byteSize();
    for (long size : shape) {
      // Content is an array of bytes, so that more than an int holds is as wrong as an overflow.
      if (size > Integer.MAX_VALUE / bytes) {
        return -1;
      }
      bytes *= size;
    }
    return bytes;
  }

  /** Returns the type of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the size of a dimension; 0 is the slowest.
   *
   * @throws IndexOutOfBoundsException if the index is not in [0, rank)
   */
  public long dimension(int index) {
    return shape[Objects.checkIndex(index, shape.length)];
  }

  /** Returns a new array of the dimensions' sizes, the slowest first. */
  public long[] shape() {
    return shape.clone();
  }

  boolean hasShape(List<Long> other) {
    if (other.size() != shape.length) {
      return false;
    }
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] != other.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of elements; 1 for rank 0. */
  public long elementCount() {
    return data.size() / dtype.byteSize();
  }

  /** Returns the elements' bytes. */
  public Bytes data() {
    return data;
  }

  /**
   * Returns a read-only view of elements of one byte.
   *
   * @throws IllegalStateException if elements are larger; {@link #data} has the bytes of any dtype
   */
  public ByteBuffer asByteBuffer() {
    if (dtype.byteSize() != 1) {
      throw unsupported("view", "bytes");
    }
    return data.asByteBuffer();
  }

  /**
   * Returns a read-only view of 16-bit elements: integers, or the patterns of small floats.
   *
   * @throws IllegalStateException if the dtype is another
   */
  public ShortBuffer asShortBuffer() {
    return switch (dtype) {
      case INT16, UINT16, FLOAT16, BFLOAT16 -> data.asByteBuffer().asShortBuffer();
      default -> throw unsupported("view", "shorts");
    };
  }

  /**
   * Returns a read-only view of 32-bit integers; unsigned ones are to be read as such.
   *
   * @throws IllegalStateException if the dtype is another
   */
  public IntBuffer asIntBuffer() {
    return switch (dtype) {
      case INT32, UINT32 -> data.asByteBuffer().asIntBuffer();
      default -> throw unsupported("view", "ints");
    };
  }

  /**
   * Returns a read-only view of 64-bit integers; unsigned ones are to be read as such.
   *
   * @throws IllegalStateException if the dtype is another
   */
  public LongBuffer asLongBuffer() {
    return switch (dtype) {
      case INT64, UINT64 -> data.asByteBuffer().asLongBuffer();
      default -> throw unsupported("view", "longs");
    };
  }

  /**
   * Returns a read-only view of 32-bit floats.
   *
   * @throws IllegalStateException if the dtype is another; {@link #toFloatArray} converts
   */
  public FloatBuffer asFloatBuffer() {
    if (dtype != DType.FLOAT32) {
      throw unsupported("view", "floats");
    }
    return data.asByteBuffer().asFloatBuffer();
  }

  /**
   * Returns a read-only view of 64-bit floats.
   *
   * @throws IllegalStateException if the dtype is another; {@link #toDoubleArray} converts
   */
  public DoubleBuffer asDoubleBuffer() {
    if (dtype != DType.FLOAT64) {
      throw unsupported("view", "doubles");
    }
    return data.asByteBuffer().asDoubleBuffer();
  }

  /**
   * Converts the elements of any real dtype, rounding where a float is too narrow.
   *
   * @throws IllegalStateException if the dtype is complex
   */
  public float[] toFloatArray() {
    float[] floats = new float[(int) elementCount()];
    switch (dtype) {
      case FLOAT32 -> asFloatBuffer().get(floats);
      // Through a double these would be rounded twice.
      case INT64 -> fill(floats, i -> (float) data.longAt(i * Long.BYTES));
      case UINT64 -> fill(floats, i -> unsignedToFloat(data.longAt(i * Long.BYTES)));
      default -> {
        requireReal("floats");
        fill(floats, i -> (float) doubleAt(i));
      }
    }
    return floats;
  }

  /**
   * Converts the elements of any real dtype; integers beyond 2⁵³ are rounded.
   *
   * @throws IllegalStateException if the dtype is complex
   */
  public double[] toDoubleArray() {
    double[] doubles = new double[(int) elementCount()];
    if (dtype == DType.FLOAT64) {
      asDoubleBuffer().get(doubles);
      return doubles;
    }
    requireReal("doubles");
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = doubleAt(i);
    }
    return doubles;
  }

  /**
   * Converts the elements of an integer dtype; booleans become 0 and 1.
   *
   * @throws IllegalStateException if the dtype is not one
   * @throws ArithmeticException if an unsigned element is 2⁶³ or more
   */
  public long[] toLongArray() {
    long[] longs = new long[(int) elementCount()];
    if (dtype == DType.INT64) {
      asLongBuffer().get(longs);
      return longs;
    }
    requireInteger("longs");
    for (int i = 0; i < longs.length; i++) {
      longs[i] = exactLongAt(i);
    }
    return longs;
  }

  /**
   * Returns an element of any real dtype; integers beyond 2⁵³ are rounded.
   *
   * @throws IllegalStateException if the dtype is complex
   * @throws IndexOutOfBoundsException if the flat index is not in [0, elementCount)
   */
  public double getDouble(long flatIndex) {
    requireReal("a double");
    return doubleAt((int) Objects.checkIndex(flatIndex, elementCount()));
  }

  /**
   * Returns an element of an integer dtype; booleans are 0 and 1.
   *
   * @throws IllegalStateException if the dtype is not one
   * @throws ArithmeticException if the element is unsigned and 2⁶³ or more
   * @throws IndexOutOfBoundsException if the flat index is not in [0, elementCount)
   */
  public long getLong(long flatIndex) {
    requireInteger("a long");
    return exactLongAt((int) Objects.checkIndex(flatIndex, elementCount()));
  }

  /**
   * Converts the elements to another dtype; of the same one this is the tensor itself.
   *
   * <p>To floats the nearest value is taken, ties to even, rounded once; what is too large becomes
   * infinity, or NaN where the format has none. NaNs stay NaNs, and the patterns of 8- and 16-bit
   * floats survive the way to {@code float32} and back. Floats lose their fraction on the way to an
   * integer, which is then as exact as an integer on the way to another. Anything but zero is true.
   *
   * @throws IllegalArgumentException if either dtype is complex, or the result too large for an
   *     array
   * @throws ArithmeticException naming the element, if an integer dtype cannot hold its value: it
   *     is out of range, infinite or NaN
   */
  public Tensor castTo(DType target) {
    return ElementCast.cast(this, target);
  }

  /**
   * Returns the elements of a box: of each dimension, those from an index on, up to and without
   * another. May share, and so keep reachable, the data of this tensor.
   *
   * @param from the first index in each dimension
   * @param to the index after the last one in each dimension
   * @throws IndexOutOfBoundsException if there are not as many as dimensions, or not 0 &le; from
   *     &le; to &le; size in one
   */
  public Tensor slice(long[] from, long[] to) {
    return TensorSlice.of(this, from, to);
  }

  private double doubleAt(int index) {
    return switch (dtype) {
      case FLOAT16 -> SmallFloats.float16ToFloat(data.shortAt(index * Short.BYTES));
      case BFLOAT16 -> SmallFloats.bfloat16ToFloat(data.shortAt(index * Short.BYTES));
      case FLOAT8_E4M3FN -> SmallFloats.float8E4m3fnToFloat(data.byteAt(index));
      case FLOAT8_E5M2 -> SmallFloats.float8E5m2ToFloat(data.byteAt(index));
      case FLOAT8_E4M3FNUZ -> SmallFloats.float8E4m3fnuzToFloat(data.byteAt(index));
      case FLOAT8_E5M2FNUZ -> SmallFloats.float8E5m2fnuzToFloat(data.byteAt(index));
      case FLOAT32 -> Float.intBitsToFloat(data.intAt(index * Float.BYTES));
      case FLOAT64 -> Double.longBitsToDouble(data.longAt(index * Double.BYTES));
      case UINT64 -> unsignedToDouble(data.longAt(index * Long.BYTES));
      default -> longAt(index);
    };
  }

  private long exactLongAt(int index) {
    long value = longAt(index);
    if (dtype == DType.UINT64 && value < 0) {
      throw new ArithmeticException(
          "Cannot read element "
              + index
              + " of "
              + this
              + " as a long: it is "
              + Long.toUnsignedString(value));
    }
    return value;
  }

  /** Returns an integer element, sign- or zero-extended; 64-bit unsigned ones wrap. */
  private long longAt(int index) {
    return switch (dtype) {
      case BOOL -> data.byteAt(index) == 0 ? 0 : 1;
      case UINT8 -> data.byteAt(index) & 0xffL;
      case INT8 -> data.byteAt(index);
      case UINT16 -> data.shortAt(index * Short.BYTES) & 0xffffL;
      case INT16 -> data.shortAt(index * Short.BYTES);
      case UINT32 -> data.intAt(index * Integer.BYTES) & 0xffff_ffffL;
      case INT32 -> data.intAt(index * Integer.BYTES);
      case UINT64, INT64 -> data.longAt(index * Long.BYTES);
      default -> throw unsupported("read", "a whole number");
    };
  }

  static double unsignedToDouble(long bits) {
    // The lowest bit is kept sticky, so that halving doesn't change how the value is rounded.
    return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
  }

  static float unsignedToFloat(long bits) {
    return bits >= 0 ? bits : (float) ((bits >>> 1) | (bits & 1)) * 2;
  }

  private interface FloatElement {
    float at(int index);
  }

  private static void fill(float[] target, FloatElement element) {
    for (int i = 0; i < target.length; i++) {
      target[i] = element.at(i);
    }
  }

  private void requireReal(String target) {
    if (dtype.isComplex()) {
      throw unsupported("read", target);
    }
  }

  private void requireInteger(String target) {
    if (!dtype.isInteger()) {
      throw unsupported("read", target);
    }
  }

  private IllegalStateException unsupported(String operation, String target) {
    return new IllegalStateException("Cannot " + operation + " " + this + " as " + target);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    // Not the dtype: an enum's hash differs from JVM to JVM, and a hash may be a partition.
    return 31 * Arrays.hashCode(shape) + data.hashCode();
  }

  /** Returns dtype and shape, such as {@code tensor<uint8>[28,28]}. */
  @Override
  public String toString() {
    return "tensor<" + dtype + ">" + shortShape(shape);
  }

  private static String shortShape(long[] shape) {
    return shape.length <= MAX_RANK
        ? Arrays.toString(shape).replace(" ", "")
        : " of rank " + shape.length;
  }
}
