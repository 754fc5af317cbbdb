// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyNone;
import io.millrace.sample.Bytes;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a sample has for a field a value of the field's type, or refuses it where that would
 * change it. Tensors stay views: they are copied out when the sample is read.
 *
 * <p>The values: null; {@link TensorValue}; a list of them, or of the class of the element type's
 * values; of integer types a {@link Long}, of {@code UINT64} its bits; else the class of the type's
 * values.
 */
final class ValueConverter {

  private ValueConverter() {}

  /**
   * Converts a value.
   *
   * @param value as {@link SampleFields} has it
   * @param fieldsBelow whether the dataset has fields below this one, which an empty container
   *     could have had
   * @param json writes the JSON text of the sample
   */
  static @Nullable Object convert(
      String field, Object value, FieldType type, boolean fieldsBelow, JsonText json)
      throws FieldException {
    if (value instanceof PyNone) {
      return null;
    }
    Object converted = null;
    if (type == Primitive.JSON) {
      converted = toJson(field, value, json);
    } else if (value instanceof EmptyValue) {
      if (value == EmptyValue.LIST && type instanceof ListType) {
        return List.of();
      }
      if (fieldsBelow) {
        return null;
      }
    } else if (type instanceof ListType list) {
      converted = value instanceof ListValue items ? toList(items, list.element()) : null;
    } else {
      converted = toScalar(value, type);
    }
    if (converted == null) {
      throw mismatch(field, value, type);
    }
    checkSize(field, converted);
    return converted;
  }

  /** Refuses tensors that no array can hold, as storages that were saved by themselves may be. */
  private static void checkSize(String field, Object converted) throws FieldException {
    if (converted instanceof TensorValue tensor && tensor.byteSize() > TensorViews.MOST_BYTES) {
      throw new FieldException(
          "its field "
              + FieldException.quote(field)
              + " is not usable: a tensor of "
              + tensor.byteSize()
              + " bytes takes more than the "
              + TensorViews.MOST_BYTES
              + " that an array can hold");
    }
    if (converted instanceof List<?> list
        && !list.isEmpty()
        && list.get(0) instanceof TensorValue) {
      for (Object element : list) {
        checkSize(field, element);
      }
    }
  }

  private static FieldException mismatch(String field, Object value, FieldType type) {
    FieldType found = ValueTypes.typeOf(value);
    // The dataset's type holds others of this type: it is the value itself that does not fit.
    boolean inexact = found != null && type.equals(CommonTypes.ofField(found, type));
    return new FieldException(
        "its field "
            + FieldException.quote(field)
            + " is "
            + ValueTypes.describe(value)
            + (inexact && found instanceof Primitive ? " (" + Numbers.unwrap(value) + ")" : "")
            + ", but in the dataset it is "
            + type
            + (inexact ? ", which cannot hold this value exactly" : "")
            + "; "
            + FieldBinding.HOW_FIELDS_ARE_FOUND);
  }

  private static @Nullable Object toJson(String field, Object value, JsonText json)
      throws FieldException {
    FieldType type = ValueTypes.typeOf(value);
    if (!(value instanceof EmptyValue) && (type == null || !CommonTypes.isPlain(type))) {
      return null;
    }
    try {
      return json.of(value);
    } catch (FieldException e) {
      throw new FieldException(
          "its field " + FieldException.quote(field) + " is not usable: " + e.getMessage());
    }
  }

  private static @Nullable List<Object> toList(ListValue list, FieldType element) {
    List<Object> converted = new ArrayList<>(list.items().size());
    for (Object item : list.items()) {
      Object value = toScalar(item, element);
      if (value == null) {
        return null;
      }
      converted.add(
          element instanceof Primitive primitive && CommonTypes.isInteger(primitive)
              ? Numbers.boxed(value, primitive)
              : value);
    }
    return Collections.unmodifiableList(converted);
  }

  private static @Nullable Object toScalar(Object value, FieldType type) {
    if (type instanceof TensorType tensors) {
      boolean fits =
          value instanceof TensorValue tensor
              && (tensors.dtype() == null || tensors.dtype() == tensor.dtype());
      return fits ? value : null;
    }
    return type instanceof Primitive primitive ? toPrimitive(value, primitive) : null;
  }

  private static @Nullable Object toPrimitive(Object value, Primitive type) {
    Object plain = Numbers.unwrap(value);
    return switch (type) {
      case BOOLEAN -> plain instanceof Boolean ? plain : null;
      case FLOAT64 -> Numbers.toDouble(plain);
      case FLOAT32 -> plain instanceof Float ? plain : null;
      case FLOAT16 -> ValueTypes.typeOf(value) == Primitive.FLOAT16 ? plain : null;
      case STRING -> value instanceof TorchConstant constant ? constant.text() : text(value);
      case BYTES -> value instanceof Bytes ? value : null;
      default -> Numbers.toInteger(plain, type);
    };
  }

  private static @Nullable Object text(Object value) {
    return value instanceof String ? value : null;
  }
}
