// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

import io.millrace.format.ValueSink;
import io.millrace.sample.DType;

/** Takes one whole number. */
final class CapturedLong implements ValueSink {

  private long value;

  long value() {
    return value;
  }

  @Override
  public void setLong(int field, long given) {
    value = given;
  }

  @Override
  public void setNull(int field) {
    throw new AssertionError();
  }

  @Override
  public void setBoolean(int field, boolean given) {
    throw new AssertionError();
  }

  @Override
  public void setFloat(int field, float given) {
    throw new AssertionError();
  }

  @Override
  public void setDouble(int field, double given) {
    throw new AssertionError();
  }

  @Override
  public void setString(int field, String given) {
    throw new AssertionError();
  }

  @Override
  public void setBytes(int field, byte[] given) {
    throw new AssertionError();
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    throw new AssertionError();
  }

  @Override
  public void setObject(int field, Object given) {
    throw new AssertionError();
  }
}
