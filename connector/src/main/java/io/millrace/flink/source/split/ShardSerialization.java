// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import io.millrace.format.ContentHash;
import io.millrace.format.Shard;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The bytes of a shard inside a serialized split. */
final class ShardSerialization {

  private ShardSerialization() {}

  static void write(Shard shard, DataOutputSerializer out) throws IOException {
    out.writeInt(shard.index());
    out.writeUTF(shard.name());
    out.writeLong(shard.samples());
    out.writeLong(shard.samplesPerUnit());
    out.writeLong(shard.unitBytes());
    out.writeShort(shard.objects().size());
    for (ShardObject object : shard.objects()) {
      writeObject(object, out);
    }
    byte[] descriptor = shard.descriptor().toByteArray();
    out.writeInt(descriptor.length);
    out.write(descriptor);
  }

  private static void writeObject(ShardObject object, DataOutputSerializer out) throws IOException {
    out.writeUTF(object.path());
    out.writeLong(object.version().length());
    out.writeLong(object.version().modifiedMillis());
    out.writeUTF(object.version().tag());
    out.writeBoolean(object.hash().isPresent());
    if (object.hash().isPresent()) {
      out.writeUTF(object.hash().get().algorithm());
      out.writeUTF(object.hash().get().hex());
    }
  }

  static Shard read(DataInputDeserializer in) throws IOException {
    int index = in.readInt();
    String name = in.readUTF();
    long samples = in.readLong();
    long samplesPerUnit = in.readLong();
    long unitBytes = in.readLong();
    int count = in.readUnsignedShort();
    List<ShardObject> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      objects.add(readObject(in));
    }
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("Cannot read a split: its shard descriptor has " + length + " bytes");
    }
    byte[] descriptor = new byte[length];
    in.readFully(descriptor);
    return new Shard(
        index, name, samples, samplesPerUnit, unitBytes, objects, Bytes.wrap(descriptor));
  }

  private static ShardObject readObject(DataInputDeserializer in) throws IOException {
    String path = in.readUTF();
    ObjectVersion version = new ObjectVersion(in.readLong(), in.readLong(), in.readUTF());
    Optional<ContentHash> hash =
        in.readBoolean()
            ? Optional.of(new ContentHash(in.readUTF(), in.readUTF()))
            : Optional.empty();
    return new ShardObject(path, version, hash);
  }
}
