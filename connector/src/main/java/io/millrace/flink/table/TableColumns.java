// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.source.FoundDataset;
import io.millrace.sample.Field;
import io.millrace.sample.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** Matches a table's columns with the fields of its dataset, by name. */
final class TableColumns {

  private TableColumns() {}

  /**
   * The columns of a declared row.
   *
   * @param keys those that are partitions' rather than fields
   * @throws ValidationException naming every column that the dataset lacks or whose type does not
   *     fit, with both sides
   */
  static List<RowColumn> of(DataType row, FoundDataset dataset, List<String> keys) {
    Schema schema = dataset.summary().schema();
    List<RowColumn> columns = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    for (RowType.RowField declared : ((RowType) row.getLogicalType()).getFields()) {
      String name = declared.getName();
      LogicalType type = declared.getType();
      if (keys.contains(name)) {
        if (PartitionValue.knows(type)) {
          columns.add(new RowColumn(name, name, new PartitionValue(type), type.isNullable()));
        } else {
          mistakes.add(
              "column `"
                  + name
                  + "` of PARTITIONED BY is declared as "
                  + type.asSummaryString()
                  + ": declare it as "
                  + PartitionValue.ACCEPTED);
        }
        continue;
      }
      int index = schema.indexOf(name);
      if (index < 0) {
        mistakes.add(missing(name, type, schema));
        continue;
      }
      Field field = schema.field(index);
      ColumnValue value = ColumnTypes.valueOf(field.type(), type);
      if (value == null) {
        mistakes.add(unfit(declared, field));
      } else {
        columns.add(new RowColumn(name, name, value, type.isNullable()));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ValidationException(
          "Cannot read the dataset at "
              + dataset.settings().dataset().location()
              + " as this table: "
              + String.join("; ", mistakes));
    }
    return columns;
  }

  private static String missing(String name, LogicalType type, Schema schema) {
    String column = "column `" + name + "` " + type.asSummaryString() + " is no field of it";
    if (MetadataColumn.types().containsKey(name)) {
      return column + ": metadata has to be declared as such, `" + name + "` ... METADATA";
    }
    String similar = sameButForCase(name, schema);
    if (similar != null) {
      return column + ", but `" + similar + "` is: declare it in the same case";
    }
    return column
        + ", its fields are "
        + schema.fields().stream()
            .map(field -> "`" + field.name() + "` " + field.type())
            .collect(Collectors.joining(", "));
  }

  private static @Nullable String sameButForCase(String name, Schema schema) {
    return schema.fields().stream()
        .map(Field::name)
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElse(null);
  }

  private static String unfit(RowType.RowField declared, Field field) {
    return "column `"
        + declared.getName()
        + "` is declared as "
        + declared.getType().asSummaryString()
        + ", but the field is "
        + field.type()
        + ": declare it as "
        + ColumnTypes.accepted(field.type());
  }
}
