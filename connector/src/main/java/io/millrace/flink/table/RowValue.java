// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.DType;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;

/**
 * Tensors and images as rows.
 *
 * @param parts what the fields of the row are made of, in their order
 */
record RowValue(List<? extends ColumnValue> parts) implements ColumnValue {

  RowValue {
    parts = List.copyOf(parts);
  }

  @Override
  public Object ofTensor(DType dtype, long[] shape, byte[] data) {
    GenericRowData row = new GenericRowData(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      row.setField(i, parts.get(i).ofTensor(dtype, shape, data));
    }
    return row;
  }

  @Override
  public Object ofObject(Object value) {
    GenericRowData row = new GenericRowData(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      row.setField(i, parts.get(i).ofObject(value));
    }
    return row;
  }
}
