// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Which part of a scan is wanted. What is left out is never fetched; what is read has the same
 * order, positions and keys as in a scan of everything.
 *
 * @param shards the shards
 * @param epochs the epochs
 * @param limit no unit is begun once this many samples are on their way; {@link #NO_LIMIT} for none
 */
@Internal
public record ScanSelection(ShardNames shards, EpochRanges epochs, long limit)
    implements Serializable {

  /** Value of {@link #limit} without a limit. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** Everything. */
  public static final ScanSelection ALL =
      new ScanSelection(ShardNames.ALL, EpochRanges.ALL, NO_LIMIT);

  /** What both select; the lower limit. */
  public ScanSelection and(ScanSelection other) {
    return new ScanSelection(
        shards.and(other.shards), epochs.and(other.epochs), Math.min(limit, other.limit));
  }

  public ScanSelection limitedTo(long samples) {
    return new ScanSelection(shards, epochs, Math.min(limit, samples));
  }

  /** Whether every shard is selected, whatever its name. */
  public boolean hasAllShards() {
    return shards.equals(ShardNames.ALL);
  }
}
