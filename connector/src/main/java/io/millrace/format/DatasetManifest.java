// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.sample.Schema;
import io.millrace.storage.ObjectLocation;
import java.util.List;

/**
 * What discovery yields: the shards of a dataset, in sample order, and their common schema.
 *
 * @param format name of the format
 * @param root where the dataset lies
 * @param schema fields of every sample
 * @param shards in dataset order; {@code shards.get(i).index() == i}
 */
public record DatasetManifest(String format, ObjectLocation root, Schema schema, ShardList shards) {

  /** Packs the shards. */
  public DatasetManifest(String format, ObjectLocation root, Schema schema, List<Shard> shards) {
    this(format, root, schema, PackedShards.copyOf(shards));
  }

  /** Samples of one epoch. */
  public long samples() {
    return shards.samples();
  }

  /** Units of one epoch. */
  public long units() {
    return shards.stream().mapToLong(Shard::units).sum();
  }

  /** Bytes at the origin that one epoch reads. */
  public long storedBytes() {
    return shards.storedBytes();
  }
}
