// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.sample.Schema;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.RowData;

/**
 * Emits rows: columns of fields, then columns of metadata.
 *
 * @param type of the rows
 * @param columns the columns of fields
 * @param metadata the columns after them
 * @param partitionKeys how many directories above a dataset make a partition
 */
record RowRecordFormat(
    TypeInformation<RowData> type,
    List<RowColumn> columns,
    List<MetadataColumn> metadata,
    int partitionKeys)
    implements RecordFormat<RowData> {

  RowRecordFormat {
    columns = List.copyOf(columns);
    metadata = List.copyOf(metadata);
  }

  /** The fields that the columns are made of, each once: what has to be decoded. */
  List<String> fields() {
    return columns.stream()
        .filter(column -> !column.isPartition())
        .map(RowColumn::field)
        .distinct()
        .toList();
  }

  @Override
  public TypeInformation<RowData> producedType(Schema projection) {
    return type;
  }

  @Override
  public Assembler<RowData> newAssembler(Schema projection) {
    return new RowAssembler(projection, columns, metadata, partitionKeys);
  }
}
