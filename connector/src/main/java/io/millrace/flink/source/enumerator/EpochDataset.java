// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.PackedShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import io.millrace.storage.ObjectLocation;
import java.util.List;

/**
 * The dataset of a scan with epochs, as an enumerator found it.
 *
 * @param root where it lies
 * @param open shards of the newest open epoch
 * @param all shards of the epochs after it: the same, or these and further ones
 * @param manifest digest of the first generation
 * @param counted what a checkpoint holds, but for the number of units
 * @param changed whether it is another one than that of the checkpoint, so that an epoch has to
 *     begin anew
 */
record EpochDataset(
    ObjectLocation root,
    ShardList open,
    ShardList all,
    ManifestDigest manifest,
    EpochShards counted,
    boolean changed) {

  /** Whether epochs after the open one have shards that it has not. */
  boolean hasMoreLater() {
    return counted.ofEpoch() < counted.generations().size();
  }

  /** Shards one list after the other, numbered on. */
  static ShardList joined(List<ShardList> lists) {
    if (lists.size() == 1) {
      return lists.get(0);
    }
    PackedShards.Builder joined = new PackedShards.Builder();
    for (ShardList list : lists) {
      for (Shard shard : list) {
        joined.add(shard.numbered(joined.size()));
      }
    }
    return joined.build();
  }
}
