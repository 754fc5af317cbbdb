// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.FoundPartitions;
import io.millrace.format.PartitionPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** The partitions of a table, as the planner knows them. On the client only. */
final class TablePartitions {

  private final FoundPartitions found;

  TablePartitions(FoundPartitions found) {
    this.found = found;
  }

  /** The dataset in the first partition, which tells the fields of all. */
  FoundDataset first() {
    return found.first();
  }

  /** Keys and values of all, null for a partition without a value; each once. */
  List<Map<String, @Nullable String>> specs() {
    return found.all().stream().map(TablePartitions::spec).distinct().toList();
  }

  private static Map<String, @Nullable String> spec(PartitionPath partition) {
    Map<String, @Nullable String> spec = new LinkedHashMap<>();
    for (int i = 0; i < partition.keys().size(); i++) {
      String value = partition.values().get(i);
      spec.put(partition.keys().get(i), value.equals(PartitionPath.NO_VALUE) ? null : value);
    }
    return spec;
  }

  /**
   * The dataset in some of the partitions; looked for once.
   *
   * @param specs some of {@link #specs}; null for all
   * @return null if they are none
   */
  @Nullable FoundDataset dataset(@Nullable List<Map<String, String>> specs) {
    List<PartitionPath> selected = found.all();
    if (specs != null) {
      Set<Map<String, String>> wanted = new HashSet<>(specs);
      selected = selected.stream().filter(path -> wanted.contains(spec(path))).toList();
    }
    return selected.isEmpty() ? null : found.dataset(selected);
  }

  /**
   * Checks that every partition has a value that its column can hold.
   *
   * @throws ValidationException naming a directory, its value and the column
   */
  void checkValues(List<RowColumn> columns, String location) {
    Map<String, RowColumn> byKey = new LinkedHashMap<>();
    columns.stream()
        .filter(RowColumn::isPartition)
        .forEach(column -> byKey.put(column.field(), column));
    List<String> mistakes = new ArrayList<>();
    for (PartitionPath partition : found.all()) {
      spec(partition)
          .forEach(
              (key, value) -> {
                String mistake = mistake(byKey.get(key), value);
                if (mistake != null) {
                  mistakes.add("of directory " + partition.directory() + " " + mistake);
                }
              });
      if (!mistakes.isEmpty()) {
        throw new ValidationException(
            "Cannot read the dataset at " + location + " as this table: " + mistakes.get(0));
      }
    }
  }

  private static @Nullable String mistake(@Nullable RowColumn column, @Nullable String value) {
    if (column == null) {
      return null; // the planner refuses a key that is no column
    }
    if (value == null) {
      return column.nullable()
          ? null
          : "column `" + column.name() + "` has no value: declare it without NOT NULL";
    }
    try {
      column.value().ofString(value);
      return null;
    } catch (UnfitValueException e) {
      return "column `"
          + column.name()
          + "` does not fit: "
          + e.getMessage()
          + "; declare it as STRING";
    }
  }
}
