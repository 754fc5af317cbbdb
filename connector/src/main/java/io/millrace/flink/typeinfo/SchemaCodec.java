// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Schema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a {@link Schema}, for state: a version byte, the number of fields, and for
 * each its name, whether it is nullable, and its type. Types and dtypes are written by name, so
 * that a new one changes nothing for the old.
 */
@Internal
public final class SchemaCodec {
  private static final int VERSION = 1;

  private static final int PRIMITIVE = 0;
  private static final int TENSOR = 1;
  private static final int LIST = 2;

  /** Lists in lists; hostile input must not exhaust the stack. */
  private static final int MAX_DEPTH = 32;

  private static final int FIRST_FIELDS = 1024;

  private SchemaCodec() {}

  /**
   * Writes a schema.
   *
   * @throws IOException if the output fails, or lists are nested more than 32 deep
   */
  public static void write(Schema schema, DataOutput out) throws IOException {
    out.writeByte(VERSION);
    CompactEncoding.writeUnsigned(schema.size(), out);
    for (Field field : schema.fields()) {
      CompactEncoding.writeString(field.name(), out);
      out.writeBoolean(field.nullable());
      writeType(field.type(), 0, out);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the input fails, is of an unknown version, or is no schema
   */
  public static Schema read(DataInput in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("Cannot read a schema of version " + version + "; known: " + VERSION);
    }
    try {
      int size = CompactEncoding.readSize(in);
      List<Field> fields = new ArrayList<>(Math.min(size, FIRST_FIELDS));
      for (int i = 0; i < size; i++) {
        String name = CompactEncoding.readString(in);
        boolean nullable = in.readBoolean();
        fields.add(new Field(name, readType(0, in), nullable));
      }
      return new Schema(fields);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read a schema: " + e.getMessage(), e);
    }
  }

  private static void writeType(FieldType type, int depth, DataOutput out) throws IOException {
    checkDepth(depth);
    if (type instanceof Primitive primitive) {
      out.writeByte(PRIMITIVE);
      CompactEncoding.writeString(primitive.name(), out);
    } else if (type instanceof TensorType tensor) {
      out.writeByte(TENSOR);
      writeTensorType(tensor, out);
    } else if (type instanceof ListType list) {
      out.writeByte(LIST);
      writeType(list.element(), depth + 1, out);
    }
  }

  private static FieldType readType(int depth, DataInput in) throws IOException {
    checkDepth(depth);
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case PRIMITIVE -> Primitive.valueOf(CompactEncoding.readString(in));
      case TENSOR -> readTensorType(in);
      case LIST -> new ListType(readType(depth + 1, in));
      default -> throw new IllegalArgumentException("Unknown kind of type " + kind);
    };
  }

  private static void checkDepth(int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("Cannot encode lists nested more than " + MAX_DEPTH + " deep");
    }
  }

  private static void writeTensorType(TensorType type, DataOutput out) throws IOException {
    DType dtype = type.dtype();
    out.writeBoolean(dtype != null);
    if (dtype != null) {
      CompactEncoding.writeString(dtype.label(), out);
    }
    List<Long> shape = type.shape();
    out.writeBoolean(shape != null);
    if (shape != null) {
      out.writeByte(shape.size());
      for (long size : shape) {
        CompactEncoding.writeUnsigned(size, out);
      }
    }
  }

  private static TensorType readTensorType(DataInput in) throws IOException {
    @Nullable DType dtype = in.readBoolean() ? DType.of(CompactEncoding.readString(in)) : null;
    return new TensorType(dtype, in.readBoolean() ? readShape(in) : null);
  }

  private static List<Long> readShape(DataInput in) throws IOException {
    int rank = in.readUnsignedByte();
    List<Long> shape = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      shape.add(CompactEncoding.readUnsigned(in));
    }
    return shape;
  }
}
