// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.Primitive;
import org.jspecify.annotations.Nullable;

/** The three types of columns in JSON and separated-values shards. */
enum TextColumn {
  STR(Primitive.STRING),
  /** Python's are of any size; what 64 bits cannot hold is an error when it is read. */
  INT(Primitive.INT64),
  FLOAT(Primitive.FLOAT64);

  private final Primitive type;

  TextColumn(Primitive type) {
    this.type = type;
  }

  static @Nullable TextColumn named(String encoding) {
    return switch (encoding) {
      case "str" -> STR;
      case "int" -> INT;
      case "float" -> FLOAT;
      default -> null;
    };
  }

  /** The type of an encoding's values, or null if there is no such encoding. */
  static @Nullable FieldType typeOf(String encoding) {
    TextColumn column = named(encoding);
    return column == null ? null : column.type;
  }

  /** Reads a value from Python's text of it. */
  void set(String text, int field, ValueSink sink) throws MalformedValueException {
    switch (this) {
      case STR -> sink.setString(field, text);
      case INT -> sink.setLong(field, PythonNumbers.parseLong(text));
      case FLOAT -> sink.setDouble(field, PythonNumbers.parseDouble(text));
    }
  }
}
