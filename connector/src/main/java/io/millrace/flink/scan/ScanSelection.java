// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  private static final int LONGEST_TEXT = 200;

  /** Everything. */
  public static final ScanSelection ALL =
      new ScanSelection(ShardNames.ALL, EpochRanges.ALL, NO_LIMIT);

  public ScanSelection {
    if (limit < 0) {
      throw new IllegalArgumentException("Cannot read at most " + limit + " samples");
    }
  }

  /** What both select; the lower limit. */
  public ScanSelection and(ScanSelection other) {
    return new ScanSelection(
        shards.and(other.shards), epochs.and(other.epochs), Math.min(limit, other.limit));
  }

  public ScanSelection limitedTo(long samples) {
    return new ScanSelection(shards, epochs, Math.min(limit, samples));
  }

  /**
   * What decides which samples are read, in words: the same of selections that are equal but for
   * their limits, and others of others. However long a condition is, it takes a few hundred
   * characters.
   */
  public String text() {
    return shortened("shards " + shards.text() + ", epochs " + epochs.text());
  }

  /** A text, or the beginning of a long one and its digest. */
  static String shortened(String text) {
    return text.length() <= LONGEST_TEXT
        ? text
        : text.substring(0, LONGEST_TEXT) + "... (SHA-256 " + sha256(text) + ")";
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Whether every shard is selected, whatever its name. */
  public boolean hasAllShards() {
    return shards.equals(ShardNames.ALL);
  }
}
