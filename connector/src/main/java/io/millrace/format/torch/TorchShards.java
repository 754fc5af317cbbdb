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

  /** What a zstd file is taken to inflate to until it is opened: its length times this. */
  private static final int ZSTD_RATIO = 4;

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
      shards.add(shard(shards.size(), name, 0, group, Bytes.EMPTY));
      group.clear();
      groupBytes = 0;
    }
  }

  /** The shards of all that was added, without descriptors. */
  PackedShards build() {
    endShard();
    return shards.build();
  }

  /** The same shards with a descriptor, which is known only when they are. */
  static PackedShards describe(PackedShards shards, Bytes descriptor) {
    PackedShards.Builder described = new PackedShards.Builder();
    for (Shard shard : shards) {
      described.add(
          new Shard(shard.index(), shard.name(), shard.cut(), shard.objects(), descriptor));
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
    return shard(
        shard.index(), shard.name(), shard.cut().first() + first, objects, shard.descriptor());
  }

  private static Shard shard(
      int index, String name, long first, List<ShardObject> objects, Bytes descriptor) {
    long unitBytes = 0;
    for (ShardObject object : objects) {
      long stored = object.version().length();
      unitBytes += SampleNames.isCompressed(object.path()) ? stored * (1 + ZSTD_RATIO) : stored;
    }
    int samples = objects.size();
    return new Shard(
        index, name, new ShardCut(first, samples, samples, unitBytes), objects, descriptor);
  }
}
