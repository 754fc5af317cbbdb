// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.DecimalValue;
import io.millrace.sample.Image;
import io.millrace.sample.SmallFloats;
import io.millrace.sample.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes values as MosaicML Streaming's writer does; from the values that a {@link
 * io.millrace.sample.Sample} holds, or from bytes, which are stored as they are.
 */
public final class MdsValues {

  private MdsValues() {}

  /** The stored bytes of a value; of {@code str_float} it takes the text. */
  public static byte[] encode(String encoding, Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof Bytes bytes) {
      return bytes.toByteArray();
    }
    if (value instanceof String || value instanceof DecimalValue) {
      return value.toString().getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof Tensor tensor) {
      return tensor(encoding, tensor);
    }
    if (value instanceof Image image) {
      return image(image);
    }
    if (value instanceof List<?> list) {
      return list(encoding, list);
    }
    if (value instanceof Number number) {
      return number(encoding, number);
    }
    throw new IllegalArgumentException("Cannot encode " + value + " as " + encoding);
  }

  private static byte[] number(String encoding, Number value) {
    byte[] wide = new byte[8];
    ByteBuffer out = ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN);
    switch (encoding) {
      case "str_int" -> {
        return value.toString().getBytes(StandardCharsets.UTF_8);
      }
      case "int8", "uint8" -> out.put(value.byteValue());
      case "int16", "uint16" -> out.putShort(value.shortValue());
      case "int32", "uint32" -> out.putInt(value.intValue());
      case "int", "int64", "uint64" -> out.putLong(value.longValue());
      case "float16" -> out.putShort(SmallFloats.floatToFloat16(value.floatValue()));
      case "float32" -> out.putFloat(value.floatValue());
      case "float64" -> out.putDouble(value.doubleValue());
      default -> throw new IllegalArgumentException("Cannot encode a number as " + encoding);
    }
    return Arrays.copyOf(wide, out.position());
  }

  private static byte[] tensor(String encoding, Tensor tensor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long colons = encoding.chars().filter(c -> c == ':').count();
    if (colons == 0) {
      out.write(code(tensor.dtype()));
    }
    if (colons < 2) {
      long[] shape = tensor.shape();
      long largest = Arrays.stream(shape).max().orElseThrow();
      int width = largest < 1 << 8 ? 0 : largest < 1 << 16 ? 1 : largest < 1L << 32 ? 2 : 3;
      out.write(shape.length << 2 | width);
      for (long dimension : shape) {
        byte[] wide = new byte[8];
        ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).putLong(dimension);
        out.write(wide, 0, 1 << width);
      }
    }
    out.writeBytes(tensor.data().toByteArray());
    return out.toByteArray();
  }

  private static int code(DType dtype) {
    return switch (dtype) {
      case UINT8 -> 8;
      case INT8 -> 9;
      case UINT16 -> 16;
      case INT16 -> 17;
      case FLOAT16 -> 18;
      case UINT32 -> 32;
      case INT32 -> 33;
      case FLOAT32 -> 34;
      case UINT64 -> 64;
      case INT64 -> 65;
      case FLOAT64 -> 66;
      default -> throw new IllegalArgumentException("Cannot encode dtype " + dtype);
    };
  }

  private static byte[] image(Image image) {
    byte[] mode = image.mode().getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(word(image.width()));
    out.writeBytes(word(image.height()));
    out.writeBytes(word(mode.length));
    out.writeBytes(mode);
    out.writeBytes(image.pixels().toByteArray());
    return out.toByteArray();
  }

  private static byte[] list(String encoding, List<?> elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (encoding.startsWith("list[")) {
      out.writeBytes(new byte[4]);
    }
    out.writeBytes(word(elements.size()));
    List<byte[]> encoded = elements.stream().map(item -> encode("", item)).toList();
    encoded.forEach(bytes -> out.writeBytes(word(bytes.length)));
    encoded.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** A little-endian uint32. */
  static byte[] word(long value) {
    byte[] word = new byte[4];
    ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value);
    return word;
  }
}
