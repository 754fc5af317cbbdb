// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import io.millrace.sample.DType;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.StringData;

/** One part of a tensor; named as the fields of its row are. */
enum TensorPart implements ColumnValue {
  DTYPE {
    @Override
    public Object ofTensor(DType dtype, long[] shape, byte[] data) {
      return StringData.fromString(dtype.label());
    }
  },
  SHAPE {
    @Override
    public Object ofTensor(DType dtype, long[] shape, byte[] data) {
      return new GenericArrayData(shape);
    }
  },
  /** Elements, little-endian, C order. */
  DATA {
    @Override
    public Object ofTensor(DType dtype, long[] shape, byte[] data) {
      return data;
    }
  }
}
