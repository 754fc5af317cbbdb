// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.DType;

/**
 * Receives the values of one sample as a format decodes them, so that each consumer (a {@link
 * io.millrace.sample.Sample}, a SQL row) builds its own form without one in between. Field numbers
 * count in the projection. Arrays that are handed over belong to the sink from then on.
 */
public interface ValueSink {

  void setNull(int field);

  void setBoolean(int field, boolean value);

  /** A signed or unsigned integer of up to 64 bits; of an unsigned 64-bit field the raw bits. */
  void setLong(int field, long value);

  /** A 16- or 32-bit float, widened exactly. */
  void setFloat(int field, float value);

  void setDouble(int field, double value);

  /** Text of a string or JSON field. */
  void setString(int field, String value);

  void setBytes(int field, byte[] value);

  /**
   * A tensor.
   *
   * @param shape length of each dimension
   * @param data elements, little-endian, C order
   */
  void setTensor(int field, DType dtype, long[] shape, byte[] data);

  /**
   * A value of any other type, in the Java class that {@link io.millrace.sample.FieldType} names
   * for it.
   */
  void setObject(int field, Object value);
}
