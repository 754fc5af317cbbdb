// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * A 63-bit key for each sample of an epoch: sorting by it is a full global shuffle, the same one
 * whatever the parallelism.
 *
 * <p>It is a bijection, so that no two samples share a key: shard (31 bits) and sample (32 bits)
 * are the two digits of a number below 2^31 · 2^32 = 2^63, and a {@link MixedRadixFeistel} with
 * exactly these radices permutes all such numbers. Nothing is cut off or walked, and the result,
 * being below 2^63, is never negative.
 *
 * <p>Immutable and thread-safe; calls allocate nothing.
 */
public final class ShuffleKey {
  private static final long SHARDS = 1L << 31;
  private static final long SAMPLES = 1L << 32;

  private final MixedRadixFeistel feistel;

  /**
   * @param seed any value
   * @param epoch from 0
   */
  public ShuffleKey(long seed, int epoch) {
    this.feistel = new MixedRadixFeistel(Keys.ofShuffleKey(seed, epoch), SHARDS, SAMPLES);
  }

  /**
   * The key of a sample, in [0, 2^63).
   *
   * @param shardIndex place of the shard in the manifest, below 2^31
   * @param sampleIndex place of the sample in the shard, below 2^32
   * @throws IndexOutOfBoundsException if either is outside its range
   */
  public long of(long shardIndex, long sampleIndex) {
    if (shardIndex < 0 || shardIndex >= SHARDS) {
      throw new IndexOutOfBoundsException(
          "Cannot make the shuffle key of a sample of shard " + shardIndex + ": outside [0, 2^31)");
    }
    if (sampleIndex < 0 || sampleIndex >= SAMPLES) {
      throw new IndexOutOfBoundsException(
          "Cannot make the shuffle key of sample "
              + sampleIndex
              + " of shard "
              + shardIndex
              + ": outside [0, 2^32)");
    }
    return feistel.apply(shardIndex * SAMPLES + sampleIndex);
  }
}
