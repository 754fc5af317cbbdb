// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.MillraceSplitSerializer;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.EpochProgressSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes the enumerator's state into checkpoints. */
@Internal
public final class MillraceEnumeratorStateSerializer
    implements SimpleVersionedSerializer<MillraceEnumeratorState> {

  private static final int VERSION = 6;

  /** Without datasets that grow; still read. */
  private static final int FIRST_VERSION = 1;

  /** The first one that says which part of the scan is read; those before are still read. */
  private static final int SELECTION_VERSION = 3;

  /** The first one that says whether readers may hold splits; before, that they may. */
  private static final int READERS_VERSION = 4;

  /** The first one that says how many samples were left out; those before are still read. */
  private static final int SKIPPED_VERSION = 5;

  /** The first one that says which shards epochs have; those before are still read. */
  private static final int SHARDS_VERSION = 6;

  private final MillraceSplitSerializer splitSerializer = new MillraceSplitSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(MillraceEnumeratorState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    out.writeUTF(state.fingerprint().format());
    out.writeBoolean(state.fingerprint().shuffle());
    out.writeLong(state.fingerprint().seed());
    out.writeInt(state.fingerprint().algorithmVersion());
    out.writeBoolean(state.manifest().isPresent());
    if (state.manifest().isPresent()) {
      out.writeInt(state.manifest().get().shards());
      out.writeUTF(state.manifest().get().sha256());
    }
    writeProgress(state.progress(), out);
    out.writeInt(splitSerializer.getVersion());
    out.writeInt(state.returned().size());
    for (MillraceSplit split : state.returned()) {
      byte[] bytes = splitSerializer.serialize(split);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    out.writeBoolean(state.fingerprint().discovery());
    out.writeBoolean(state.generations().isPresent());
    if (state.generations().isPresent()) {
      writeGenerations(state.generations().get(), out);
    }
    out.writeBoolean(state.fingerprint().selection().isPresent());
    if (state.fingerprint().selection().isPresent()) {
      out.writeUTF(state.fingerprint().selection().get());
    }
    out.writeBoolean(state.readersHold());
    writeSkipped(state.skipped(), out);
    writeShards(state.shards(), out);
    return out.getCopyOfBuffer();
  }

  private static void writeSkipped(SkippedCounts skipped, DataOutputSerializer out)
      throws IOException {
    out.writeLong(skipped.samplesBefore());
    out.writeInt(skipped.ofEpochs().size());
    for (Map.Entry<Integer, Long> epoch : new TreeMap<>(skipped.ofEpochs()).entrySet()) {
      out.writeInt(epoch.getKey());
      out.writeLong(epoch.getValue());
    }
    out.writeInt(skipped.ofSplits().size());
    for (SkippedCounts.OfSplit split : skipped.ofSplits()) {
      out.writeInt(split.epoch());
      out.writeLong(split.rank());
      out.writeLong(split.skipped());
    }
  }

  private static void writeShards(EpochShards shards, DataOutputSerializer out) throws IOException {
    out.writeInt(shards.incarnation());
    out.writeLong(shards.units());
    out.writeInt(shards.ofEpoch());
    out.writeInt(shards.generations().size());
    for (EpochShards.Generation generation : shards.generations()) {
      out.writeInt(generation.manifest().shards());
      out.writeUTF(generation.manifest().sha256());
      out.writeLong(generation.mark());
    }
  }

  private static void writeProgress(EpochProgressSnapshot progress, DataOutputSerializer out)
      throws IOException {
    out.writeInt(progress.epoch());
    out.writeLong(progress.watermark());
    long[] assigned = progress.assigned();
    out.writeInt(assigned.length);
    for (long word : assigned) {
      out.writeLong(word);
    }
  }

  private static void writeGenerations(Generations generations, DataOutputSerializer out)
      throws IOException {
    Generations.Finished finished = generations.finished();
    out.writeInt(finished.end().generation());
    out.writeInt(finished.end().shards());
    out.writeLong(finished.end().units());
    out.writeLong(finished.objects().objects());
    out.writeUTF(finished.objects().sum());
    out.writeLong(finished.mark());
    out.writeBoolean(generations.open().isPresent());
    if (generations.open().isPresent()) {
      Generations.Open open = generations.open().get();
      out.writeInt(open.manifest().shards());
      out.writeUTF(open.manifest().sha256());
      out.writeLong(open.mark());
    }
  }

  @Override
  public MillraceEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot read enumerator state of version %d: this Millrace reads versions up to %d",
              version,
              VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    ScanFingerprint fingerprint =
        new ScanFingerprint(in.readUTF(), in.readBoolean(), in.readLong(), in.readInt());
    Optional<ManifestDigest> manifest =
        in.readBoolean()
            ? Optional.of(new ManifestDigest(in.readInt(), in.readUTF()))
            : Optional.empty();
    EpochProgressSnapshot progress = readProgress(in);
    int splitVersion = in.readInt();
    int count = in.readInt();
    List<MillraceSplit> returned = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[checkedLength(in.readInt(), in.available())];
      in.readFully(bytes);
      returned.add(splitSerializer.deserialize(splitVersion, bytes));
    }
    if (version == FIRST_VERSION) {
      return new MillraceEnumeratorState(fingerprint, manifest, progress, returned);
    }
    boolean discovery = in.readBoolean();
    Optional<Generations> generations =
        in.readBoolean() ? Optional.of(readGenerations(in)) : Optional.empty();
    Optional<String> selection =
        version >= SELECTION_VERSION && in.readBoolean()
            ? Optional.of(in.readUTF())
            : Optional.empty();
    ScanFingerprint whole =
        new ScanFingerprint(
            fingerprint.format(),
            fingerprint.shuffle(),
            fingerprint.seed(),
            fingerprint.algorithmVersion(),
            discovery,
            selection);
    boolean readersHold = version < READERS_VERSION || in.readBoolean();
    SkippedCounts skipped = version >= SKIPPED_VERSION ? readSkipped(in) : SkippedCounts.NONE;
    EpochShards shards = version >= SHARDS_VERSION ? readShards(in) : EpochShards.NONE;
    return new MillraceEnumeratorState(
        whole, manifest, generations, progress, returned, readersHold, skipped, shards);
  }

  private static EpochShards readShards(DataInputDeserializer in) throws IOException {
    int incarnation = in.readInt();
    long units = in.readLong();
    int ofEpoch = in.readInt();
    List<EpochShards.Generation> generations = new ArrayList<>();
    int count = checkedLength(in.readInt(), in.available());
    for (int i = 0; i < count; i++) {
      ManifestDigest manifest = new ManifestDigest(in.readInt(), in.readUTF());
      generations.add(new EpochShards.Generation(manifest, in.readLong()));
    }
    try {
      return new EpochShards(generations, ofEpoch, units, incarnation);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read enumerator state: " + e.getMessage(), e);
    }
  }

  private static SkippedCounts readSkipped(DataInputDeserializer in) throws IOException {
    long samplesBefore = in.readLong();
    Map<Integer, Long> ofEpochs = new HashMap<>();
    int epochs = checkedLength(in.readInt(), in.available());
    for (int i = 0; i < epochs; i++) {
      ofEpochs.put(in.readInt(), in.readLong());
    }
    List<SkippedCounts.OfSplit> ofSplits = new ArrayList<>();
    int splits = checkedLength(in.readInt(), in.available());
    for (int i = 0; i < splits; i++) {
      ofSplits.add(new SkippedCounts.OfSplit(in.readInt(), in.readLong(), in.readLong()));
    }
    return new SkippedCounts(samplesBefore, ofEpochs, ofSplits);
  }

  private static Generations readGenerations(DataInputDeserializer in) throws IOException {
    try {
      Generations.Finished finished =
          new Generations.Finished(
              new GenerationStart(in.readInt(), in.readInt(), in.readLong()),
              new ObjectsDigest(in.readLong(), in.readUTF()),
              in.readLong());
      Optional<Generations.Open> open =
          in.readBoolean()
              ? Optional.of(
                  new Generations.Open(
                      new ManifestDigest(in.readInt(), in.readUTF()), in.readLong()))
              : Optional.empty();
      return new Generations(finished, open);
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read enumerator state: " + e.getMessage(), e);
    }
  }

  private static EpochProgressSnapshot readProgress(DataInputDeserializer in) throws IOException {
    int epoch = in.readInt();
    long watermark = in.readLong();
    long[] assigned = new long[checkedLength(in.readInt(), EpochProgress.WINDOW / Long.SIZE)];
    for (int i = 0; i < assigned.length; i++) {
      assigned[i] = in.readLong();
    }
    return new EpochProgressSnapshot(epoch, watermark, assigned);
  }

  private static int checkedLength(int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot read enumerator state: a length of %d where at most %d fits",
              length,
              most));
    }
    return length;
  }
}
