// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What the samples that were looked at have under one name. */
final class FieldEvidence {

  private final String name;
  private @Nullable FieldType type;
  private @Nullable Sighting first;
  private @Nullable Sighting emptyList;
  private @Nullable Sighting emptyDict;

  /** Whether a whole number was seen that FLOAT64 would change. */
  private boolean beyondFloat64;

  FieldEvidence(String name) {
    this.name = name;
  }

  /**
   * Adds what a sample has.
   *
   * @throws FieldException if no type is common to it and what other samples have
   */
  void add(Object value, String file) throws FieldException {
    if (value == EmptyValue.LIST && emptyList == null) {
      emptyList = new Sighting(value, file);
    } else if (value == EmptyValue.DICT && emptyDict == null) {
      emptyDict = new Sighting(value, file);
    }
    FieldType added = ValueTypes.typeOf(value);
    if (added == null) {
      return;
    }
    beyondFloat64 = beyondFloat64 || isBeyondFloat64(value);
    if (type == null || first == null) {
      type = added;
      first = new Sighting(value, file);
      return;
    }
    FieldType common = CommonTypes.ofField(type, added);
    if (common == null) {
      throw conflict(first, new Sighting(value, file));
    }
    type = common;
  }

  /** Whether no sample has more than {@code None} or an empty container. */
  boolean isEmpty() {
    return type == null;
  }

  /**
   * The type of the field.
   *
   * @param fieldsBelow whether samples have fields below this name: then an empty container is one
   *     that could have had them
   * @throws FieldException if it cannot hold the empty containers that samples have
   */
  FieldType type(boolean fieldsBelow) throws FieldException {
    if (type == null || first == null) {
      return Primitive.JSON;
    }
    FieldType common = beyondFloat64 && isFloat64(type) ? Primitive.JSON : type;
    if (emptyList != null && !(common instanceof ListType)) {
      common = withEmpty(common, first, emptyList, fieldsBelow);
    }
    return emptyDict == null ? common : withEmpty(common, first, emptyDict, fieldsBelow);
  }

  private static boolean isFloat64(FieldType type) {
    return type == Primitive.FLOAT64
        || (type instanceof ListType list && list.element() == Primitive.FLOAT64);
  }

  private static boolean isBeyondFloat64(Object value) {
    if (value instanceof ListValue list) {
      return list.items().stream().anyMatch(FieldEvidence::isBeyondFloat64);
    }
    Object number = Numbers.unwrap(value);
    return (number instanceof Long || number instanceof BigInteger)
        && Numbers.toDouble(number) == null;
  }

  private FieldType withEmpty(FieldType common, Sighting typed, Sighting empty, boolean fieldsBelow)
      throws FieldException {
    if (fieldsBelow) {
      return common;
    }
    if (CommonTypes.isPlain(common)) {
      return Primitive.JSON;
    }
    throw conflict(typed, empty);
  }

  private FieldException conflict(Sighting a, Sighting b) {
    return new FieldException(
        "field "
            + FieldException.quote(name)
            + " is "
            + a
            + " but "
            + b
            + "; a field has one type");
  }

  /** What a file has. */
  private record Sighting(String what, String file) {
    Sighting(Object value, String file) {
      this(ValueTypes.describe(value), file);
    }

    @Override
    public String toString() {
      return what + " in " + file;
    }
  }
}
