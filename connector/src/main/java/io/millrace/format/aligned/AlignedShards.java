// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The shards of an aligned dataset, of one unit each. Kept as the parts' own lists, out of which
 * each is put together when it is asked for: it takes no memory beyond theirs but 16 bytes a shard.
 */
final class AlignedShards extends ShardList {

  private final List<IndexedPart> parts;
  private final IndexedPart leading;
  private final int size;

  AlignedShards(List<IndexedPart> parts, IndexedPart leading) {
    this.parts = List.copyOf(parts);
    this.leading = leading;
    this.size = Math.toIntExact(leading.units().total());
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Iterator<Shard> iteratorFrom(int index) {
    Objects.checkIndex(index, size);
    Runs runs = new Runs(parts, leading, index);
    return new Iterator<>() {
      private int next = index;

      @Override
      public boolean hasNext() {
        return runs.hasNext();
      }

      @Override
      public Shard next() {
        return AlignedDescriptor.shardOf(next++, runs.next());
      }
    };
  }

  @Override
  public long samples() {
    return leading.samples().total();
  }

  @Override
  public long storedBytes() {
    return parts.stream().mapToLong(part -> part.shards().storedBytes()).sum();
  }
}
