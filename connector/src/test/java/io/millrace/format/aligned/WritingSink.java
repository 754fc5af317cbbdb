// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.ValueSink;
import io.millrace.sample.DType;
import java.util.Arrays;
import java.util.List;

/** Writes down what is set, as field number and value. */
record WritingSink(List<String> calls) implements ValueSink {

  private void add(int field, Object value) {
    calls.add(field + " " + value);
  }

  @Override
  public void setNull(int field) {
    add(field, "null");
  }

  @Override
  public void setBoolean(int field, boolean value) {
    add(field, value);
  }

  @Override
  public void setLong(int field, long value) {
    add(field, value);
  }

  @Override
  public void setFloat(int field, float value) {
    add(field, value);
  }

  @Override
  public void setDouble(int field, double value) {
    add(field, value);
  }

  @Override
  public void setString(int field, String value) {
    add(field, value);
  }

  @Override
  public void setBytes(int field, byte[] value) {
    add(field, Arrays.toString(value));
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    add(field, dtype + Arrays.toString(shape) + Arrays.toString(data));
  }

  @Override
  public void setObject(int field, Object value) {
    add(field, value);
  }
}
