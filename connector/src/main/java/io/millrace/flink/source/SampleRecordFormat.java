// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.typeinfo.SampleTypeInfo;
import io.millrace.format.SampleAssembler;
import io.millrace.sample.DType;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Emits {@link Sample}s. */
final class SampleRecordFormat implements RecordFormat<Sample> {

  private static final long serialVersionUID = 1L;

  @Override
  public TypeInformation<Sample> producedType(Schema projection) {
    return new SampleTypeInfo(projection);
  }

  @Override
  public Assembler<Sample> newAssembler(Schema projection) {
    return new SampleRecordAssembler(new SampleAssembler(projection));
  }

  /** Lends the engine-free assembler to the source. */
  private record SampleRecordAssembler(SampleAssembler delegate) implements Assembler<Sample> {
    @Override
    public Sample build(SampleMetadata metadata) {
      return delegate.build(metadata);
    }

    @Override
    public void setNull(int field) {
      delegate.setNull(field);
    }

    @Override
    public void setBoolean(int field, boolean value) {
      delegate.setBoolean(field, value);
    }

    @Override
    public void setLong(int field, long value) {
      delegate.setLong(field, value);
    }

    @Override
    public void setFloat(int field, float value) {
      delegate.setFloat(field, value);
    }

    @Override
    public void setDouble(int field, double value) {
      delegate.setDouble(field, value);
    }

    @Override
    public void setString(int field, String value) {
      delegate.setString(field, value);
    }

    @Override
    public void setBytes(int field, byte[] value) {
      delegate.setBytes(field, value);
    }

    @Override
    public void setTensor(int field, DType dtype, long[] shape, byte[] data) {
      delegate.setTensor(field, dtype, shape, data);
    }

    @Override
    public void setObject(int field, Object value) {
      delegate.setObject(field, value);
    }
  }
}
