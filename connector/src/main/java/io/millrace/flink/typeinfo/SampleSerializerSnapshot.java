// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What a savepoint keeps of a {@link SampleSerializer}: the schema. State is compatible as it is if
 * the schema is equal (same names, types and nullability in the same order), and otherwise not at
 * all: values are written without names, so that nothing could be told apart.
 */
@Internal
public final class SampleSerializerSnapshot implements TypeSerializerSnapshot<Sample> {
  private static final int VERSION = 1;

  private @Nullable Schema schema;

  /** For Flink, which calls {@link #readSnapshot} next. */
  public SampleSerializerSnapshot() {}

  SampleSerializerSnapshot(Schema schema) {
    this.schema = schema;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    SchemaCodec.write(requireSchema(), out);
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader userClasses)
      throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "Cannot read a snapshot of version "
              + version
              + " of the sample serializer; known: "
              + VERSION);
    }
    schema = SchemaCodec.read(in);
  }

  @Override
  public TypeSerializer<Sample> restoreSerializer() {
    return new SampleSerializer(requireSchema());
  }

  @Override
  public TypeSerializerSchemaCompatibility<Sample> resolveSchemaCompatibility(
      TypeSerializerSnapshot<Sample> old) {
    return old instanceof SampleSerializerSnapshot that && Objects.equals(schema, that.schema)
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }

  private Schema requireSchema() {
    return Objects.requireNonNull(schema, "The snapshot has not been read yet");
  }
}
