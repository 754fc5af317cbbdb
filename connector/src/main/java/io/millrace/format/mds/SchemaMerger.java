// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.TensorType;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the schema that all shards of an index share. Every shard must have the same columns, in
 * any order and layout, of the same types; only of tensors may dtype or shape differ, and then the
 * schema leaves them open.
 */
final class SchemaMerger {

  private final ObjectLocation index;
  private final Map<String, FieldType> types = new LinkedHashMap<>();
  private @Nullable ShardEntry first;
  private @Nullable List<Column> lastColumns;
  private @Nullable Layout lastLayout;

  SchemaMerger(ObjectLocation index) {
    this.index = index;
  }

  void add(ShardEntry entry) throws CorruptObjectException {
    if (entry.layout() == lastLayout && entry.columns().equals(lastColumns)) {
      return;
    }
    lastLayout = entry.layout();
    lastColumns = entry.columns();
    if (first == null) {
      first = entry;
      for (Column column : entry.columns()) {
        types.put(column.name(), typeOf(entry, column));
      }
      return;
    }
    for (Column column : entry.columns()) {
      FieldType known = types.get(column.name());
      FieldType type = typeOf(entry, column);
      FieldType common = known == null ? null : common(known, type);
      if (common == null) {
        throw different(
            entry, first, column.name(), type.toString(), known == null ? "" : known.toString());
      }
      types.put(column.name(), common);
    }
    if (entry.columns().size() != types.size()) {
      Set<String> missing = new LinkedHashSet<>(types.keySet());
      entry.columns().forEach(column -> missing.remove(column.name()));
      String name = missing.iterator().next();
      throw different(entry, first, name, "", Objects.requireNonNull(types.get(name)).toString());
    }
  }

  private CorruptObjectException different(
      ShardEntry entry, ShardEntry before, String column, String type, String typeBefore) {
    return new CorruptObjectException(
        index,
        entry.place().offset(),
        String.format(
            Locale.ROOT,
            "column \"%s\" is %s in %s (%s) but %s in %s (%s)",
            PythonNumbers.shorten(column),
            type.isEmpty() ? "missing" : type,
            entry.place().path(),
            entry.raw().data().path(),
            typeBefore.isEmpty() ? "missing" : typeBefore,
            before.place().path(),
            before.raw().data().path()));
  }

  private static FieldType typeOf(ShardEntry entry, Column column) {
    if (entry.layout() == Layout.MDS) {
      return Encoding.parse(column.encoding()).type();
    }
    return Objects.requireNonNull(TextColumn.typeOf(column.encoding()));
  }

  private static @Nullable FieldType common(FieldType a, FieldType b) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof TensorType x && b instanceof TensorType y) {
      return new TensorType(
          x.dtype() == y.dtype() ? x.dtype() : null,
          Objects.equals(x.shape(), y.shape()) ? x.shape() : null);
    }
    return null;
  }

  /** The schema of all that was added, with the first shard's order of columns. */
  Schema schema() {
    List<Field> fields = new ArrayList<>();
    types.forEach((name, type) -> fields.add(new Field(name, type, false)));
    return new Schema(fields);
  }
}
