// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.DatasetFormat;
import io.millrace.format.Shard;
import io.millrace.format.ShardList;

/**
 * A part whose shards can be found by the samples that they hold.
 *
 * @param number its place among the parts
 * @param format its format
 * @param shards its shards
 * @param samples where each shard's samples begin
 * @param units where each shard's units begin
 */
record IndexedPart(
    int number, DatasetFormat format, ShardList shards, Starts samples, Starts units) {

  static IndexedPart of(int number, AlignedPart part) {
    ShardList shards = part.manifest().shards();
    return new IndexedPart(
        number,
        part.format(),
        shards,
        Starts.of(shards, Shard::samples),
        Starts.of(shards, Shard::units));
  }

  /** Working memory that its largest unit takes. */
  long largestUnitBytes() {
    return shards.stream().mapToLong(Shard::unitBytes).max().orElse(0);
  }
}
