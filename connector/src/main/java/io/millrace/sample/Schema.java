// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a dataset's samples, in order; names are unique. May be empty. */
public final class Schema implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<Field> fields;
  private final Map<String, Integer> indexes;

  /**
   * Makes a schema of fields in their order.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public Schema(List<Field> fields) {
    this.fields = List.copyOf(fields);
    Map<String, Integer> byName = new HashMap<>();
    for (Field field : this.fields) {
      if (byName.put(field.name(), byName.size()) != null) {
        throw new IllegalArgumentException(
            "Cannot make a schema with two fields named '" + field.name() + "'");
      }
    }
    this.indexes = Map.copyOf(byName);
  }

  /** Makes a schema as {@link #Schema(List)} does. */
  public static Schema of(Field... fields) {
    return new Schema(List.of(fields));
  }

  /** Returns the number of fields. */
  public int size() {
    return fields.size();
  }

  /** Returns the fields in order; immutable. */
  public List<Field> fields() {
    return fields;
  }

  /**
   * Returns a field by its place.
   *
   * @throws IndexOutOfBoundsException if the index is not in [0, size)
   */
  public Field field(int index) {
    return fields.get(index);
  }

  /** Returns the place of a field, or -1 if there is none of that name. */
  public int indexOf(String name) {
    return indexes.getOrDefault(name, -1);
  }

  /**
   * Returns the schema with the named fields only, in the order of the names.
   *
   * @throws IllegalArgumentException if a name is unknown, or given twice
   */
  public Schema project(List<String> names) {
    List<Field> projected = new ArrayList<>(names.size());
    for (String name : names) {
      projected.add(fields.get(requireIndex(name)));
    }
    return new Schema(projected);
  }

  /** Returns the place of a field, or fails with the names that there are. */
  int requireIndex(String name) {
    int index = indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "No field named '"
              + name
              + "'; known: "
              + fields.stream().map(Field::name).collect(Collectors.joining(", ")));
    }
    return index;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schema that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.stream().map(Field::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
