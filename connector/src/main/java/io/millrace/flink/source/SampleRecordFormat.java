// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.typeinfo.SampleTypeInfo;
import io.millrace.format.SampleAssembler;
import io.millrace.format.ValueSink;
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
    return new OfSamples(new SampleAssembler(projection));
  }

  private record OfSamples(SampleAssembler samples) implements Assembler<Sample> {
    @Override
    public ValueSink sink() {
      return samples;
    }

    @Override
    public Sample build(SampleMetadata metadata) {
      return samples.build(metadata);
    }
  }
}
