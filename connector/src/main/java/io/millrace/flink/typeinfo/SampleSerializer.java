// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.typeinfo;

import io.millrace.sample.Field;
import io.millrace.sample.Sample;
import io.millrace.sample.SampleMetadata;
import io.millrace.sample.Schema;
import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes samples of one schema: metadata, a bit for each nullable field that says whether it is
 * null (lowest bit first, padded to bytes), then the values that there are, in order. The schema
 * itself is not written; it is in the {@linkplain SampleSerializerSnapshot snapshot}.
 *
 * <p>Samples are immutable, so that a copy is the same object. Input that is no sample is an {@link
 * IOException}; no more is allocated for it than a small multiple of what arrives, but for 1 MiB.
 */
@Internal
public final class SampleSerializer extends TypeSerializer<Sample> {
  private static final long serialVersionUID = 1;

  private static final SampleMetadata NOWHERE = new SampleMetadata(0, "", 0, 0, 0);

  private final Schema schema;
  private final int nullableFields;

  /**
   * The schema of the last sample, known to equal {@link #schema}: after the job graph has been
   * deserialized they are seldom the same object. Racing threads would only compare again.
   */
  private transient @Nullable Schema lastSchema;

  /** Makes a serializer for samples whose schema equals the given one. */
  public SampleSerializer(Schema schema) {
    this.schema = schema;
    this.nullableFields = (int) schema.fields().stream().filter(Field::nullable).count();
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<Sample> duplicate() {
    return this;
  }

  /** Returns a placeholder without values, also in fields that are not nullable. */
  @Override
  public Sample createInstance() {
    return Sample.of(schema, NOWHERE, new @Nullable Object[schema.size()]);
  }

  @Override
  public Sample copy(Sample from) {
    return from;
  }

  @Override
  public Sample copy(Sample from, Sample reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Sample sample, DataOutputView target) throws IOException {
    checkSchema(sample.schema());
    writeMetadata(sample.metadata(), target);
    writeNulls(sample, target);
    for (int i = 0; i < schema.size(); i++) {
      @Nullable Object value = sample.get(i);
      if (value != null) {
        writeValue(schema.field(i), value, target);
      }
    }
  }

  /** Compares by identity first, because this runs for every sample. */
  @SuppressWarnings("ReferenceEquality")
  private void checkSchema(Schema actual) throws IOException {
    if (actual != schema && actual != lastSchema) {
      if (!actual.equals(schema)) {
        throw new IOException(
            "Cannot write a sample of schema " + actual + ": the stream's is " + schema);
      }
      lastSchema = actual;
    }
  }

  private static void writeMetadata(SampleMetadata metadata, DataOutputView target)
      throws IOException {
    CompactEncoding.writeUnsigned(metadata.epoch(), target);
    CompactEncoding.writeString(metadata.shard(), target);
    CompactEncoding.writeUnsigned(metadata.sample(), target);
    target.writeLong(metadata.epochPosition());
    target.writeLong(metadata.shuffleKey());
  }

  private void writeNulls(Sample sample, DataOutputView target) throws IOException {
    int bits = 0;
    int filled = 0;
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.field(i);
      if (!field.nullable()) {
        if (sample.isNull(i)) {
          throw new IOException(
              "Cannot write field '" + field.name() + "': it is null but not nullable");
        }
        continue;
      }
      bits |= sample.isNull(i) ? 1 << filled : 0;
      filled++;
      if (filled == Byte.SIZE) {
        target.writeByte(bits);
        bits = 0;
        filled = 0;
      }
    }
    if (filled > 0) {
      target.writeByte(bits);
    }
  }

  private static void writeValue(Field field, Object value, DataOutputView target)
      throws IOException {
    try {
      ValueCodec.write(field.type(), value, target);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot write field '" + field.name() + "': " + e.getMessage(), e);
    }
  }

  @Override
  public Sample deserialize(DataInputView source) throws IOException {
    SampleMetadata metadata = readMetadata(source);
    byte[] nulls = new byte[(nullableFields + Byte.SIZE - 1) / Byte.SIZE];
    source.readFully(nulls);
    @Nullable Object[] values = new @Nullable Object[schema.size()];
    int nullable = 0;
    for (int i = 0; i < values.length; i++) {
      Field field = schema.field(i);
      if (field.nullable()) {
        boolean isNull = (nulls[nullable / Byte.SIZE] >>> (nullable % Byte.SIZE) & 1) != 0;
        nullable++;
        if (isNull) {
          continue;
        }
      }
      values[i] = readValue(field, source);
    }
    return Sample.of(schema, metadata, values);
  }

  private static SampleMetadata readMetadata(DataInputView source) throws IOException {
    int epoch = CompactEncoding.readSize(source);
    String shard = CompactEncoding.readString(source);
    long sample = CompactEncoding.readUnsigned(source);
    long epochPosition = source.readLong();
    long shuffleKey = source.readLong();
    try {
      return new SampleMetadata(epoch, shard, sample, epochPosition, shuffleKey);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read a sample: " + e.getMessage(), e);
    }
  }

  private static Object readValue(Field field, DataInputView source) throws IOException {
    try {
      return ValueCodec.read(field.type(), source);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read field '" + field.name() + "': " + e.getMessage(), e);
    }
  }

  @Override
  public Sample deserialize(Sample reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<Sample> snapshotConfiguration() {
    return new SampleSerializerSnapshot(schema);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SampleSerializer that && schema.equals(that.schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
