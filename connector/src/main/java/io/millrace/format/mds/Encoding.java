// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.sample.DType;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column encoding of MDS shards, such as {@code int}, {@code ndarray:uint8:28,28} or {@code
 * list[png]}.
 *
 * @param type what its values are
 * @param fixedSize bytes of every value, 0 where they vary
 * @param decoder decodes its values
 */
record Encoding(FieldType type, int fixedSize, ColumnDecoder decoder) {

  private static final String KNOWN =
      "bytes, str, int, uint8…uint64, int8…int64, float16…float64, str_int, str_float, str_decimal,"
          + " ndarray[:DTYPE[:SHAPE]], pil, jpeg, png, jpeg_array, jpegarray, list[pil], list[jpeg],"
          + " list[png], json, pkl";

  private static final int MAX_JPEG_QUALITY = 100;

  /**
   * Reads an encoding's text.
   *
   * @throws IllegalArgumentException if it is not one of MosaicML Streaming's; the message lists
   *     those that are
   */
  static Encoding parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return ofName(text);
    }
    String name = text.substring(0, colon);
    String arguments = text.substring(colon + 1);
    if (name.equals("ndarray")) {
      return ndarray(text, arguments);
    }
    // The writer's JPEG quality; it says nothing about how to read.
    if (name.equals("jpeg") && isQuality(arguments)) {
      return ofName(name);
    }
    throw unknown(text);
  }

  private static Encoding ofName(String name) {
    return switch (name) {
      case "bytes", "jpeg", "png", "pkl" ->
          new Encoding(
              Primitive.BYTES,
              0,
              (data, position, length, field, sink) ->
                  sink.setBytes(field, data.copy(position, length)));
      case "str" -> new Encoding(Primitive.STRING, 0, TextDecoders::string);
      case "json" -> new Encoding(Primitive.JSON, 0, TextDecoders::json);
      case "str_int" -> new Encoding(Primitive.BIG_INTEGER, 0, TextDecoders::integer);
      case "str_float" -> new Encoding(Primitive.FLOAT64, 0, TextDecoders::real);
      case "str_decimal" -> new Encoding(Primitive.DECIMAL, 0, TextDecoders::decimal);
      case "ndarray" -> ndarray(name, "");
      case "pil" ->
          new Encoding(
              Primitive.IMAGE,
              0,
              (data, position, length, field, sink) ->
                  sink.setObject(field, ImageElement.PIL.decode(data, position, length)));
      case "jpeg_array", "jpegarray" ->
          new Encoding(
              new ListType(Primitive.BYTES), 0, new ListDecoder(0, 1, ImageElement.ENCODED));
      case "list[jpeg]", "list[png]" ->
          new Encoding(
              new ListType(Primitive.BYTES), 0, new ListDecoder(1, 0, ImageElement.ENCODED));
      case "list[pil]" ->
          new Encoding(new ListType(Primitive.IMAGE), 0, new ListDecoder(1, 0, ImageElement.PIL));
      default -> scalar(name);
    };
  }

  private static Encoding scalar(String name) {
    return switch (name) {
      case "int", "int64" -> new Encoding(Primitive.INT64, 8, ScalarDecoders::int64);
      case "int8" -> new Encoding(Primitive.INT8, 1, ScalarDecoders::int8);
      case "int16" -> new Encoding(Primitive.INT16, 2, ScalarDecoders::int16);
      case "int32" -> new Encoding(Primitive.INT32, 4, ScalarDecoders::int32);
      case "uint8" -> new Encoding(Primitive.UINT8, 1, ScalarDecoders::uint8);
      case "uint16" -> new Encoding(Primitive.UINT16, 2, ScalarDecoders::uint16);
      case "uint32" -> new Encoding(Primitive.UINT32, 4, ScalarDecoders::uint32);
      case "uint64" -> new Encoding(Primitive.UINT64, 8, ScalarDecoders::int64);
      case "float16" -> new Encoding(Primitive.FLOAT16, 2, ScalarDecoders::float16);
      case "float32" -> new Encoding(Primitive.FLOAT32, 4, ScalarDecoders::float32);
      case "float64" -> new Encoding(Primitive.FLOAT64, 8, ScalarDecoders::float64);
      default -> throw unknown(name);
    };
  }

  private static boolean isQuality(String text) {
    return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= MAX_JPEG_QUALITY;
  }

  private static Encoding ndarray(String text, String arguments) {
    if (arguments.isEmpty()) {
      return tensor(text, null, null);
    }
    String[] parts = arguments.split(":", -1);
    DType dtype = TensorDecoder.dtypeOf(parts[0]);
    if (parts.length > 2 || dtype == null) {
      throw unknown(text);
    }
    return tensor(text, dtype, parts.length == 1 ? null : shapeOf(text, parts[1]));
  }

  private static Encoding tensor(String text, @Nullable DType dtype, long @Nullable [] shape) {
    List<Long> dimensions = shape == null ? null : Arrays.stream(shape).boxed().toList();
    long size = 0;
    if (dtype != null && shape != null) {
      size = dtype.byteSize();
      for (long dimension : shape) {
        // Both are below 2^31, so that the product of this one step cannot wrap.
        size *= dimension;
        if (size > Integer.MAX_VALUE) {
          throw new IllegalArgumentException(
              "encoding \""
                  + PythonNumbers.shorten(text)
                  + "\" has values of more than 2^31 - 1 bytes");
        }
      }
    }
    return new Encoding(
        new FieldType.TensorType(dtype, dimensions), (int) size, new TensorDecoder(dtype, shape));
  }

  private static long[] shapeOf(String text, String dimensions) {
    String[] parts = dimensions.split(",", -1);
    long[] shape = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      String digits = parts[i].strip();
      if (!digits.matches("[0-9]{1,10}")) {
        throw unknown(text);
      }
      shape[i] = Long.parseLong(digits);
      if (shape[i] < 1 || shape[i] > Integer.MAX_VALUE || parts.length > TensorDecoder.MAX_RANK) {
        throw new IllegalArgumentException(
            "encoding \""
                + PythonNumbers.shorten(text)
                + "\" has a shape that no array of MDS has");
      }
    }
    return shape;
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "unknown encoding \"" + PythonNumbers.shorten(text) + "\"; known: " + KNOWN);
  }
}
