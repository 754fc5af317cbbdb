// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.function.IntFunction;

/**
 * Conversions between {@code float} and the 16- and 8-bit floating-point formats of {@link DType}.
 *
 * <p>To {@code float} every pattern is exact. From {@code float} the nearest value is taken, ties
 * to even; what is too large becomes infinity where the format has one and NaN where it has none,
 * as PyTorch does. NaNs keep their sign and the upper bits of their payload where the format has
 * room, so that a pattern always survives the way to {@code float} and back.
 *
 * <p>The 8-bit formats are those of <a href="https://arxiv.org/abs/2209.05433">FP8 Formats for Deep
 * Learning</a> (E4M3FN, E5M2) and <a href="https://arxiv.org/abs/2206.02915">8-bit Numerical
 * Formats for Deep Neural Networks</a> (FNUZ: finite, one NaN, unsigned zero).
 */
public final class SmallFloats {
  private static final int FLOAT_MANTISSA_BITS = 23;
  private static final int FLOAT_BIAS = 127;
  private static final int FLOAT_INFINITY = 0x7f80_0000;
  private static final int FLOAT_MANTISSA = 0x007f_ffff;
  private static final int FLOAT_IMPLICIT_ONE = 0x0080_0000;
  private static final int FLOAT_QUIET_NAN = 0x7fc0_0000;

  private static final Layout FLOAT16 = new Layout(16, 10, 15, Specials.IEEE);
  private static final Layout E4M3FN = new Layout(8, 3, 7, Specials.FINITE);
  private static final Layout E5M2 = new Layout(8, 2, 15, Specials.IEEE);
  private static final Layout E4M3FNUZ = new Layout(8, 3, 8, Specials.FINITE_UNSIGNED_ZERO);
  private static final Layout E5M2FNUZ = new Layout(8, 2, 16, Specials.FINITE_UNSIGNED_ZERO);

  private static final float[] E4M3FN_VALUES = table(E4M3FN::decode);
  private static final float[] E5M2_VALUES = table(E5M2::decode);
  private static final float[] E4M3FNUZ_VALUES = table(E4M3FNUZ::decode);
  private static final float[] E5M2FNUZ_VALUES = table(E5M2FNUZ::decode);

  private SmallFloats() {}

  /** Returns the value of an IEEE 754 binary16 pattern. */
  public static float float16ToFloat(short bits) {
    return FLOAT16.decode(bits & 0xffff);
  }

  /** Returns the IEEE 754 binary16 pattern nearest to the value. */
  public static short floatToFloat16(float value) {
    return (short) FLOAT16.encode(value);
  }

  /** Returns the value of a bfloat16 pattern. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Returns the bfloat16 pattern nearest to the value. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & ~Integer.MIN_VALUE) > FLOAT_INFINITY) {
      int upper = bits >>> 16;
      // A payload in the lower half only would be cut to infinity.
      return (short) ((upper & 0x7f) == 0 ? upper | 0x40 : upper);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Returns the value of a float8_e4m3fn pattern. */
  public static float float8E4m3fnToFloat(byte bits) {
    return E4M3FN_VALUES[bits & 0xff];
  }

  /** Returns the float8_e4m3fn pattern nearest to the value; NaN from just above 464 on. */
  public static byte floatToFloat8E4m3fn(float value) {
    return (byte) E4M3FN.encode(value);
  }

  /** Returns the value of a float8_e5m2 pattern. */
  public static float float8E5m2ToFloat(byte bits) {
    return E5M2_VALUES[bits & 0xff];
  }

  /** Returns the float8_e5m2 pattern nearest to the value; infinity from 61440 on. */
  public static byte floatToFloat8E5m2(float value) {
    return (byte) E5M2.encode(value);
  }

  /** Returns the value of a float8_e4m3fnuz pattern. */
  public static float float8E4m3fnuzToFloat(byte bits) {
    return E4M3FNUZ_VALUES[bits & 0xff];
  }

  /** Returns the float8_e4m3fnuz pattern nearest to the value; NaN from 248 on. */
  public static byte floatToFloat8E4m3fnuz(float value) {
    return (byte) E4M3FNUZ.encode(value);
  }

  /** Returns the value of a float8_e5m2fnuz pattern. */
  public static float float8E5m2fnuzToFloat(byte bits) {
    return E5M2FNUZ_VALUES[bits & 0xff];
  }

  /** Returns the float8_e5m2fnuz pattern nearest to the value; NaN from 61440 on. */
  public static byte floatToFloat8E5m2fnuz(float value) {
    return (byte) E5M2FNUZ.encode(value);
  }

  private static float[] table(IntFunction<Float> decode) {
    float[] values = new float[256];
    for (int bits = 0; bits < values.length; bits++) {
      values[bits] = decode.apply(bits);
    }
    return values;
  }

  /** What the patterns at the edges of a format mean. */
  private enum Specials {
    /** The largest exponent holds infinities and NaNs. */
    IEEE,
    /** All ones is NaN, with either sign; there is no infinity. */
    FINITE,
    /** What would be negative zero is the only NaN; there is no infinity. */
    FINITE_UNSIGNED_ZERO
  }

  /** A format of at most 16 bits: sign, exponent with a bias, mantissa. */
  private record Layout(int bits, int mantissaBits, int bias, Specials specials) {
    int signBit() {
      return 1 << (bits - 1);
    }

    int infinity() {
      return signBit() - (1 << mantissaBits);
    }

    /** The first magnitude that is not a finite number. */
    int firstSpecial() {
      return switch (specials) {
        case IEEE -> infinity();
        case FINITE -> signBit() - 1;
        case FINITE_UNSIGNED_ZERO -> signBit();
      };
    }

    float decode(int pattern) {
      int sign = (pattern & signBit()) == 0 ? 0 : Integer.MIN_VALUE;
      int magnitude = pattern & (signBit() - 1);
      int widening = FLOAT_MANTISSA_BITS - mantissaBits;
      if (specials == Specials.FINITE_UNSIGNED_ZERO && pattern == signBit()) {
        return Float.intBitsToFloat(FLOAT_QUIET_NAN);
      }
      if (specials == Specials.FINITE && magnitude == firstSpecial()) {
        return Float.intBitsToFloat(sign | FLOAT_QUIET_NAN);
      }
      if (specials == Specials.IEEE && magnitude >= infinity()) {
        return Float.intBitsToFloat(sign | FLOAT_INFINITY | ((magnitude - infinity()) << widening));
      }
      int mantissa = magnitude & ((1 << mantissaBits) - 1);
      int exponent = magnitude >>> mantissaBits;
      if (exponent == 0) {
        float absolute = Math.scalb((float) mantissa, 1 - bias - mantissaBits);
        return sign == 0 ? absolute : -absolute;
      }
      return Float.intBitsToFloat(
          sign | ((exponent - bias + FLOAT_BIAS) << FLOAT_MANTISSA_BITS) | (mantissa << widening));
    }

    int encode(float value) {
      int floatBits = Float.floatToRawIntBits(value);
      int sign = floatBits < 0 ? signBit() : 0;
      int absolute = floatBits & ~Integer.MIN_VALUE;
      if (absolute > FLOAT_INFINITY) {
        return nan(sign, absolute & FLOAT_MANTISSA);
      }
      int magnitude = absolute == FLOAT_INFINITY ? signBit() : round(absolute);
      if (magnitude < firstSpecial()) {
        return magnitude == 0 && specials == Specials.FINITE_UNSIGNED_ZERO ? 0 : sign | magnitude;
      }
      return specials == Specials.IEEE ? sign | infinity() : nan(sign, 0);
    }

    private int nan(int sign, int payload) {
      return switch (specials) {
        case IEEE -> {
          int kept = payload >>> (FLOAT_MANTISSA_BITS - mantissaBits);
          // A payload in the lost bits only would leave infinity.
          yield sign | infinity() | (kept == 0 ? 1 << (mantissaBits - 1) : kept);
        }
        case FINITE -> sign | firstSpecial();
        case FINITE_UNSIGNED_ZERO -> signBit();
      };
    }

    /** Rounds the magnitude of a finite float; the result may lie beyond the largest number. */
    private int round(int absolute) {
      int narrowing = FLOAT_MANTISSA_BITS - mantissaBits;
      int exponent = (absolute >>> FLOAT_MANTISSA_BITS) - FLOAT_BIAS + bias;
      if (exponent >= 1) {
        int rebased = absolute - ((FLOAT_BIAS - bias) << FLOAT_MANTISSA_BITS);
        return shiftToEven(rebased, narrowing);
      }
      int shift = narrowing + 1 - exponent;
      // Past this even a rounding up cannot reach the smallest subnormal.
      return shift > FLOAT_MANTISSA_BITS + 1
          ? 0
          : shiftToEven((absolute & FLOAT_MANTISSA) | FLOAT_IMPLICIT_ONE, shift);
    }

    private static int shiftToEven(int value, int shift) {
      int half = (1 << (shift - 1)) - 1;
      return (value + half + ((value >>> shift) & 1)) >>> shift;
    }
  }
}
