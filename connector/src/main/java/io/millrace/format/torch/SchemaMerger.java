// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the fields that hold what several samples hold: all of theirs, in the order in which they
 * come, of types that are common to them. All are nullable, for a sample may lack any.
 */
final class SchemaMerger {

  private final Map<String, FieldEvidence> fields = new LinkedHashMap<>();

  /**
   * Adds a sample.
   *
   * @param sample its fields, as {@link SampleFields} makes them
   * @param file its file, for messages
   * @throws FieldException if a field is of another kind than in a sample before
   */
  void add(Map<String, Object> sample, String file) throws FieldException {
    for (Map.Entry<String, Object> field : sample.entrySet()) {
      fields.computeIfAbsent(field.getKey(), FieldEvidence::new).add(field.getValue(), file);
    }
    if (fields.size() > SampleFields.MAX_FIELDS) {
      throw new FieldException(
          "the samples up to "
              + file
              + " have more than "
              + SampleFields.MAX_FIELDS
              + " different fields; should what the names tell be a value?");
    }
  }

  /** The schema of all that was added. */
  Schema schema() throws FieldException {
    FieldNames names = new FieldNames(fields.keySet());
    List<Field> schema = new ArrayList<>();
    for (Map.Entry<String, FieldEvidence> entry : fields.entrySet()) {
      String name = entry.getKey();
      boolean below = names.hasBelow(name);
      // What is None or empty here is a dict or a list there, whose fields are in the schema.
      if (!below || !entry.getValue().isEmpty()) {
        schema.add(new Field(name, entry.getValue().type(below), true));
      }
    }
    return new Schema(schema);
  }
}
