// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.scan.OnChange;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.RestoredSplitsEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The splits that a reader has out of a checkpoint. Where a changed dataset makes an epoch begin
 * anew they may not be read before the enumerator has said which of them are of the dataset as it
 * is: they are set aside, and stay part of the reader's checkpoints. Used by the task's thread
 * alone.
 */
final class RestoredSplits {

  private static final Logger LOG = LoggerFactory.getLogger(RestoredSplits.class);

  private final boolean setsAside;
  private final List<MillraceSplit> aside = new ArrayList<>();
  private final Map<Integer, Integer> oldestEpochs = new HashMap<>();
  private boolean any;

  RestoredSplits(OnChange onChange) {
    setsAside = onChange == OnChange.RESTART_EPOCH;
  }

  /**
   * Takes splits of a checkpoint, before the reader starts.
   *
   * @return those that are to be read now
   */
  List<MillraceSplit> restored(List<MillraceSplit> splits) {
    for (MillraceSplit split : splits) {
      any = true;
      if (!split.isAtEnd()) {
        oldestEpochs.merge(split.incarnation(), split.epoch(), Math::min);
      }
    }
    if (!setsAside) {
      return splits;
    }
    aside.addAll(splits);
    return List.of();
  }

  /** What to tell the enumerator when the reader starts, if it was restored with splits. */
  Optional<RestoredSplitsEvent> report() {
    return any ? Optional.of(new RestoredSplitsEvent(oldestEpochs)) : Optional.empty();
  }

  /** Those that are not released, for checkpoints. */
  List<MillraceSplit> aside() {
    return List.copyOf(aside);
  }

  boolean isWaiting() {
    return !aside.isEmpty();
  }

  /**
   * Ends the wait.
   *
   * @param released is given the splits that are to be read
   * @param dropped is given the others
   */
  void release(int incarnation, List<MillraceSplit> released, List<MillraceSplit> dropped) {
    for (MillraceSplit split : aside) {
      (split.incarnation() == incarnation ? released : dropped).add(split);
    }
    aside.clear();
    if (!dropped.isEmpty()) {
      LOG.info(
          "Dropping {} restored splits of the dataset as it was before it changed: {}",
          dropped.size(),
          dropped);
    }
  }
}
