// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Arrays;

/**
 * What caches may own: each shard by itself, or, of more than {@value #MOST}, as many hash buckets
 * of shards, so that to decide owners costs no more for a million shards.
 */
final class OwnableShards {

  static final int MOST = 1 << 16;

  private long[] bytes = new long[0];
  private int shards;

  /** Adds shards by their sizes, which were checked. */
  void add(long[] storedBytes) {
    long[] before = bytes;
    int first = shards;
    shards += storedBytes.length;
    if (shards <= MOST) {
      bytes = Arrays.copyOf(before, shards);
      System.arraycopy(storedBytes, 0, bytes, first, storedBytes.length);
      return;
    }
    if (first <= MOST) {
      bytes = new long[MOST];
      addToBuckets(before, 0);
    }
    addToBuckets(storedBytes, first);
  }

  private void addToBuckets(long[] storedBytes, int first) {
    for (int i = 0; i < storedBytes.length; i++) {
      bytes[bucketOf(first + i)] += storedBytes[i];
    }
  }

  /** The place in {@link #bytes} of a shard or of its bucket. */
  int placeOf(int shard) {
    return shards <= MOST ? shard : bucketOf(shard);
  }

  private static int bucketOf(int shard) {
    return (int) (Keys.derive(MOST, shard) >>> (Long.SIZE - Integer.numberOfTrailingZeros(MOST)));
  }

  /** The bytes of each shard or bucket; a view, which must not be changed. */
  long[] bytes() {
    return bytes;
  }
}
