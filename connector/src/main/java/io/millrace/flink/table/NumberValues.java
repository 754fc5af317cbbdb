// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.DecimalValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.StringData;

/** What numbers become. */
final class NumberValues {

  private NumberValues() {}

  /** Whole numbers that planning found to fit. */
  enum Whole implements ColumnValue {
    TINYINT {
      @Override
      public Object ofLong(long value) {
        return (byte) value;
      }
    },
    SMALLINT {
      @Override
      public Object ofLong(long value) {
        return (short) value;
      }
    },
    INTEGER {
      @Override
      public Object ofLong(long value) {
        return (int) value;
      }
    },
    BIGINT {
      @Override
      public Object ofLong(long value) {
        return value;
      }

      @Override
      public Object ofObject(Object value) {
        if (value instanceof BigInteger number && number.bitLength() < Long.SIZE) {
          return number.longValue();
        }
        throw new UnfitValueException(
            shorten(value) + " does not fit BIGINT: declare it as DECIMAL(38, 0) or STRING");
      }
    },
    FLOAT {
      @Override
      public Object ofLong(long value) {
        return (float) value;
      }
    },
    DOUBLE {
      @Override
      public Object ofLong(long value) {
        return (double) value;
      }
    };
  }

  /** Floats, which may only get wider. */
  enum Real implements ColumnValue {
    FLOAT {
      @Override
      public Object ofFloat(float value) {
        return value;
      }
    },
    DOUBLE {
      @Override
      public Object ofFloat(float value) {
        return (double) value;
      }

      @Override
      public Object ofDouble(double value) {
        return value;
      }
    };
  }

  /** Numbers of any size as their text. */
  enum Text implements ColumnValue {
    STRING;

    @Override
    public Object ofLong(long value) {
      return StringData.fromString(Long.toString(value));
    }

    @Override
    public Object ofObject(Object value) {
      return StringData.fromString(
          value instanceof DecimalValue decimal ? decimal.text() : value.toString());
    }
  }

  /**
   * Numbers that a decimal holds exactly.
   *
   * @param precision digits
   * @param scale of them, those behind the point
   * @param unsigned whether 64 bits are an unsigned number
   */
  record Exact(int precision, int scale, boolean unsigned) implements ColumnValue {

    @Override
    public Object ofLong(long value) {
      BigInteger whole = BigInteger.valueOf(value);
      return of(
          new BigDecimal(
              unsigned && value < 0 ? whole.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : whole));
    }

    @Override
    public Object ofObject(Object value) {
      if (value instanceof BigInteger whole) {
        return of(new BigDecimal(whole));
      }
      if (value instanceof DecimalValue decimal && decimal.isFinite()) {
        return of(decimal.toBigDecimal());
      }
      throw unfit(value);
    }

    private DecimalData of(BigDecimal value) {
      DecimalData data =
          value.signum() == 0
              ? DecimalData.zero(precision, scale)
              : DecimalData.fromBigDecimal(scaled(value), precision, scale);
      if (data == null) {
        throw unfit(value);
      }
      return data;
    }

    /** Looks at the digits first: an exponent may be two thousand millions. */
    private BigDecimal scaled(BigDecimal value) {
      long integerDigits = (long) value.precision() - value.scale();
      long excess = (long) value.scale() - scale;
      if (integerDigits > precision - scale || excess >= value.precision()) {
        throw unfit(value);
      }
      try {
        return value.setScale(scale);
      } catch (ArithmeticException e) {
        throw unfit(value);
      }
    }

    private UnfitValueException unfit(Object value) {
      return new UnfitValueException(
          shorten(value)
              + " does not fit DECIMAL("
              + precision
              + ", "
              + scale
              + ") exactly: declare it as STRING or as a wider DECIMAL");
    }
  }

  private static String shorten(Object value) {
    if (value instanceof BigInteger number && number.bitLength() > 256) {
      return "a whole number of " + number.bitLength() + " bits";
    }
    if (value instanceof BigDecimal number && number.precision() > 64) {
      return "a number of " + number.precision() + " digits";
    }
    return value.toString();
  }
}
