// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each format over all of its patterns, against its definition written as arithmetic. */
@Tag("unit")
class SmallFloatsTest {
  private enum Format {
    FLOAT16(16, 5, 15, 0x7c00, true) {
      @Override
      float decode(int bits) {
        return SmallFloats.float16ToFloat((short) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToFloat16(value) & 0xffff;
      }
    },
    BFLOAT16(16, 8, 127, 0x7f80, true) {
      @Override
      float decode(int bits) {
        return SmallFloats.bfloat16ToFloat((short) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToBfloat16(value) & 0xffff;
      }
    },
    E4M3FN(8, 4, 7, 0x7f, false) {
      @Override
      float decode(int bits) {
        return SmallFloats.float8E4m3fnToFloat((byte) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToFloat8E4m3fn(value) & 0xff;
      }
    },
    E5M2(8, 5, 15, 0x7c, true) {
      @Override
      float decode(int bits) {
        return SmallFloats.float8E5m2ToFloat((byte) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToFloat8E5m2(value) & 0xff;
      }
    },
    E4M3FNUZ(8, 4, 8, 0x80, false) {
      @Override
      float decode(int bits) {
        return SmallFloats.float8E4m3fnuzToFloat((byte) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToFloat8E4m3fnuz(value) & 0xff;
      }
    },
    E5M2FNUZ(8, 5, 16, 0x80, false) {
      @Override
      float decode(int bits) {
        return SmallFloats.float8E5m2fnuzToFloat((byte) bits);
      }

      @Override
      int encode(float value) {
        return SmallFloats.floatToFloat8E5m2fnuz(value) & 0xff;
      }
    };

    final int bits;
    final int mantissaBits;
    final int bias;

    /** Patterns below this one are the non-negative finite numbers. */
    final int finite;

    final boolean hasInfinity;

    Format(int bits, int exponentBits, int bias, int finite, boolean hasInfinity) {
      this.bits = bits;
      this.mantissaBits = bits - 1 - exponentBits;
      this.bias = bias;
      this.finite = finite;
      this.hasInfinity = hasInfinity;
    }

    abstract float decode(int bits);

    abstract int encode(float value);

    int sign() {
      return 1 << (bits - 1);
    }

    boolean hasNegativeZero() {
      return finite != sign();
    }

    /** The value of a finite, non-negative pattern. */
    double value(int pattern) {
      int exponent = pattern >> mantissaBits;
      int mantissa = pattern & ((1 << mantissaBits) - 1);
      int implicit = exponent == 0 ? 0 : 1 << mantissaBits;
      return (implicit + mantissa) * Math.pow(2, Math.max(exponent, 1) - bias - mantissaBits);
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void everyPatternSurvivesTheWayThroughAFloat(Format format) {
    List<Integer> changed = new ArrayList<>();
    for (int pattern = 0; pattern < 1 << format.bits; pattern++) {
      if (format.encode(format.decode(pattern)) != pattern) {
        changed.add(pattern);
      }
    }
    assertThat(changed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void finitePatternsHaveTheValueOfTheirDefinition(Format format) {
    for (int pattern = 0; pattern < format.finite; pattern++) {
      float value = (float) format.value(pattern);
      assertThat(format.decode(pattern)).isEqualTo(value);
      if (pattern != 0 || format.hasNegativeZero()) {
        assertThat(format.decode(pattern | format.sign())).isEqualTo(-value);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void patternsPastTheFiniteOnesAreInfinityThenNaN(Format format) {
    int infinity = format.hasInfinity ? format.finite : -1;
    for (int pattern = format.finite; pattern < 1 << format.bits; pattern++) {
      int magnitude = pattern & (format.sign() - 1);
      if (magnitude == infinity) {
        assertThat(format.decode(pattern))
            .isEqualTo(pattern == infinity ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
      } else if (magnitude >= format.finite || pattern == format.finite) {
        assertThat(format.decode(pattern)).isNaN();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void valuesBetweenTwoPatternsGoToTheNearestAndTiesToEven(Format format) {
    check(format, 0f, 0);
    for (int pattern = 0; pattern < format.finite - 1; pattern++) {
      float tie = (float) ((format.value(pattern) + format.value(pattern + 1)) / 2);
      int even = pattern % 2 == 0 ? pattern : pattern + 1;
      check(format, tie, even);
      check(format, Math.nextDown(tie), pattern);
      check(format, Math.nextUp(tie), pattern + 1);
    }
  }

  private static void check(Format format, float value, int expected) {
    assertThat(format.encode(value)).isEqualTo(expected);
    int negative = expected == 0 && !format.hasNegativeZero() ? 0 : expected | format.sign();
    assertThat(format.encode(-value)).isEqualTo(negative);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsTooLargeIsInfinityOrElseNaN(Format format) {
    int last = format.finite - 1;
    float step = (float) (format.value(last) - format.value(last - 1));
    float tie = (float) (format.value(last) + step / 2);
    assertThat(format.encode(Math.nextDown(tie))).isEqualTo(last);
    // Only where the last number is even does the tie go down to it.
    assertThat(format.encode(tie)).isEqualTo(last % 2 == 0 ? last : format.finite);
    for (float large : new float[] {Math.nextUp(tie), Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertThat(format.encode(large)).isEqualTo(format.finite);
      assertThat(format.encode(-large)).isEqualTo(format.finite | format.sign());
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anyNaNStaysOne(Format format) {
    for (int bits : new int[] {0x7fc00000, 0x7f800001, 0xffc00000, 0xff800001, 0x7fffffff}) {
      assertThat(format.decode(format.encode(Float.intBitsToFloat(bits)))).isNaN();
    }
  }
}
