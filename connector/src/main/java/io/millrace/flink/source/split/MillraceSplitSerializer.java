// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import io.millrace.format.Shard;
import io.millrace.format.ShardBytes;
import java.io.IOException;
import java.util.Locale;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes splits for checkpoints and for the way from the enumerator to the readers. */
@Internal
public final class MillraceSplitSerializer implements SimpleVersionedSerializer<MillraceSplit> {

  private static final int VERSION = 5;

  /** With shards in a longer form; still read. */
  private static final int FIRST_VERSION = 2;

  /** The first one that says how many samples were left out; those before are still read. */
  private static final int SKIPPED_VERSION = 4;

  /** The first one that says of which incarnation a split is; before, there was one. */
  private static final int INCARNATION_VERSION = 5;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(MillraceSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    out.writeInt(split.epoch());
    out.writeLong(split.rank());
    out.writeLong(split.units());
    out.writeLong(split.unitId());
    out.writeInt(split.unit());
    out.writeBoolean(split.admit());
    out.writeLong(split.consumed());
    out.writeLong(split.skipped());
    out.writeInt(split.incarnation());
    byte[] shard = ShardBytes.write(split.shard());
    out.writeInt(shard.length);
    out.write(shard);
    return out.getCopyOfBuffer();
  }

  @Override
  public MillraceSplit deserialize(int version, byte[] serialized) throws IOException {
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot read a split of version %d: this Millrace reads versions %d to %d",
              version,
              FIRST_VERSION,
              VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    int epoch = in.readInt();
    long rank = in.readLong();
    long units = in.readLong();
    long unitId = in.readLong();
    int unit = in.readInt();
    boolean admit = in.readBoolean();
    long consumed = in.readLong();
    long skipped = version >= SKIPPED_VERSION ? in.readLong() : 0;
    int incarnation = version >= INCARNATION_VERSION ? in.readInt() : 0;
    Shard shard = readShard(version, in);
    return new MillraceSplit(
        epoch, rank, units, unitId, shard, unit, admit, consumed, skipped, incarnation);
  }

  private static Shard readShard(int version, DataInputDeserializer in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException(
          "Cannot read a split: its shard takes " + length + " bytes of " + in.available());
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    try {
      return version == FIRST_VERSION ? ShardBytes.readFirstForm(bytes) : ShardBytes.read(bytes);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read a split: " + e.getMessage(), e);
    }
  }
}
