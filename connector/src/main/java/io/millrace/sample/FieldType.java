// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the values of a field are, and by which Java class they are represented. */
public sealed interface FieldType extends Serializable
    permits FieldType.Primitive, FieldType.TensorType, FieldType.ListType {

  /** Returns the class of every value of this type. */
  Class<?> valueClass();

  /**
   * Checks class and range of a value, of a list's elements too.
   *
   * @throws IllegalArgumentException naming the value and this type, if it is not one of them
   */
  void check(Object value);

  /** A type without parameters. */
  enum Primitive implements FieldType {
    BOOLEAN(Boolean.class),
    INT8(Byte.class),
    INT16(Short.class),
    INT32(Integer.class),
    INT64(Long.class),
    /** A {@link Short} from 0 to 255. */
    UINT8(Short.class),
    /** An {@link Integer} from 0 to 65535. */
    UINT16(Integer.class),
    /** A {@link Long} from 0 to 2³² − 1. */
    UINT32(Long.class),
    /** A {@link BigInteger} from 0 to 2⁶⁴ − 1. */
    UINT64(BigInteger.class),
    /** A whole number of any size. */
    BIG_INTEGER(BigInteger.class),
    /** A {@link Float}, widened from 16 bits without loss. */
    FLOAT16(Float.class),
    FLOAT32(Float.class),
    FLOAT64(Double.class),
    DECIMAL(DecimalValue.class),
    STRING(String.class),
    /** Uninterpreted; encoded images too. */
    BYTES(Bytes.class),
    /** JSON text as it was stored; Python's {@code NaN} and {@code Infinity} may occur in it. */
    JSON(String.class),
    /** A decoded image. */
    IMAGE(Image.class);

    private final Class<?> valueClass;

    Primitive(Class<?> valueClass) {
      this.valueClass = valueClass;
    }

    @Override
    public Class<?> valueClass() {
      return valueClass;
    }

    @Override
    public void check(Object value) {
      boolean fits =
          valueClass.isInstance(value)
              && switch (this) {
                case UINT8 -> ((Short) value >>> 8) == 0;
                case UINT16 -> ((Integer) value >>> 16) == 0;
                case UINT32 -> ((Long) value >>> 32) == 0;
                case UINT64 -> isUnsignedLong((BigInteger) value);
                default -> true;
              };
      if (!fits) {
        throw mismatch(this, value);
      }
    }

    private static boolean isUnsignedLong(BigInteger value) {
      return value.signum() >= 0 && value.bitLength() <= Long.SIZE;
    }

    /** Returns the name in lower case, such as {@code int64}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The type of {@link Tensor} values, with what all of them share.
   *
   * @param dtype of every value; null if it varies
   * @param shape of every value, the slowest dimension first; null if it varies
   */
  record TensorType(@Nullable DType dtype, @Nullable List<Long> shape) implements FieldType {
    /**
     * Checks and copies the shape.
     *
     * @throws IllegalArgumentException if a dimension is negative, or there are too many
     */
    public TensorType {
      if (shape != null) {
        shape = List.copyOf(shape);
        if (shape.size() > Tensor.MAX_RANK || shape.stream().anyMatch(size -> size < 0)) {
          throw new IllegalArgumentException("Cannot make a tensor type of shape " + shape);
        }
      }
    }

    @Override
    public Class<?> valueClass() {
      return Tensor.class;
    }

    @Override
    public void check(Object value) {
      boolean fits =
          value instanceof Tensor tensor
              && (dtype == null || dtype == tensor.dtype())
              && (shape == null || tensor.hasShape(shape));
      if (!fits) {
        throw mismatch(this, value);
      }
    }

    /** Returns a form such as {@code tensor<uint8>[28,28]}, without what varies. */
    @Override
    public String toString() {
      String dimensions =
          shape == null
              ? ""
              : shape.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
      return "tensor<" + (dtype == null ? "?" : dtype.label()) + ">" + dimensions;
    }
  }

  /**
   * The type of immutable {@link List} values of one element type; no element is null.
   *
   * @param element the type of the elements
   */
  record ListType(FieldType element) implements FieldType {
    @Override
    public Class<?> valueClass() {
      return List.class;
    }

    @Override
    public void check(Object value) {
      if (!(value instanceof List<?> list)) {
        throw mismatch(this, value);
      }
      for (@Nullable Object item : list) {
        if (item == null) {
          throw new IllegalArgumentException("Cannot use a list with a null as " + this);
        }
        element.check(item);
      }
    }

    @Override
    public String toString() {
      return "list<" + element + ">";
    }
  }

  private static IllegalArgumentException mismatch(FieldType type, Object value) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "Cannot use %s (%s) as %s",
            Sample.shorten(value),
            value.getClass().getSimpleName(),
            type));
  }
}
