// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import java.util.List;
import org.apache.flink.table.data.GenericArrayData;

/**
 * Lists as arrays.
 *
 * @param element what their elements become
 */
record ListValue(ColumnValue element) implements ColumnValue {

  @Override
  public Object ofObject(Object value) {
    List<?> list = (List<?>) value;
    Object[] elements = new Object[list.size()];
    int i = 0;
    for (Object item : list) {
      elements[i++] = element.ofElement(item);
    }
    return new GenericArrayData(elements);
  }
}
