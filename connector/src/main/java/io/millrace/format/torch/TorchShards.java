// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Groups consecutive files to shards. A shard is one unit; each of its objects is a sample. It is
 * named after its first sample, as that is called when it is not compressed.
 */
final class TorchShards {

  /** A shard is complete as soon as it has this many bytes, as they are stored. */
  static final long SHARD_BYTES = 4L << 20;

  /** Most files of a shard. */
  static final int SHARD_FILES = 512;

  /**
   * What zstd files are taken to inflate to as long as none was looked at: so often their length.
   */
  static final double INFLATION = 4;

  private final PackedShards.Builder shards = new PackedShards.Builder();
  private final List<ShardObject> group = new ArrayList<>();
  private long groupBytes;

  /** Adds the next sample. */
  void add(String path, ObjectVersion version) {
    group.add(new ShardObject(path, version, Optional.empty()));
    groupBytes += version.length();
    if (groupBytes >= SHARD_BYTES || group.size() == SHARD_FILES) {
      endShard();
    }
  }

  private void endShard() {
    if (!group.isEmpty()) {
      String name = SampleNames.sampleOf(group.get(0).path());
      ShardCut cut = ShardCut.whole(group.size(), unitBytes(group, INFLATION));
      shards.add(new Shard(shards.size(), name, cut, group, Bytes.EMPTY));
      group.clear();
      groupBytes = 0;
    }
  }

  /** The shards of all that was added, without descriptors. */
  PackedShards build() {
    endShard();
    return shards.build();
  }

  /**
   * The same shards with what is known only after them.
   *
   * @param inflation what zstd files inflate to, in their lengths
   */
  static PackedShards describe(PackedShards shards, Bytes descriptor, double inflation) {
    PackedShards.Builder described = new PackedShards.Builder();
    for (Shard shard : shards) {
      List<ShardObject> objects = shard.objects();
      ShardCut cut = ShardCut.whole(objects.size(), unitBytes(objects, inflation));
      described.add(new Shard(shard.index(), shard.name(), cut, objects, descriptor));
    }
    return described.build();
  }

  /**
   * Some samples of a shard.
   *
   * @throws IndexOutOfBoundsException if it does not have them
   */
  static Shard slice(Shard shard, long first, long count) {
    List<ShardObject> objects =
        shard.objects().subList(Math.toIntExact(first), Math.toIntExact(first + count));
    long compressed = compressedBytes(shard.objects());
    long inflated = shard.unitBytes() - shard.storedBytes();
    double inflation = compressed == 0 ? 0 : (double) inflated / compressed;
    ShardCut cut =
        new ShardCut(
            shard.cut().first() + first,
            objects.size(),
            objects.size(),
            unitBytes(objects, inflation));
    return new Shard(shard.index(), shard.name(), cut, objects, shard.descriptor());
  }

  private static long unitBytes(List<ShardObject> objects, double inflation) {
    long stored = objects.stream().mapToLong(object -> object.version().length()).sum();
    return stored + (long) Math.ceil(inflation * compressedBytes(objects));
  }

  private static long compressedBytes(List<ShardObject> objects) {
    return objects.stream()
        .filter(object -> SampleNames.isCompressed(object.path()))
        .mapToLong(object -> object.version().length())
        .sum();
  }
}
