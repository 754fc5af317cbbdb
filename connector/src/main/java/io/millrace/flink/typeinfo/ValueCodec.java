// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Image;
import io.millrace.sample.Tensor;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of one value whose type the reader knows. Numbers of fixed width are big-endian
 * as {@link DataOutput} has them; what has a size starts with it. Every value takes at least a
 * byte, so that the number of values in hostile input cannot exceed its length.
 *
 * <p>Values that don't have their type, and bytes that make no value, are an {@link
 * IllegalArgumentException}; the caller knows which field it was.
 */
final class ValueCodec {
  /** Their places are written into state: new ones go last. */
  private static final List<DType> DTYPES =
      List.of(
          DType.BOOL,
          DType.UINT8,
          DType.INT8,
          DType.UINT16,
          DType.INT16,
          DType.UINT32,
          DType.INT32,
          DType.UINT64,
          DType.INT64,
          DType.FLOAT16,
          DType.BFLOAT16,
          DType.FLOAT8_E4M3FN,
          DType.FLOAT8_E5M2,
          DType.FLOAT8_E4M3FNUZ,
          DType.FLOAT8_E5M2FNUZ,
          DType.FLOAT32,
          DType.FLOAT64,
          DType.COMPLEX32,
          DType.COMPLEX64,
          DType.COMPLEX128);

  /** Capacity of a list before any of its elements has arrived. */
  private static final int FIRST_ELEMENTS = 1024;

  private ValueCodec() {}

  static void write(FieldType type, Object value, DataOutput out) throws IOException {
    if (type instanceof Primitive primitive) {
      primitive.check(value);
      writePrimitive(primitive, value, out);
    } else if (type instanceof TensorType tensorType) {
      tensorType.check(value);
      writeTensor(tensorType, (Tensor) value, out);
    } else if (type instanceof ListType listType) {
      writeList(listType, value, out);
    }
  }

  static Object read(FieldType type, DataInput in) throws IOException {
    if (type instanceof Primitive primitive) {
      return readPrimitive(primitive, in);
    }
    return type instanceof TensorType tensorType
        ? readTensor(tensorType, in)
        : readList((ListType) type, in);
  }

  private static void writePrimitive(Primitive type, Object value, DataOutput out)
      throws IOException {
    switch (type) {
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case INT8 -> out.writeByte((Byte) value);
      case UINT8 -> out.writeByte((Short) value);
      case INT16 -> out.writeShort((Short) value);
      case UINT16 -> out.writeShort((Integer) value);
      case INT32 -> out.writeInt((Integer) value);
      case UINT32 -> out.writeInt((int) (long) (Long) value);
      case INT64 -> out.writeLong((Long) value);
      case UINT64 -> out.writeLong(((BigInteger) value).longValue());
      case BIG_INTEGER -> CompactEncoding.writeBytes(((BigInteger) value).toByteArray(), out);
      case FLOAT16, FLOAT32 -> out.writeInt(Float.floatToRawIntBits((Float) value));
      case FLOAT64 -> out.writeLong(Double.doubleToRawLongBits((Double) value));
      case DECIMAL -> CompactEncoding.writeString(((DecimalValue) value).text(), out);
      case STRING, JSON -> CompactEncoding.writeString((String) value, out);
      case BYTES -> CompactEncoding.writeBytes((Bytes) value, out);
      case IMAGE -> writeImage((Image) value, out);
    }
  }

  private static Object readPrimitive(Primitive type, DataInput in) throws IOException {
    return switch (type) {
      case BOOLEAN -> in.readBoolean();
      case INT8 -> in.readByte();
      case UINT8 -> (short) in.readUnsignedByte();
      case INT16 -> in.readShort();
      case UINT16 -> in.readUnsignedShort();
      case INT32 -> in.readInt();
      case UINT32 -> in.readInt() & 0xffff_ffffL;
      case INT64 -> in.readLong();
      case UINT64 -> unsigned(in.readLong());
      case BIG_INTEGER -> bigInteger(CompactEncoding.readBytes(in));
      case FLOAT16, FLOAT32 -> Float.intBitsToFloat(in.readInt());
      case FLOAT64 -> Double.longBitsToDouble(in.readLong());
      case DECIMAL -> DecimalValue.parse(CompactEncoding.readString(in));
      case STRING, JSON -> CompactEncoding.readString(in);
      case BYTES -> Bytes.wrap(CompactEncoding.readBytes(in));
      case IMAGE -> readImage(in);
    };
  }

  private static BigInteger unsigned(long bits) {
    return bits >= 0
        ? BigInteger.valueOf(bits)
        : BigInteger.valueOf(bits & Long.MAX_VALUE).setBit(Long.SIZE - 1);
  }

  private static BigInteger bigInteger(byte[] twosComplement) {
    if (twosComplement.length == 0) {
      throw new IllegalArgumentException("A whole number has no byte");
    }
    return new BigInteger(twosComplement);
  }

  private static void writeImage(Image image, DataOutput out) throws IOException {
    CompactEncoding.writeString(image.mode(), out);
    CompactEncoding.writeUnsigned(image.width(), out);
    CompactEncoding.writeUnsigned(image.height(), out);
    CompactEncoding.writeBytes(image.pixels(), out);
  }

  private static Image readImage(DataInput in) throws IOException {
    String mode = CompactEncoding.readString(in);
    int width = CompactEncoding.readSize(in);
    int height = CompactEncoding.readSize(in);
    return new Image(mode, width, height, Bytes.wrap(CompactEncoding.readBytes(in)));
  }

  /** Writes dtype and shape only where the type leaves them open. */
  private static void writeTensor(TensorType type, Tensor tensor, DataOutput out)
      throws IOException {
    if (type.dtype() == null) {
      out.writeByte(DTYPES.indexOf(tensor.dtype()));
    }
    if (type.shape() == null) {
      CompactEncoding.writeUnsigned(tensor.rank(), out);
      for (int i = 0; i < tensor.rank(); i++) {
        CompactEncoding.writeUnsigned(tensor.dimension(i), out);
      }
    }
    CompactEncoding.writeBytes(tensor.data(), out);
  }

  private static Tensor readTensor(TensorType type, DataInput in) throws IOException {
    DType dtype = type.dtype() == null ? readDType(in) : type.dtype();
    List<Long> fixed = type.shape();
    long[] shape =
        fixed == null ? readShape(in) : fixed.stream().mapToLong(Long::longValue).toArray();
    return new Tensor(dtype, shape, Bytes.wrap(CompactEncoding.readBytes(in)));
  }

  private static DType readDType(DataInput in) throws IOException {
    int code = in.readUnsignedByte();
    if (code >= DTYPES.size()) {
      throw new IllegalArgumentException("Unknown dtype code " + code);
    }
    return DTYPES.get(code);
  }

  private static long[] readShape(DataInput in) throws IOException {
    long rank = CompactEncoding.readUnsigned(in);
    if (rank < 0 || rank > Tensor.MAX_RANK) {
      throw new IllegalArgumentException(
          "A tensor of rank " + Long.toUnsignedString(rank) + " is not possible");
    }
    long[] shape = new long[(int) rank];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = CompactEncoding.readUnsigned(in);
    }
    return shape;
  }

  private static void writeList(ListType type, Object value, DataOutput out) throws IOException {
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException(
          "Cannot use a " + value.getClass().getSimpleName() + " as " + type);
    }
    CompactEncoding.writeUnsigned(list.size(), out);
    for (@Nullable Object element : list) {
      if (element == null) {
        throw new IllegalArgumentException("Cannot use a list with a null as " + type);
      }
      write(type.element(), element, out);
    }
  }

  private static List<Object> readList(ListType type, DataInput in) throws IOException {
    int size = CompactEncoding.readSize(in);
    List<Object> elements = new ArrayList<>(Math.min(size, FIRST_ELEMENTS));
    for (int i = 0; i < size; i++) {
      elements.add(read(type.element(), in));
    }
    return Collections.unmodifiableList(elements);
  }
}
