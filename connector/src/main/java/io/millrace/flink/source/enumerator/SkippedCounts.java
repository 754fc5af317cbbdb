// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * How many samples were left out, as a checkpoint holds it: some 20 bytes an open epoch, and as
 * many for each split that readers are in the middle of and of which samples were left out.
 *
 * @param samplesBefore where shards may be added: samples of the generations before the newest one
 * @param ofEpochs of splits that were read to their end, by epoch
 * @param ofSplits of others
 */
@Internal
public record SkippedCounts(
    long samplesBefore, Map<Integer, Long> ofEpochs, List<OfSplit> ofSplits) {

  /** Nothing was left out. */
  public static final SkippedCounts NONE = new SkippedCounts(0, Map.of(), List.of());

  public SkippedCounts {
    ofEpochs = Map.copyOf(ofEpochs);
    ofSplits = List.copyOf(ofSplits);
  }

  /**
   * Of a split.
   *
   * @param epoch the split's epoch
   * @param rank the split's rank
   * @param skipped how many
   */
  public record OfSplit(int epoch, long rank, long skipped) {}
}
