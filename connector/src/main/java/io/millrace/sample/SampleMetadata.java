// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.Locale;

/**
 * Where a sample comes from and where it stands in its epoch.
 *
 * @param epoch pass over the dataset, counted from 0
 * @param shard name of the shard within the dataset
 * @param sample index in the shard, counted from 0
 * @param epochPosition rank of the sample's unit in the epoch · 2³² + place in the unit's order:
 *     unique in an epoch, and a function of dataset, seed and epoch alone
 * @param shuffleKey 63-bit key; sorting an epoch by it is a full global shuffle
 */
public record SampleMetadata(
    int epoch, String shard, long sample, long epochPosition, long shuffleKey) {
  /**
   * Checks that no number is negative.
   *
   * @throws IllegalArgumentException if one is
   */
  public SampleMetadata {
    if (epoch < 0 || sample < 0 || epochPosition < 0 || shuffleKey < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make metadata with a negative number: epoch %d, sample %d, position %d, key %d",
              epoch,
              sample,
              epochPosition,
              shuffleKey));
    }
  }
}
