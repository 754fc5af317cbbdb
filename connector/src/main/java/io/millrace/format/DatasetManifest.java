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
 * @param shards in dataset order; {@code shards.get(i).index() == i}; kept packed, so that each is
 *     made anew when it is asked for
 */
public record DatasetManifest(
    String format, ObjectLocation root, Schema schema, List<Shard> shards) {

  public DatasetManifest {
    shards = PackedShards.copyOf(shards);
  }

  /** Samples of one epoch. */
  public long samples() {
    return shards.stream().mapToLong(Shard::samples).sum();
  }

  /** Units of one epoch. */
  public long units() {
    return shards.stream().mapToLong(Shard::units).sum();
  }

  /** Bytes at the origin that one epoch reads. */
  public long storedBytes() {
    return shards.stream().mapToLong(Shard::storedBytes).sum();
  }
}
