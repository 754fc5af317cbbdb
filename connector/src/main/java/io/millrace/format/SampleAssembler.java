// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.FieldType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import io.millrace.sample.Tensor;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Sample}s of the values that a {@link ShardReader} decodes, one after the other. Used
 * by one thread.
 */
public final class SampleAssembler implements ValueSink {

  private final Schema projection;
  private final Primitive[] integers;
  private @Nullable Object[] values;

  /**
   * @param projection the fields that the reader was opened with
   */
  public SampleAssembler(Schema projection) {
    this.projection = projection;
    this.values = new @Nullable Object[projection.size()];
    this.integers = new Primitive[projection.size()];
    for (int i = 0; i < integers.length; i++) {
      FieldType type = projection.field(i).type();
      integers[i] = type instanceof Primitive primitive ? primitive : Primitive.BYTES;
    }
  }

  /** The values since the last call as a sample; fields that were not set are null. */
  public Sample build(SampleMetadata metadata) {
    Sample sample = Sample.of(projection, metadata, values);
    values = new @Nullable Object[projection.size()];
    return sample;
  }

  @Override
  public void setNull(int field) {
    values[field] = null;
  }

  @Override
  public void setBoolean(int field, boolean value) {
    values[field] = value;
  }

  @Override
  public void setLong(int field, long value) {
    values[field] =
        switch (integers[field]) {
          case INT8 -> (byte) value;
          case INT16, UINT8 -> (short) value;
          case INT32, UINT16 -> (int) value;
          case INT64, UINT32 -> value;
          case UINT64 -> unsigned(value);
          case BIG_INTEGER -> BigInteger.valueOf(value);
          default ->
              throw new IllegalArgumentException(
                  "Cannot set field '"
                      + projection.field(field).name()
                      + "' ("
                      + projection.field(field).type()
                      + ") to the integer "
                      + value);
        };
  }

  private static BigInteger unsigned(long bits) {
    BigInteger value = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? value.setBit(Long.SIZE - 1) : value;
  }

  @Override
  public void setFloat(int field, float value) {
    values[field] = value;
  }

  @Override
  public void setDouble(int field, double value) {
    values[field] = value;
  }

  @Override
  public void setString(int field, String value) {
    values[field] = value;
  }

  @Override
  public void setBytes(int field, byte[] value) {
    values[field] = Bytes.wrap(value);
  }

  @Override
  public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
    values[field] = new Tensor(dtype, shape, Bytes.wrap(data));
  }

  @Override
  public void setObject(int field, Object value) {
    values[field] = value;
  }
}
