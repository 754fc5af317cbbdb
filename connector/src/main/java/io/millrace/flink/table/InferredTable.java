// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.DatasetSummary;
import io.millrace.sample.Field;
import java.util.Locale;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.api.Schema;

/** The table that a dataset is if nobody declares one. */
@Internal
public final class InferredTable {

  private InferredTable() {}

  /**
   * A column for each field, with the field's type as its comment, then the metadata whose names no
   * field has.
   */
  public static Schema schema(DatasetSummary dataset) {
    Schema.Builder columns = Schema.newBuilder();
    for (Field field : dataset.schema().fields()) {
      columns
          .column(field.name(), ColumnTypes.of(field.type()))
          .withComment(field.type().toString());
    }
    MetadataColumn.types()
        .forEach(
            (key, type) -> {
              if (dataset.schema().indexOf(key) < 0) {
                columns.columnByMetadata(key, type, null, true);
              }
            });
    return columns.build();
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
