// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.ShardInput;
import io.millrace.format.pickle.PyNone;
import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what a sample holds into the places of the projected fields. */
final class FieldBinding {

  static final String HOW_FIELDS_ARE_FOUND =
      "fields are those of up to "
          + SchemaInference.SAMPLES
          + " samples that are spread over the dataset, the first one among them";

  private final FieldNames known;
  private final Schema projection;

  /** Whether the projection has every field: then what is not known would be lost unnoticed. */
  private final boolean complete;

  private final boolean[] fieldsBelow;

  /**
   * @param known names of all fields of the dataset
   * @param shard for messages
   * @throws IOException if a projected field is not known
   */
  FieldBinding(FieldNames known, Schema projection, String shard) throws IOException {
    this.known = known;
    this.projection = projection;
    this.complete = projection.size() == known.size();
    this.fieldsBelow = new boolean[projection.size()];
    for (int i = 0; i < fieldsBelow.length; i++) {
      String name = projection.field(i).name();
      if (!known.contains(name)) {
        throw new IOException(
            "Cannot open shard " + shard + ": no field " + FieldException.quote(name));
      }
      fieldsBelow[i] = known.hasBelow(name);
    }
  }

  /**
   * The values of the projected fields, as {@link ValueConverter} documents them.
   *
   * @param sample its fields, as {@link SampleFields} makes them
   * @param input what they take beyond the file is reserved of it
   * @throws IOException if there is not so much memory
   */
  @Nullable Object[] bind(Map<String, Object> sample, ShardInput input)
      throws FieldException, IOException {
    JsonText json = new JsonText();
    SampleBytes bytes = new SampleBytes(input);
    @Nullable Object[] values = new @Nullable Object[projection.size()];
    for (Map.Entry<String, Object> entry : sample.entrySet()) {
      String name = entry.getKey();
      int index = projection.indexOf(name);
      if (index >= 0) {
        Field field = projection.field(index);
        Object value =
            ValueConverter.convert(name, entry.getValue(), field.type(), fieldsBelow[index], json);
        if (value != null) {
          bytes.add(value);
        }
        values[index] = value;
      } else if (complete) {
        checkNothingLost(name, entry.getValue());
      }
    }
    bytes.finish();
    return values;
  }

  private void checkNothingLost(String name, Object value) throws FieldException {
    boolean nothing =
        value instanceof PyNone || (value instanceof EmptyValue && known.hasBelow(name));
    if (!nothing) {
      throw new FieldException(
          "it has a field "
              + FieldException.quote(name)
              + " ("
              + ValueTypes.describe(value)
              + "), which the dataset has not: "
              + HOW_FIELDS_ARE_FOUND
              + ". Name the fields to read if it is none of them, or put a sample that has it first");
    }
  }
}
