// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.sample.Field;
import java.util.List;
import java.util.Locale;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;

/** The table that a dataset is if nobody declares one. */
@Internal
public final class InferredTable {

  private InferredTable() {}

  /**
   * A column for each field, with the field's type as its comment, then one for each key of
   * partitions, in place of a field of its name, then the metadata whose names neither has.
   */
  public static Schema schema(DatasetSummary dataset, List<String> keys) {
    Schema.Builder columns = Schema.newBuilder();
    for (Field field : dataset.schema().fields()) {
      if (!keys.contains(field.name())) {
        columns
            .column(field.name(), ColumnTypes.of(field.type()))
            .withComment(field.type().toString());
      }
    }
    keys.forEach(key -> columns.column(key, DataTypes.STRING()).withComment("partition"));
    MetadataColumn.types()
        .forEach(
            (key, type) -> {
              if (dataset.schema().indexOf(key) < 0 && !keys.contains(key)) {
                columns.columnByMetadata(key, type, null, true);
              }
            });
    return columns.build();
  }

  /** Format and partitions, for people; what is in them would have to be looked at. */
  public static String comment(DatasetSummary first, int partitions, List<String> keys) {
    return String.format(
        Locale.ROOT,
        "%s dataset in %,d partitions by %s",
        first.format(),
        partitions,
        String.join(", ", keys));
  }

  /** Format, samples, shards and bytes, for people. */
  public static String comment(DatasetSummary dataset) {
    return String.format(
        Locale.ROOT,
        "%s dataset of %,d samples in %,d shards, %,d bytes",
        dataset.format(),
        dataset.samples(),
        dataset.shards(),
        dataset.storedBytes());
  }
}
