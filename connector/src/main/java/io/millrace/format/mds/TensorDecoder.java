// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.DType;
import io.millrace.storage.ByteChunks;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of NumPy: a byte that tells the dtype where the encoding does not, a byte {@code (ndim <<
 * 2) | w} and the dimensions in {@code 2^w} bytes each where the encoding does not tell the shape,
 * and the values in C order, little-endian.
 */
final class TensorDecoder implements ColumnDecoder {

  /** As many as the shape's byte can say. */
  static final int MAX_RANK = 63;

  private final @Nullable DType dtype;
  private final long @Nullable [] shape;

  /**
   * Makes the decoder of an encoding.
   *
   * @param dtype null if each value tells its own
   * @param shape null if each value tells its own
   */
  TensorDecoder(@Nullable DType dtype, long @Nullable [] shape) {
    this.dtype = dtype;
    this.shape = shape == null ? null : shape.clone();
  }

  /** The dtype of a name, or null if MDS has none of that name. */
  static @Nullable DType dtypeOf(String name) {
    return switch (name) {
      case "uint8", "int8", "uint16", "int16", "float16", "uint32", "int32", "float32" ->
          DType.of(name);
      case "uint64", "int64", "float64" -> DType.of(name);
      default -> null;
    };
  }

  private static DType dtypeOf(int code) throws MalformedValueException {
    return switch (code) {
      case 8 -> DType.UINT8;
      case 9 -> DType.INT8;
      case 16 -> DType.UINT16;
      case 17 -> DType.INT16;
      case 18 -> DType.FLOAT16;
      case 32 -> DType.UINT32;
      case 33 -> DType.INT32;
      case 34 -> DType.FLOAT32;
      case 64 -> DType.UINT64;
      case 65 -> DType.INT64;
      case 66 -> DType.FLOAT64;
      default -> throw new MalformedValueException(0, "dtype byte " + code + " is not one of MDS");
    };
  }

  @Override
  public void decode(ByteChunks data, long position, int length, int field, ValueSink sink)
      throws MalformedValueException {
    int at = 0;
    DType found = dtype;
    if (found == null) {
      require(length, 1, "its dtype");
      found = dtypeOf(data.getByte(position) & 0xff);
      at = 1;
    }
    long[] dimensions;
    if (shape != null) {
      dimensions = shape.clone();
    } else {
      require(length, at + 1, "its number of dimensions");
      int form = data.getByte(position + at) & 0xff;
      int rank = form >> 2;
      int width = 1 << (form & 3);
      if (rank == 0) {
        throw new MalformedValueException(at, "an array of 0 dimensions");
      }
      require(length, at + 1 + rank * width, "its " + rank + " dimensions");
      dimensions = readShape(data, position + at + 1, rank, width);
      at += 1 + rank * width;
    }
    long bytes = byteSize(found, dimensions);
    if (bytes != length - at) {
      throw new MalformedValueException(
          at, describe(found, dimensions, bytes) + " but the value has " + (length - at));
    }
    sink.setTensor(field, found, dimensions, data.copy(position + at, length - at));
  }

  private static long[] readShape(ByteChunks data, long position, int rank, int width)
      throws MalformedValueException {
    long[] dimensions = new long[rank];
    for (int i = 0; i < rank; i++) {
      long at = position + (long) i * width;
      long dimension =
          switch (width) {
            case 1 -> data.getByte(at) & 0xff;
            case 2 -> (data.getByte(at) & 0xff) | (data.getByte(at + 1) & 0xff) << 8;
            case 4 -> data.getUnsignedInt(at);
            default -> data.getLong(at);
          };
      if (dimension <= 0) {
        throw new MalformedValueException(
            0, "dimension " + i + " is " + Long.toUnsignedString(dimension));
      }
      dimensions[i] = dimension;
    }
    return dimensions;
  }

  /** Bytes of the values, or -1 if they are more than an array holds. */
  private static long byteSize(DType dtype, long[] dimensions) {
    long bytes = dtype.byteSize();
    for (long dimension : dimensions) {
      if (dimension > Integer.MAX_VALUE / bytes) {
        return -1;
      }
      bytes *= dimension;
    }
    return bytes;
  }

  private static String describe(DType dtype, long[] dimensions, long bytes) {
    StringBuilder text = new StringBuilder(dtype.label()).append('[');
    for (int i = 0; i < dimensions.length; i++) {
      text.append(i == 0 ? "" : ",").append(dimensions[i]);
    }
    return text.append("] needs ")
        .append(bytes < 0 ? "more than 2^31 - 1" : bytes)
        .append(" bytes of values,")
        .toString();
  }

  private static void require(int length, int needed, String what) throws MalformedValueException {
    if (length < needed) {
      throw new MalformedValueException(
          length, "the value ends after " + length + " bytes, before " + what);
    }
  }
}
