// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.flink.compat.TypeInformationAdapter;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Arrays of bytes that nobody changes. Flink's own type copies them between operators, which would
 * cost the source that they come from more than reading them.
 */
final class ImmutableBytesType extends TypeInformationAdapter<byte[]> {

  private static final long serialVersionUID = 1L;

  @Override
  protected TypeSerializer<byte[]> createTypeSerializer() {
    return new Serializer();
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<byte[]> getTypeClass() {
    return byte[].class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public String toString() {
    return "ImmutableBytes";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImmutableBytesType;
  }

  @Override
  public int hashCode() {
    return ImmutableBytesType.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ImmutableBytesType;
  }

  /** Flink's, but for the copies. */
  static final class Serializer extends TypeSerializerSingleton<byte[]> {

    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
      return true;
    }

    @Override
    public byte[] createInstance() {
      return new byte[0];
    }

    @Override
    public byte[] copy(byte[] from) {
      return from;
    }

    @Override
    public byte[] copy(byte[] from, byte[] reuse) {
      return from;
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(byte[] record, DataOutputView target) throws IOException {
      BytePrimitiveArraySerializer.INSTANCE.serialize(record, target);
    }

    @Override
    public byte[] deserialize(DataInputView source) throws IOException {
      return BytePrimitiveArraySerializer.INSTANCE.deserialize(source);
    }

    @Override
    public byte[] deserialize(byte[] reuse, DataInputView source) throws IOException {
      return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      BytePrimitiveArraySerializer.INSTANCE.copy(source, target);
    }

    @Override
    public TypeSerializerSnapshot<byte[]> snapshotConfiguration() {
      return new Snapshot();
    }
  }

  /** Says nothing but the class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<byte[]> {
    public Snapshot() {
      super(Serializer::new);
    }
  }
}
