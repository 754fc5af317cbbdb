// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import org.apache.flink.api.common.typeutils.TypeInformationTestBase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SampleTypeInfoTest extends TypeInformationTestBase<SampleTypeInfo> {
  private final Schema schema = Schema.of(new Field("label", Primitive.INT64, false));

  @Override
  protected SampleTypeInfo[] getTestData() {
    return new SampleTypeInfo[] {
      new SampleTypeInfo(SamplesOfEveryType.SCHEMA),
      new SampleTypeInfo(schema),
      new SampleTypeInfo(Schema.of()),
    };
  }

  @Test
  void tellsSchemaAndClassAndMakesItsSerializer() {
    SampleTypeInfo type = new SampleTypeInfo(schema);
    assertThat(type.schema()).isEqualTo(schema);
    assertThat(type.getTypeClass()).isEqualTo(Sample.class);
    assertThat(type.isKeyType()).isFalse();
    assertThat(type.createTypeSerializer()).isEqualTo(new SampleSerializer(schema));
    assertThat(type).hasToString("Sample(label int64)");
  }
}
