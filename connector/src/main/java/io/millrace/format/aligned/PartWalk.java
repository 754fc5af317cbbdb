// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Finds what runs of samples of a part lie in, one run after the other. Used by one thread. */
final class PartWalk {

  private final IndexedPart part;
  private final Iterator<Shard> shards;
  private Shard shard;

  /** Numbers in the part of the shard's first sample, and of the next run's. */
  private long shardBegin;

  private long next;

  /**
   * @param from number of the first run's first sample; there must be one
   */
  PartWalk(IndexedPart part, long from) {
    this.part = part;
    int first = part.samples().holding(from);
    this.shards = part.shards().iteratorFrom(first);
    this.shard = shards.next();
    this.shardBegin = part.samples().of(first);
    this.next = from;
  }

  /** What the next samples, of which the part must have as many, lie in. */
  List<Slice> take(long count) {
    List<Slice> slices = new ArrayList<>(1);
    for (long end = next + count; next < end; ) {
      while (next - shardBegin >= shard.samples()) {
        shardBegin += shard.samples();
        shard = shards.next();
      }
      long first = next - shardBegin;
      long here = Math.min(end - next, shard.samples() - first);
      slices.add(slice(first, here));
      next += here;
    }
    return slices;
  }

  private Slice slice(long first, long count) {
    if (count < shard.samples()) {
      Optional<Shard> cut = part.format().slice(shard, first, count);
      if (cut.isPresent()) {
        return new Slice(part.number(), cut.get(), 0, count);
      }
    }
    return new Slice(part.number(), shard, first, count);
  }
}
