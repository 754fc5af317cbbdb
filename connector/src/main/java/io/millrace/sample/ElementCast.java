// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Converts a tensor's elements to another {@link DType}; {@link Tensor#castTo} says by which rules.
 *
 * <p>Nothing is rounded twice. What goes to less than 32 bits by way of a {@code float} is first
 * rounded <em>to odd</em>: what a {@code float} cannot hold leaves its last bit set, so that it
 * never looks like a tie to the rounding that follows (Boldo and Melquiond, <a
 * href="https://doi.org/10.1109/TC.2007.70819">Emulation of FMA and Correctly Rounded Sums</a>).
 */
final class ElementCast {
  /** The bits of a double's significand. */
  private static final int DOUBLE_BITS = 53;

  /** Arrays of the JVM end a little below the largest int. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final Tensor source;
  private final DType target;
  private final ByteBuffer out;

  private ElementCast(Tensor source, DType target, ByteBuffer out) {
    this.source = source;
    this.target = target;
    this.out = out;
  }

  static Tensor cast(Tensor source, DType target) {
    if (source.dtype() == target) {
      return source;
    }
    if (source.dtype().isComplex() || target.isComplex()) {
      throw new IllegalArgumentException(
          "Cannot cast " + source + " to " + target + ": complex numbers are not converted");
    }
    long size = source.elementCount() * target.byteSize();
    if (size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Cannot cast " + source + " to " + target + ": it would take " + size + " bytes");
    }
    byte[] bytes = new byte[(int) size];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    new ElementCast(source, target, out).convert();
    return new Tensor(target, source.shape(), Bytes.wrap(bytes));
  }

  private void convert() {
    switch (source.dtype()) {
      case FLOAT64 -> fromDoubles(source.toDoubleArray());
      case FLOAT32 -> {
        float[] values = new float[(int) source.elementCount()];
        source.asFloatBuffer().get(values);
        fromFloats(values);
      }
      case FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2, FLOAT8_E4M3FNUZ, FLOAT8_E5M2FNUZ ->
          fromFloats(widened());
      case UINT64 -> {
        long[] values = new long[(int) source.elementCount()];
        source.asLongBuffer().get(values);
        fromLongs(values, true);
      }
      default -> fromLongs(source.toLongArray(), false);
    }
  }

  /** Not through doubles, so that the pattern of a NaN survives. */
  private float[] widened() {
    Bytes data = source.data();
    float[] values = new float[(int) source.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (source.dtype()) {
            case FLOAT16 -> SmallFloats.float16ToFloat(data.shortAt(i * Short.BYTES));
            case BFLOAT16 -> SmallFloats.bfloat16ToFloat(data.shortAt(i * Short.BYTES));
            case FLOAT8_E4M3FN -> SmallFloats.float8E4m3fnToFloat(data.byteAt(i));
            case FLOAT8_E5M2 -> SmallFloats.float8E5m2ToFloat(data.byteAt(i));
            case FLOAT8_E4M3FNUZ -> SmallFloats.float8E4m3fnuzToFloat(data.byteAt(i));
            default -> SmallFloats.float8E5m2fnuzToFloat(data.byteAt(i));
          };
    }
    return values;
  }

  private void fromFloats(float[] values) {
    if (target == DType.FLOAT32) {
      out.asFloatBuffer().put(values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (target == DType.FLOAT64) {
        out.putDouble(values[i]);
      } else if (target.isFloat()) {
        putSmall(values[i]);
      } else {
        putWhole(i, values[i]);
      }
    }
  }

  private void fromDoubles(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (target == DType.FLOAT32) {
        out.putFloat((float) values[i]);
      } else if (target.isFloat()) {
        putSmall(oddFloat(values[i]));
      } else {
        putWhole(i, values[i]);
      }
    }
  }

  private void fromLongs(long[] values, boolean unsigned) {
    for (int i = 0; i < values.length; i++) {
      long value = values[i];
      if (target == DType.FLOAT64) {
        out.putDouble(unsigned ? Tensor.unsignedToDouble(value) : value);
      } else if (target == DType.FLOAT32) {
        out.putFloat(unsigned ? Tensor.unsignedToFloat(value) : value);
      } else if (target.isFloat()) {
        boolean negative = !unsigned && value < 0;
        double magnitude = oddDouble(negative ? -value : value);
        putSmall(oddFloat(negative ? -magnitude : magnitude));
      } else if (unsigned && value < 0 && target != DType.UINT64 && target != DType.BOOL) {
        throw outOfRange(i, Long.toUnsignedString(value));
      } else if (!unsigned && (value < least() || value > most())) {
        throw outOfRange(i, Long.toString(value));
      } else if (unsigned && value >= 0 && value > most()) {
        throw outOfRange(i, Long.toString(value));
      } else {
        putBits(value);
      }
    }
  }

  private void putSmall(float value) {
    switch (target) {
      case FLOAT16 -> out.putShort(SmallFloats.floatToFloat16(value));
      case BFLOAT16 -> out.putShort(SmallFloats.floatToBfloat16(value));
      case FLOAT8_E4M3FN -> out.put(SmallFloats.floatToFloat8E4m3fn(value));
      case FLOAT8_E5M2 -> out.put(SmallFloats.floatToFloat8E5m2(value));
      case FLOAT8_E4M3FNUZ -> out.put(SmallFloats.floatToFloat8E4m3fnuz(value));
      default -> out.put(SmallFloats.floatToFloat8E5m2fnuz(value));
    }
  }

  private void putWhole(int index, double value) {
    if (target == DType.BOOL) {
      out.put((byte) (value == 0 ? 0 : 1));
      return;
    }
    double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
    // The ends are powers of two, or one less and exact: those of 64 bits are excluded below.
    double beyond = target == DType.UINT64 ? 0x1p64 : target == DType.INT64 ? 0x1p63 : most() + 1.0;
    if (!(whole >= least() && whole < beyond)) {
      throw outOfRange(index, Double.toString(value));
    }
    putBits(whole < 0x1p63 ? (long) whole : (long) (whole - 0x1p63) ^ Long.MIN_VALUE);
  }

  private void putBits(long value) {
    switch (target) {
      case BOOL -> out.put((byte) (value == 0 ? 0 : 1));
      case UINT8, INT8 -> out.put((byte) value);
      case UINT16, INT16 -> out.putShort((short) value);
      case UINT32, INT32 -> out.putInt((int) value);
      default -> out.putLong(value);
    }
  }

  private long least() {
    return switch (target) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64, BOOL -> Long.MIN_VALUE;
      default -> 0;
    };
  }

  /** The largest number, or the largest long where that is larger. */
  private long most() {
    return switch (target) {
      case UINT8 -> 0xff;
      case INT8 -> Byte.MAX_VALUE;
      case UINT16 -> 0xffff;
      case INT16 -> Short.MAX_VALUE;
      case UINT32 -> 0xffff_ffffL;
      case INT32 -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }

  /** Rounds to odd; the argument is unsigned. */
  private static double oddDouble(long magnitude) {
    int surplus = Long.SIZE - DOUBLE_BITS;
    if (magnitude >>> DOUBLE_BITS == 0) {
      return magnitude;
    }
    long lost = magnitude & ((1L << surplus) - 1);
    return (double) ((magnitude >>> surplus) | (lost == 0 ? 0 : 1)) * (1L << surplus);
  }

  /** Rounds to odd; infinities only of infinities. */
  private static float oddFloat(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    // The pattern of a magnitude counts upwards: one less is the neighbour towards zero.
    int cut = Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits;
    return Float.intBitsToFloat(cut | 1);
  }

  private ArithmeticException outOfRange(int index, String value) {
    return new ArithmeticException(
        String.format(
            Locale.ROOT, "Cannot cast %s to %s: element %d is %s", source, target, index, value));
  }
}
