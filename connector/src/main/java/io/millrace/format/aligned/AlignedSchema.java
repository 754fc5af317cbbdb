// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts the fields of parts side by side, under the names that they have in the whole. */
final class AlignedSchema {

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Origin> origins = new HashMap<>();

  private AlignedSchema() {}

  /**
   * The fields of the first part, then those of the next.
   *
   * @throws IllegalArgumentException if two have the same name, or one that is renamed does not
   *     exist
   */
  static Schema of(List<AlignedPart> parts) {
    AlignedSchema schema = new AlignedSchema();
    parts.forEach(schema::add);
    return new Schema(schema.fields);
  }

  private void add(AlignedPart part) {
    ObjectLocation root = part.manifest().root();
    Schema own = part.manifest().schema();
    for (String renamed : part.names().renamed().keySet()) {
      if (own.indexOf(renamed) < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot rename field \"%s\" of %s: its fields are %s",
                renamed,
                root,
                own.fields().stream().map(Field::name).collect(Collectors.joining(", "))));
      }
    }
    for (Field field : own.fields()) {
      String name = part.names().of(field.name());
      Origin origin = new Origin(root, field.name());
      Origin other = origins.putIfAbsent(name, origin);
      if (other != null) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot have two fields named \"%s\": one is %s, the other %s; give one of them another name with renamed or prefixed",
                name,
                other,
                origin));
      }
      fields.add(new Field(name, field.type(), field.nullable()));
    }
  }

  /** Where a field comes from. */
  private record Origin(ObjectLocation root, String field) {
    @Override
    public String toString() {
      return "\"" + field + "\" of " + root;
    }
  }
}
