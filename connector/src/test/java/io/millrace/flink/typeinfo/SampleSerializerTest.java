// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.Sample;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Tag;

/** Flink's own suite over every type and dtype, nulls, empty values and NaNs. */
@Tag("unit")
class SampleSerializerTest extends SerializerTestBase<Sample> {
  @Override
  protected TypeSerializer<Sample> createSerializer() {
    return new SampleSerializer(SamplesOfEveryType.SCHEMA);
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Sample> getTypeClass() {
    return Sample.class;
  }

  @Override
  protected Sample[] getTestData() {
    return SamplesOfEveryType.all();
  }
}
