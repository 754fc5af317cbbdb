// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.DType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the field values that a reader decodes: of samples that are read to their end the
 * projected fields, if a format decodes no more than it is asked for.
 */
public final class CountingReader implements ShardReader {

  private final ShardReader reader;
  private @Nullable Counter counter;
  private long values;

  /**
   * @param reader what decodes; closed with this one
   */
  public CountingReader(ShardReader reader) {
    this.reader = reader;
  }

  /** Values decoded since the last call of this method. */
  public long takeDecodedValues() {
    long taken = values;
    values = 0;
    return taken;
  }

  @Override
  public int samples() {
    return reader.samples();
  }

  @Override
  public void read(int index, ValueSink sink) throws IOException {
    if (counter == null || counter.target != sink) {
      counter = new Counter(sink); // in practice always the same
    }
    reader.read(index, counter);
  }

  @Override
  public void close() {
    reader.close();
  }

  /** Passes values on. */
  private final class Counter implements ValueSink {

    private final ValueSink target;

    private Counter(ValueSink target) {
      this.target = target;
    }

    @Override
    public void setNull(int field) {
      values++;
      target.setNull(field);
    }

    @Override
    public void setBoolean(int field, boolean value) {
      values++;
      target.setBoolean(field, value);
    }

    @Override
    public void setLong(int field, long value) {
      values++;
      target.setLong(field, value);
    }

    @Override
    public void setFloat(int field, float value) {
      values++;
      target.setFloat(field, value);
    }

    @Override
    public void setDouble(int field, double value) {
      values++;
      target.setDouble(field, value);
    }

    @Override
    public void setString(int field, String value) {
      values++;
      target.setString(field, value);
    }

    @Override
    public void setBytes(int field, byte[] value) {
      values++;
      target.setBytes(field, value);
    }

    @Override
    public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
      values++;
      target.setTensor(field, dtype, shape, data);
    }

    @Override
    public void setObject(int field, Object value) {
      values++;
      target.setObject(field, value);
    }
  }
}
