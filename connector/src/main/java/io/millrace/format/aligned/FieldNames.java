// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the fields of one part of a dataset are called in the whole.
 *
 * @param prefix stands, with a dot, before the names that are not renamed; empty for none
 * @param renamed new names by the names in the part
 */
public record FieldNames(String prefix, Map<String, String> renamed) implements Serializable {

  /** Every field keeps its name. */
  public static final FieldNames KEPT = new FieldNames("", Map.of());

  public FieldNames {
    renamed = Map.copyOf(renamed);
  }

  /** The name in the whole of a field of the part. */
  public String of(String field) {
    String name = renamed.get(field);
    if (name != null) {
      return name;
    }
    return prefix.isEmpty() ? field : prefix + "." + field;
  }

  /** A part's fields by their names in the whole, in the part's order. */
  Map<String, Field> byName(Schema part) {
    Map<String, Field> fields = new HashMap<>();
    part.fields().forEach(field -> fields.put(of(field.name()), field));
    return fields;
  }

  /** A part's fields as they are in the whole. Must be free of clashes. */
  Schema of(Schema part) {
    List<Field> fields = new ArrayList<>();
    for (Field field : part.fields()) {
      fields.add(new Field(of(field.name()), field.type(), field.nullable()));
    }
    return new Schema(fields);
  }

  public boolean keepsAll() {
    return prefix.isEmpty() && renamed.isEmpty();
  }
}
