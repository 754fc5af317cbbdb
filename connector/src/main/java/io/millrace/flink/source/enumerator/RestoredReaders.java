// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.RestoredSplitsEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What readers have told of the splits that they restored, and which of them wait for a word about
 * these. Used by the enumerator's thread alone.
 */
final class RestoredReaders {

  /**
   * By subtask, since its attempt began: the lowest epoch of its restored splits by incarnation.
   */
  private final Map<Integer, Map<Integer, Integer>> told = new HashMap<>();

  private final TreeSet<Integer> waiting = new TreeSet<>();

  /** An attempt begins or has ended: what the one before told does not hold for it. */
  void started(int subtask) {
    told.remove(subtask);
    waiting.remove(subtask);
  }

  /** A reader says what it restored. */
  void restored(int subtask, RestoredSplitsEvent event) {
    told.put(subtask, event.oldestEpochs());
    waiting.add(subtask);
  }

  /** A reader asks for splits: if it has told nothing, it restored nothing. */
  void requested(int subtask) {
    told.putIfAbsent(subtask, Map.of());
  }

  /** Whether so many readers have started and told what they restored. */
  boolean haveTold(int parallelism) {
    return told.size() >= parallelism;
  }

  /**
   * Lowest epoch of the splits of an incarnation that readers restored, or that wait for one, and
   * of which samples are left.
   */
  int oldestEpoch(int incarnation, Collection<MillraceSplit> returned) {
    int ofReaders =
        told.values().stream()
            .mapToInt(epochs -> epochs.getOrDefault(incarnation, SplitRequestEvent.HOLDS_NONE))
            .min()
            .orElse(SplitRequestEvent.HOLDS_NONE);
    int ofReturned =
        returned.stream()
            .filter(split -> !split.isAtEnd())
            .mapToInt(MillraceSplit::epoch)
            .min()
            .orElse(SplitRequestEvent.HOLDS_NONE);
    return Math.min(ofReaders, ofReturned);
  }

  /** Readers that wait to be told what to read of what they restored; each is named once. */
  List<Integer> answered() {
    List<Integer> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }
}
