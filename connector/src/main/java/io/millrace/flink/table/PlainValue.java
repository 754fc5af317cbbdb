// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

import org.apache.flink.table.data.StringData;

/** Values that need no more than another class, or none. */
enum PlainValue implements ColumnValue {
  BOOLEAN {
    @Override
    public Object ofBoolean(boolean value) {
      return value;
    }
  },
  STRING {
    @Override
    public Object ofString(String value) {
      return StringData.fromString(value);
    }
  },
  BYTES {
    @Override
    public Object ofBytes(byte[] value) {
      return value;
    }
  }
}
