// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

/**
 * How many samples a shard has, and how it is cut into units of equal sample counts, the last one
 * smaller.
 *
 * @param first index of its first sample in what it is named after: 0, unless it is a part of that
 * @param samples number of samples, 0 allowed
 * @param samplesPerUnit samples of every unit but the last, at least 1
 * @param unitBytes working memory that reading its largest unit takes, in bytes: stored bytes plus
 *     what they inflate to; an estimate where the format knows no better
 */
public record ShardCut(long first, long samples, long samplesPerUnit, long unitBytes) {

  public ShardCut {
    if (first < 0 || samples < 0 || samplesPerUnit < 1 || unitBytes < 0) {
      throw new IllegalArgumentException(
          "Cannot cut "
              + samples
              + " samples from "
              + first
              + " on into units of "
              + samplesPerUnit
              + " with "
              + unitBytes
              + " bytes");
    }
  }

  /** Of a shard that is one unit and what it is named after. */
  public static ShardCut whole(long samples, long unitBytes) {
    return new ShardCut(0, samples, Math.max(1, samples), unitBytes);
  }
}
