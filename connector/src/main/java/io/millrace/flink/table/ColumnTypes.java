// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/** Which SQL type a field has, and which others it may be declared as. */
final class ColumnTypes {

  private static final DataType TENSOR =
      DataTypes.ROW(
          DataTypes.FIELD("dtype", DataTypes.STRING()),
          DataTypes.FIELD("shape", DataTypes.ARRAY(DataTypes.BIGINT())),
          DataTypes.FIELD("data", DataTypes.BYTES()));

  private static final DataType IMAGE =
      DataTypes.ROW(
          DataTypes.FIELD("mode", DataTypes.STRING()),
          DataTypes.FIELD("width", DataTypes.INT()),
          DataTypes.FIELD("height", DataTypes.INT()),
          DataTypes.FIELD("data", DataTypes.BYTES()));

  /** Bits, with a sign, of the whole numbers that a type holds exactly. */
  private static final Map<LogicalTypeRoot, Integer> WHOLE_BITS =
      Map.of(
          LogicalTypeRoot.TINYINT, 8,
          LogicalTypeRoot.SMALLINT, 16,
          LogicalTypeRoot.INTEGER, 32,
          LogicalTypeRoot.BIGINT, 64,
          LogicalTypeRoot.FLOAT, 25,
          LogicalTypeRoot.DOUBLE, 54);

  private ColumnTypes() {}

  /** The type that a field has unless its column is declared otherwise; nullable. */
  static DataType of(FieldType type) {
    if (type instanceof ListType list) {
      return DataTypes.ARRAY(of(list.element()));
    }
    return type instanceof Primitive primitive ? of(primitive) : TENSOR;
  }

  private static DataType of(Primitive type) {
    return switch (type) {
      case BOOLEAN -> DataTypes.BOOLEAN();
      case INT8 -> DataTypes.TINYINT();
      case INT16, UINT8 -> DataTypes.SMALLINT();
      case INT32, UINT16 -> DataTypes.INT();
      case INT64, UINT32 -> DataTypes.BIGINT();
      case UINT64 -> DataTypes.DECIMAL(20, 0);
      case BIG_INTEGER -> DataTypes.DECIMAL(38, 0);
      case FLOAT16, FLOAT32 -> DataTypes.FLOAT();
      case FLOAT64 -> DataTypes.DOUBLE();
      case DECIMAL -> DataTypes.DECIMAL(38, 18);
      case STRING, JSON -> DataTypes.STRING();
      case BYTES -> DataTypes.BYTES();
      case IMAGE -> IMAGE;
    };
  }

  /** Every type that a field's column may be declared as, for messages. */
  static String accepted(FieldType type) {
    String first = of(type).toString();
    if (type instanceof TensorType) {
      return first + ", BYTES or an ARRAY of a number type";
    }
    if (type instanceof ListType list) {
      return "ARRAY of " + accepted(list.element());
    }
    return switch ((Primitive) type) {
      case IMAGE -> first + " or BYTES";
      case BIG_INTEGER -> first + ", BIGINT or STRING";
      case DECIMAL -> first + " or another DECIMAL or STRING";
      case BOOLEAN, STRING, JSON, BYTES, FLOAT64 -> first;
      default -> first + " or a wider number type";
    };
  }

  /** How values of a field become those of a declared type; null if they cannot. */
  static @Nullable ColumnValue valueOf(FieldType type, LogicalType declared) {
    if (type instanceof TensorType tensor) {
      return ofTensor(tensor, declared);
    }
    if (type instanceof ListType list) {
      ColumnValue element =
          declared instanceof ArrayType array
              ? valueOf(list.element(), array.getElementType())
              : null;
      return element == null ? null : new ListValue(element);
    }
    return ofPrimitive((Primitive) type, declared);
  }

  private static @Nullable ColumnValue ofPrimitive(Primitive type, LogicalType declared) {
    return switch (type) {
      case BOOLEAN -> declared.is(LogicalTypeRoot.BOOLEAN) ? PlainValue.BOOLEAN : null;
      case INT8 -> whole(8, declared);
      case UINT8 -> whole(9, declared);
      case INT16 -> whole(16, declared);
      case UINT16 -> whole(17, declared);
      case INT32 -> whole(32, declared);
      case UINT32 -> whole(33, declared);
      case INT64 -> whole(64, declared);
      case UINT64 -> whole(65, declared);
      case BIG_INTEGER ->
          declared.is(LogicalTypeRoot.BIGINT) ? NumberValues.Whole.BIGINT : exact(declared);
      case DECIMAL -> exact(declared);
      case FLOAT16, FLOAT32 ->
          declared.is(LogicalTypeRoot.FLOAT) ? NumberValues.Real.FLOAT : wideReal(declared);
      case FLOAT64 -> wideReal(declared);
      case STRING, JSON -> isString(declared) ? PlainValue.STRING : null;
      case BYTES -> isBytes(declared) ? PlainValue.BYTES : null;
      case IMAGE ->
          isBytes(declared)
              ? ImagePart.DATA
              : row(declared, name -> named(ImagePart.values(), name), ColumnTypes::fits);
    };
  }

  private static @Nullable ColumnValue whole(int bits, LogicalType declared) {
    LogicalTypeRoot root = declared.getTypeRoot();
    if (declared instanceof DecimalType decimal) {
      int digits = decimal.getPrecision() - decimal.getScale();
      return digits >= digitsOf(bits)
          ? new NumberValues.Exact(decimal.getPrecision(), decimal.getScale(), bits == 65)
          : null;
    }
    Integer held = WHOLE_BITS.get(root);
    return held != null && held >= bits ? NumberValues.Whole.valueOf(root.name()) : null;
  }

  /** Decimal digits of the largest number of so many bits, one of them the sign. */
  private static int digitsOf(int bits) {
    return BigInteger.ONE.shiftLeft(bits - 1).toString().length();
  }

  private static @Nullable ColumnValue exact(LogicalType declared) {
    if (declared instanceof DecimalType decimal) {
      return new NumberValues.Exact(decimal.getPrecision(), decimal.getScale(), false);
    }
    return isString(declared) ? NumberValues.Text.STRING : null;
  }

  private static @Nullable ColumnValue wideReal(LogicalType declared) {
    return declared.is(LogicalTypeRoot.DOUBLE) ? NumberValues.Real.DOUBLE : null;
  }

  private static @Nullable ColumnValue ofTensor(TensorType type, LogicalType declared) {
    if (isBytes(declared)) {
      return TensorPart.DATA;
    }
    if (declared instanceof ArrayType array) {
      TensorElements elements =
          named(TensorElements.values(), array.getElementType().getTypeRoot().name());
      return elements != null && elements.takes(type.dtype()) ? elements : null;
    }
    return row(declared, name -> named(TensorPart.values(), name), ColumnTypes::fits);
  }

  private static boolean fits(TensorPart part, LogicalType type) {
    return switch (part) {
      case DTYPE -> isString(type);
      case SHAPE ->
          type instanceof ArrayType array && array.getElementType().is(LogicalTypeRoot.BIGINT);
      case DATA -> isBytes(type);
    };
  }

  private static boolean fits(ImagePart part, LogicalType type) {
    return switch (part) {
      case MODE -> isString(type);
      case WIDTH, HEIGHT -> type.is(LogicalTypeRoot.INTEGER);
      case DATA -> isBytes(type);
    };
  }

  /** A row of some parts, in any order, told by the names of its fields. */
  private static <P extends ColumnValue> @Nullable ColumnValue row(
      LogicalType declared, Function<String, @Nullable P> parts, Fits<P> fits) {
    if (!(declared instanceof RowType row) || row.getFieldCount() == 0) {
      return null;
    }
    List<P> found = new ArrayList<>();
    for (RowType.RowField field : row.getFields()) {
      P part = parts.apply(field.getName().toUpperCase(Locale.ROOT));
      boolean lower = field.getName().equals(field.getName().toLowerCase(Locale.ROOT));
      if (part == null || !lower || !fits.test(part, field.getType())) {
        return null;
      }
      found.add(part);
    }
    return new RowValue(found);
  }

  /** Whether a part may have a type. */
  private interface Fits<P> {
    boolean test(P part, LogicalType type);
  }

  private static <E extends Enum<E>> @Nullable E named(E[] values, String name) {
    for (E value : values) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    return null;
  }

  /** Of any length: values come as long as they are. */
  private static boolean isString(LogicalType type) {
    return type instanceof VarCharType text && text.getLength() == VarCharType.MAX_LENGTH;
  }

  private static boolean isBytes(LogicalType type) {
    return type instanceof VarBinaryType bytes && bytes.getLength() == VarBinaryType.MAX_LENGTH;
  }
}
