// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a sample comes from and where it stands in its epoch. Immutable; equal if all five values
 * are.
 */
public final class SampleMetadata {

  private static final long UNKNOWN = -1;

  private final int epoch;
  private final String shard;
  private final long sample;
  private final long epochPosition;
  private final @Nullable LongUnaryOperator shuffleKeyOfSample;

  /** Not volatile: whoever does not see it computes the same once more. */
  private long shuffleKey;

  /**
   * Metadata with a known key.
   *
   * @param epoch pass over the dataset, counted from 0
   * @param shard name of the shard within the dataset
   * @param sample index in the shard, counted from 0
   * @param epochPosition rank of the sample's unit in the epoch · 2³² + place in the unit's order
   * @param shuffleKey 63-bit key
   * @throws IllegalArgumentException if a number is negative
   */
  public SampleMetadata(int epoch, String shard, long sample, long epochPosition, long shuffleKey) {
    this(epoch, shard, sample, epochPosition, shuffleKey, null);
    if (shuffleKey < 0) {
      throw negative(shuffleKey);
    }
  }

  /**
   * Metadata whose key is computed when it is asked for: that takes longer than to decode a small
   * sample, and few jobs need it.
   *
   * @param shuffleKeyOfSample gives the key of an index in the shard; pure and thread-safe
   * @throws IllegalArgumentException if a number is negative
   */
  public SampleMetadata(
      int epoch,
      String shard,
      long sample,
      long epochPosition,
      LongUnaryOperator shuffleKeyOfSample) {
    this(epoch, shard, sample, epochPosition, UNKNOWN, shuffleKeyOfSample);
  }

  private SampleMetadata(
      int epoch,
      String shard,
      long sample,
      long epochPosition,
      long shuffleKey,
      @Nullable LongUnaryOperator shuffleKeyOfSample) {
    this.epoch = epoch;
    this.shard = shard;
    this.sample = sample;
    this.epochPosition = epochPosition;
    this.shuffleKey = shuffleKey;
    this.shuffleKeyOfSample = shuffleKeyOfSample;
    if (epoch < 0 || sample < 0 || epochPosition < 0) {
      throw negative(shuffleKey);
    }
  }

  private IllegalArgumentException negative(long key) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "Cannot make metadata with a negative number: epoch %d, sample %d, position %d, key %d",
            epoch,
            sample,
            epochPosition,
            key));
  }

  /** The pass over the dataset, counted from 0. */
  public int epoch() {
    return epoch;
  }

  /** Name of the shard within the dataset. */
  public String shard() {
    return shard;
  }

  /** Index in the shard, counted from 0. */
  public long sample() {
    return sample;
  }

  /**
   * Rank of the sample's unit in the epoch · 2³² + place in the unit's order: unique in an epoch,
   * and a function of dataset, seed and epoch alone.
   */
  public long epochPosition() {
    return epochPosition;
  }

  /** A 63-bit key; sorting an epoch by it is a full global shuffle. */
  public long shuffleKey() {
    long key = shuffleKey;
    if (key == UNKNOWN && shuffleKeyOfSample != null) {
      key = shuffleKeyOfSample.applyAsLong(sample);
      shuffleKey = key;
    }
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SampleMetadata that
        && epoch == that.epoch
        && sample == that.sample
        && epochPosition == that.epochPosition
        && shard.equals(that.shard)
        && shuffleKey() == that.shuffleKey();
  }

  @Override
  public int hashCode() {
    return 31 * (31 * epoch + Long.hashCode(epochPosition)) + Long.hashCode(sample);
  }

  @Override
  public String toString() {
    return "SampleMetadata[epoch="
        + epoch
        + ", shard="
        + shard
        + ", sample="
        + sample
        + ", epochPosition="
        + epochPosition
        + ", shuffleKey="
        + shuffleKey()
        + "]";
  }
}
