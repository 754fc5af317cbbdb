// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.format.PartitionPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.jspecify.annotations.Nullable;

/**
 * Sets the columns of a row that are the same for all of a partition: they stand in the names of
 * its directories, with which the names of its shards begin. Used by one thread.
 */
final class PartitionColumns {

  /** Shards that are read in turn are fewer. */
  private static final int REMEMBERED = 256;

  private final List<RowColumn> columns = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();
  private final int levels;
  private final Map<String, @Nullable Object[]> byShard =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, @Nullable Object[]> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param row all columns of the row that are no metadata
   * @param levels keys of the table
   */
  PartitionColumns(List<RowColumn> row, int levels) {
    this.levels = levels;
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i).isPartition()) {
        columns.add(row.get(i));
        positions.add(i);
      }
    }
  }

  void set(GenericRowData row, String shard) {
    if (columns.isEmpty()) {
      return;
    }
    @Nullable Object[] values = byShard.get(shard);
    if (values == null) {
      values = valuesOf(PartitionPath.leading(shard, levels));
      byShard.put(shard, values);
    }
    for (int i = 0; i < values.length; i++) {
      row.setField(positions.get(i), values[i]);
    }
  }

  private @Nullable Object[] valuesOf(PartitionPath partition) {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      RowColumn column = columns.get(i);
      String value = partition.values().get(partition.keys().indexOf(column.field()));
      values[i] = value.equals(PartitionPath.NO_VALUE) ? null : column.value().ofString(value);
    }
    return values;
  }
}
