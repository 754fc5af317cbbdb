// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import java.io.Serializable;

/**
 * A column of the rows that a scan emits.
 *
 * @param name of the table's column
 * @param field of the dataset, by its name; of a partition's column the key
 * @param value what the field's values become
 * @param nullable whether the column may be null
 */
record RowColumn(String name, String field, ColumnValue value, boolean nullable)
    implements Serializable {

  /** Whether its values stand in the names of directories rather than in samples. */
  boolean isPartition() {
    return value instanceof PartitionValue;
  }

  /** The part of this column that a path within it leads to. */
  RowColumn part(int[] path) {
    ColumnValue part = value;
    for (int i = 1; i < path.length; i++) {
      part = ((RowValue) part).parts().get(path[i]);
    }
    return new RowColumn(name, field, part, nullable);
  }
}
