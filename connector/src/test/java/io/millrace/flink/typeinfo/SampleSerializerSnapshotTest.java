// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SampleSerializerSnapshotTest {
  private static final Schema SCHEMA = SamplesOfEveryType.SCHEMA;

  @Test
  void restoresASerializerThatReadsWhatWasWritten() throws IOException {
    SampleSerializer before = new SampleSerializer(SCHEMA);
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, before.snapshotConfiguration());
    Sample sample = SamplesOfEveryType.all()[1];
    before.serialize(sample, out);

    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    TypeSerializerSnapshot<Sample> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    assertThat(snapshot.restoreSerializer()).isEqualTo(before);
    assertThat(snapshot.restoreSerializer().deserialize(in)).isEqualTo(sample);
    assertThat(
            before.snapshotConfiguration().resolveSchemaCompatibility(snapshot).isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void anyOtherSchemaIsIncompatible() {
    Field label = new Field("label", Primitive.INT64, false);
    Field caption = new Field("caption", Primitive.STRING, false);
    TypeSerializerSnapshot<Sample> old = new SampleSerializerSnapshot(Schema.of(label, caption));
    for (Schema schema :
        new Schema[] {
          Schema.of(caption, label),
          Schema.of(label),
          Schema.of(label, caption, new Field("more", Primitive.STRING, true)),
          Schema.of(label, new Field("caption", Primitive.JSON, false)),
          Schema.of(label, new Field("caption", Primitive.STRING, true)),
          Schema.of(label, new Field("text", Primitive.STRING, false)),
        }) {
      assertThat(new SampleSerializerSnapshot(schema).resolveSchemaCompatibility(old))
          .matches(result -> result.isIncompatible(), "incompatible for " + schema);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void otherVersionsAreRefused(int version) {
    assertThatThrownBy(
            () ->
                new SampleSerializerSnapshot()
                    .readSnapshot(
                        version,
                        new DataInputDeserializer(new byte[9]),
                        getClass().getClassLoader()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read a snapshot of version " + version + " of the sample serializer; known: 1");
  }
}
