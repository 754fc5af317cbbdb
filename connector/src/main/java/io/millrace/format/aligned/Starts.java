// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.Shard;
import io.millrace.format.ShardList;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/** Where each shard of a list begins, counted in what shards have several of. */
final class Starts {

  /** One more than there are shards: the last one is the sum. */
  private final long[] starts;

  private Starts(long[] starts) {
    this.starts = starts;
  }

  /**
   * @param count how many of the things a shard has
   */
  static Starts of(ShardList shards, ToLongFunction<Shard> count) {
    long[] starts = new long[shards.size() + 1];
    int i = 0;
    for (Shard shard : shards) {
      starts[i + 1] = starts[i] + count.applyAsLong(shard);
      i++;
    }
    return new Starts(starts);
  }

  long total() {
    return starts[starts.length - 1];
  }

  long of(int shard) {
    return starts[shard];
  }

  /** The shard that a thing lies in, 0 … {@link #total} − 1. */
  int holding(long thing) {
    int found = Arrays.binarySearch(starts, thing);
    if (found < 0) {
      return -found - 2;
    }
    // Of those that begin here, all but the last one have none.
    while (starts[found + 1] == thing) {
      found++;
    }
    return found;
  }
}
