// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The type of a tensor's elements. Labels are NumPy's names, and PyTorch's where NumPy has none.
 * Elements are little-endian; complex ones are the real part, then the imaginary part.
 */
public enum DType {
  /** One byte: 0 is false, anything else is true. */
  BOOL("bool", 1, Kind.INTEGER),
  UINT8("uint8", 1, Kind.INTEGER),
  INT8("int8", 1, Kind.INTEGER),
  UINT16("uint16", 2, Kind.INTEGER),
  INT16("int16", 2, Kind.INTEGER),
  UINT32("uint32", 4, Kind.INTEGER),
  INT32("int32", 4, Kind.INTEGER),
  UINT64("uint64", 8, Kind.INTEGER),
  INT64("int64", 8, Kind.INTEGER),
  /** IEEE 754 binary16. */
  FLOAT16("float16", 2, Kind.FLOAT),
  /** The upper half of an IEEE 754 binary32. */
  BFLOAT16("bfloat16", 2, Kind.FLOAT),
  /** 4 bits of exponent, 3 of mantissa, no infinity, bias 7. */
  FLOAT8_E4M3FN("float8_e4m3fn", 1, Kind.FLOAT),
  /** 5 bits of exponent, 2 of mantissa, infinities, bias 15. */
  FLOAT8_E5M2("float8_e5m2", 1, Kind.FLOAT),
  /** 4 bits of exponent, 3 of mantissa, no infinity, no negative zero, bias 8. */
  FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 1, Kind.FLOAT),
  /** 5 bits of exponent, 2 of mantissa, no infinity, no negative zero, bias 16. */
  FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 1, Kind.FLOAT),
  FLOAT32("float32", 4, Kind.FLOAT),
  FLOAT64("float64", 8, Kind.FLOAT),
  /** Two {@link #FLOAT16}. */
  COMPLEX32("complex32", 4, Kind.COMPLEX),
  /** Two {@link #FLOAT32}. */
  COMPLEX64("complex64", 8, Kind.COMPLEX),
  /** Two {@link #FLOAT64}. */
  COMPLEX128("complex128", 16, Kind.COMPLEX);

  private enum Kind {
    INTEGER,
    FLOAT,
    COMPLEX
  }

  private static final Map<String, DType> BY_LABEL =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(DType::label, Function.identity()));

  private final String label;
  private final int byteSize;
  private final Kind kind;

  DType(String label, int byteSize, Kind kind) {
    this.label = label;
    this.byteSize = byteSize;
    this.kind = kind;
  }

  /**
   * Returns the type of a label such as {@code float16}.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known labels
   */
  public static DType of(String label) {
    @Nullable DType found = BY_LABEL.get(label);
    if (found == null) {
      throw new IllegalArgumentException(
          Arrays.stream(values())
              .map(DType::label)
              .collect(Collectors.joining(", ", "Unknown dtype '" + label + "'; known: ", "")));
    }
    return found;
  }

  /** Returns the name in NumPy or PyTorch, in lower case. */
  public String label() {
    return label;
  }

  /** Returns the size of one element in bytes. */
  public int byteSize() {
    return byteSize;
  }

  /** Says whether elements are whole numbers; {@link #BOOL} counts as 0 and 1. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  /** Says whether elements are real floating-point numbers. */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Says whether elements are pairs of a real and an imaginary part. */
  public boolean isComplex() {
    return kind == Kind.COMPLEX;
  }

  @Override
  public String toString() {
    return label;
  }
}
