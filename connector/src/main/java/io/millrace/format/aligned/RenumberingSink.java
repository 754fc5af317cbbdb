// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.ValueSink;
import io.millrace.sample.DType;

/** Passes a part's values on under the field numbers of the whole projection. */
final class RenumberingSink implements ValueSink {

  private final int[] numbers;
  private final ValueSink target;

  /**
   * @param numbers the number in the whole of each of the part's fields
   */
  RenumberingSink(int[] numbers, ValueSink target) {
    this.numbers = numbers;
    this.target = target;
  }

  ValueSink target() {
    return target;
  }

  @Override
  public void setNull(int field) {
    target.setNull(numbers[field]);
  }

  @Override
  public void setBoolean(int field, boolean value) {
    target.setBoolean(numbers[field], value);
  }

  @Override
  public void setLong(int field, long value) {
    target.setLong(numbers[field], value);
  }

  @Override
  public void setFloat(int field, float value) {
    target.setFloat(numbers[field], value);
  }

  @Override
  public void setDouble(int field, double value) {
    target.setDouble(numbers[field], value);
  }

  @Override
  public void setString(int field, String value) {
    target.setString(numbers[field], value);
  }

  @Override
  public void setBytes(int field, byte[] value) {
    target.setBytes(numbers[field], value);
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    target.setTensor(numbers[field], dtype, shape, data);
  }

  @Override
  public void setObject(int field, Object value) {
    target.setObject(numbers[field], value);
  }
}
