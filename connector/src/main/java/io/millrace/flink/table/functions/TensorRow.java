// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;

/** A tensor as SQL has it: a row of dtype, shape and data. */
final class TensorRow {
  static final DataType TYPE =
      DataTypes.ROW(
          DataTypes.FIELD("dtype", DataTypes.STRING()),
          DataTypes.FIELD("shape", DataTypes.ARRAY(DataTypes.BIGINT())),
          DataTypes.FIELD("data", DataTypes.BYTES()));

  static final int FIELDS = 3;

  private static final Map<DType, StringData> LABELS = labels();

  private TensorRow() {}

  private static Map<DType, StringData> labels() {
    Map<DType, StringData> labels = new EnumMap<>(DType.class);
    for (DType dtype : DType.values()) {
      labels.put(dtype, StringData.fromString(dtype.label()));
    }
    return labels;
  }

  /**
   * Reads a row; the data is not copied if the row gives its own array.
   *
   * @param function named by what is thrown if the row is no tensor
   */
  static Tensor read(String function, RowData row) {
    for (int field = 0; field < FIELDS; field++) {
      if (row.isNullAt(field)) {
        String name = DataType.getFieldNames(TYPE).get(field);
        throw FunctionFailure.of(function, "The tensor's " + name + " is null");
      }
    }
    try {
      DType dtype = DType.of(row.getString(0).toString());
      return new Tensor(dtype, shape(function, row.getArray(1)), Bytes.wrap(row.getBinary(2)));
    } catch (IllegalArgumentException e) {
      throw FunctionFailure.of(function, e);
    }
  }

  private static long[] shape(String function, ArrayData shape) {
    if (shape.size() > Tensor.MAX_RANK) {
      throw FunctionFailure.of(
          function, "The tensor has " + shape.size() + " dimensions, more than " + Tensor.MAX_RANK);
    }
    for (int i = 0; i < shape.size(); i++) {
      if (shape.isNullAt(i)) {
        throw FunctionFailure.of(function, "Dimension " + i + " of the tensor's shape is null");
      }
    }
    return shape.toLongArray();
  }

  static RowData write(Tensor tensor) {
    return GenericRowData.of(
        LABELS.get(tensor.dtype()),
        new GenericArrayData(tensor.shape()),
        tensor.data().toByteArray());
  }
}
