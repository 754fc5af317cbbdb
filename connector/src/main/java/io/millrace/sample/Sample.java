// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of a dataset: a value or null for each field of its schema, and where it comes from.
 * Immutable, and so may be shared between threads and operators.
 *
 * <p>Getters by name look the index up; in a hot loop ask the schema once and get by index. All of
 * them throw {@link IndexOutOfBoundsException} for an index that is not in [0, size) and {@link
 * IllegalArgumentException} for a name that the schema hasn't. The typed ones throw {@link
 * IllegalStateException}, naming the field, its type and what was asked for, if the field's type is
 * another or its value is null.
 */
public final class Sample {
  private static final int SHOWN_FIELDS = 16;
  private static final int SHOWN_CHARACTERS = 60;

  private final Schema schema;
  private final SampleMetadata metadata;
  private final @Nullable Object[] values;

  private Sample(Schema schema, SampleMetadata metadata, @Nullable Object[] values) {
    if (values.length != schema.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a sample of %d values for the %d fields of %s",
              values.length,
              schema.size(),
              shorten(schema)));
    }
    this.schema = schema;
    this.metadata = metadata;
    this.values = values;
  }

  /**
   * Makes a sample of the array itself, which from then on belongs to it: the caller must neither
   * keep nor change it. The values' types are not checked; {@link #checked} does that.
   *
   * @throws IllegalArgumentException if there are not as many values as fields
   */
  public static Sample of(Schema schema, SampleMetadata metadata, @Nullable Object... values) {
    return new Sample(schema, metadata, values);
  }

  /**
   * Makes a sample of a copy of the array and checks every value against its field.
   *
   * @throws IllegalArgumentException naming the field, if a value is of another type, or null in a
   *     field that is not nullable
   */
  public static Sample checked(Schema schema, SampleMetadata metadata, @Nullable Object... values) {
    Sample sample = new Sample(schema, metadata, values.clone());
    for (int i = 0; i < values.length; i++) {
      Field field = schema.field(i);
      @Nullable Object value = sample.values[i];
      if (value != null) {
        try {
          field.type().check(value);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "Cannot set field '" + field.name() + "': " + e.getMessage(), e);
        }
      } else if (!field.nullable()) {
        throw new IllegalArgumentException(
            "Cannot set field '" + field.name() + "' to null: it is not nullable");
      }
    }
    return sample;
  }

  /** Returns the fields. */
  public Schema schema() {
    return schema;
  }

  /** Returns the place in dataset and epoch. */
  public SampleMetadata metadata() {
    return metadata;
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /** Returns a value, of the class that its field's type tells; null if there is none. */
  public @Nullable Object get(int index) {
    return values[Objects.checkIndex(index, values.length)];
  }

  /** Returns a value as {@link #get(int)} does. */
  public @Nullable Object get(String name) {
    return values[schema.requireIndex(name)];
  }

  /** Says whether a field has no value. */
  public boolean isNull(int index) {
    return get(index) == null;
  }

  /** Says whether a field has no value. */
  public boolean isNull(String name) {
    return get(name) == null;
  }

  /** Returns a boolean. */
  public boolean getBoolean(int index) {
    return typed(index, Boolean.class, "boolean");
  }

  /** Returns a boolean. */
  public boolean getBoolean(String name) {
    return getBoolean(schema.requireIndex(name));
  }

  /**
   * Returns a value of any integer type.
   *
   * @throws ArithmeticException if it is less than -2⁶³ or not less than 2⁶³
   */
  public long getLong(int index) {
    Object value = get(index);
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    BigInteger large = typed(index, BigInteger.class, "long");
    if (large.bitLength() >= Long.SIZE) {
      throw new ArithmeticException(
          String.format(
              Locale.ROOT,
              "Cannot read field '%s' (%s) as long: it is %s",
              schema.field(index).name(),
              schema.field(index).type(),
              shorten(large)));
    }
    return large.longValue();
  }

  /** Returns a value of any integer type as {@link #getLong(int)} does. */
  public long getLong(String name) {
    return getLong(schema.requireIndex(name));
  }

  /** Returns a value of any floating-point type. */
  public double getDouble(int index) {
    return get(index) instanceof Float single ? single : typed(index, Double.class, "double");
  }

  /** Returns a value of any floating-point type. */
  public double getDouble(String name) {
    return getDouble(schema.requireIndex(name));
  }

  /** Returns a string, or JSON as text. */
  public String getString(int index) {
    return typed(index, String.class, "String");
  }

  /** Returns a string, or JSON as text. */
  public String getString(String name) {
    return getString(schema.requireIndex(name));
  }

  /** Returns bytes. */
  public Bytes getBytes(int index) {
    return typed(index, Bytes.class, "Bytes");
  }

  /** Returns bytes. */
  public Bytes getBytes(String name) {
    return getBytes(schema.requireIndex(name));
  }

  /** Returns a tensor. */
  public Tensor getTensor(int index) {
    return typed(index, Tensor.class, "Tensor");
  }

  /** Returns a tensor. */
  public Tensor getTensor(String name) {
    return getTensor(schema.requireIndex(name));
  }

  /** Returns a decoded image. */
  public Image getImage(int index) {
    return typed(index, Image.class, "Image");
  }

  /** Returns a decoded image. */
  public Image getImage(String name) {
    return getImage(schema.requireIndex(name));
  }

  private <T> T typed(int index, Class<T> type, String target) {
    @Nullable Object value = get(index);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    Field field = schema.field(index);
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "Cannot read field '%s' (%s) as %s%s",
            field.name(),
            field.type(),
            target,
            value == null ? ": it is null" : ""));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sample that
        && metadata.equals(that.metadata)
        && schema.equals(that.schema)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * metadata.hashCode() + Arrays.hashCode(values);
  }

  /** Returns the place and the first fields, each cut to a few characters. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Sample[epoch ");
    text.append(metadata.epoch()).append(", ").append(shorten(metadata.shard()));
    text.append(" #").append(metadata.sample()).append(": {");
    for (int i = 0; i < Math.min(values.length, SHOWN_FIELDS); i++) {
      text.append(i == 0 ? "" : ", ").append(shorten(schema.field(i).name())).append('=');
      text.append(shorten(values[i]));
    }
    return text.append(values.length > SHOWN_FIELDS ? ", ...}]" : "}]").toString();
  }

  /** Returns a value's text, cut if it is long. */
  static String shorten(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
