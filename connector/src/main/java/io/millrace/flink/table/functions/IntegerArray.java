// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.logical.ArrayType;

/** How the integers of an array argument are stored, which the array itself does not say. */
enum IntegerArray {
  TINYINT,
  SMALLINT,
  INT,
  BIGINT;

  /** Returns how an argument is stored; BIGINT if it is no array or there is none. */
  static IntegerArray of(CallContext call, int position) {
    if (call.getArgumentDataTypes().size() <= position) {
      return BIGINT;
    }
    DataType argument = call.getArgumentDataTypes().get(position);
    return argument.getLogicalType() instanceof ArrayType array
        ? ElementType.of(array.getElementType())
            .map(element -> valueOf(element.name()))
            .orElse(BIGINT)
        : BIGINT;
  }

  /**
   * Returns the integers.
   *
   * @param function named by what is thrown if there is a null among them
   * @param argument what the array is, for the message
   */
  long[] read(String function, String argument, ArrayData array) {
    long[] integers = new long[array.size()];
    for (int i = 0; i < integers.length; i++) {
      if (array.isNullAt(i)) {
        throw FunctionFailure.of(function, "Element " + i + " of the " + argument + " is null");
      }
      integers[i] =
          switch (this) {
            case TINYINT -> array.getByte(i);
            case SMALLINT -> array.getShort(i);
            case INT -> array.getInt(i);
            case BIGINT -> array.getLong(i);
          };
    }
    return integers;
  }
}
