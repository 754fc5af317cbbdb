// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * What the text in a directory's name becomes in a column of {@code PARTITIONED BY}.
 *
 * @param type of the column
 */
record PartitionValue(LogicalType type) implements ColumnValue {

  /** The types that it knows, for messages. */
  static final String ACCEPTED = "STRING, DATE, DECIMAL, FLOAT, DOUBLE or a type of integers";

  /** Of BOOLEAN Flink's planner cannot compare partitions' values. */
  static boolean knows(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case VARCHAR -> ((VarCharType) type).getLength() == VarCharType.MAX_LENGTH;
      case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL, DATE -> true;
      default -> false;
    };
  }

  @Override
  public Object ofString(String value) {
    Object made;
    try {
      made = parsed(value);
    } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
      made = null;
    }
    if (made == null) {
      throw new UnfitValueException(
          "its value " + value + " is no " + type.copy(true).asSummaryString());
    }
    return made;
  }

  private @Nullable Object parsed(String value) {
    return switch (type.getTypeRoot()) {
      case VARCHAR -> StringData.fromString(value);
      case TINYINT -> Byte.valueOf(value);
      case SMALLINT -> Short.valueOf(value);
      case INTEGER -> Integer.valueOf(value);
      case BIGINT -> Long.valueOf(value);
      case FLOAT -> Float.valueOf(value);
      case DOUBLE -> Double.valueOf(value);
      case DECIMAL -> decimal(value, (DecimalType) type);
      case DATE -> Math.toIntExact(LocalDate.parse(value).toEpochDay());
      default -> throw new IllegalStateException("There is no partition of type " + type);
    };
  }

  /** Null if it is not exactly one of the type's. */
  private static @Nullable DecimalData decimal(String value, DecimalType type) {
    BigDecimal number = new BigDecimal(value).stripTrailingZeros();
    // Before it is written out: 1e999999999 has a billion digits.
    long digitsBeforePoint = (long) number.precision() - number.scale();
    boolean tooLarge =
        number.signum() != 0 && digitsBeforePoint > type.getPrecision() - type.getScale();
    if (tooLarge || number.scale() > type.getScale()) {
      return null;
    }
    return DecimalData.fromBigDecimal(number, type.getPrecision(), type.getScale());
  }
}
