// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides when a reader asks for splits and for how many: it keeps a target number of them, asks
 * whenever it has finished some and a quarter of that is missing, and reports when the oldest epoch
 * that it holds changes, which lets the enumerator open the next one. So one that gets nothing
 * tells how its splits dwindle, until it holds none and may be given what belongs to others. Used
 * by the task's thread alone.
 */
final class SplitDemand {

  private final int target;
  private final String cacheIdentity;
  private final long cacheCapacity;
  private final Map<String, Integer> epochOfSplit = new HashMap<>();
  private final TreeMap<Integer, Integer> splitsOfEpoch = new TreeMap<>();
  private long received;
  private int reportedEpoch = SplitRequestEvent.HOLDS_NONE;
  private boolean started;

  /**
   * @param target splits to hold: those in the window and those ahead; more than an int holds is as
   *     good as all
   */
  SplitDemand(long target, String cacheIdentity, long cacheCapacity) {
    this.target = (int) Math.min(target, Integer.MAX_VALUE);
    this.cacheIdentity = cacheIdentity;
    this.cacheCapacity = cacheCapacity;
  }

  void added(Collection<MillraceSplit> splits) {
    for (MillraceSplit split : splits) {
      epochOfSplit.put(split.splitId(), split.epoch());
      splitsOfEpoch.merge(split.epoch(), 1, Integer::sum);
    }
    if (started) {
      received += splits.size();
    }
  }

  void finished(Collection<String> splitIds) {
    for (String splitId : splitIds) {
      Integer epoch = epochOfSplit.remove(splitId);
      if (epoch != null) {
        splitsOfEpoch.merge(epoch, -1, (count, less) -> count + less == 0 ? null : count + less);
      }
    }
  }

  /** The request to send when the reader starts, after restored splits were added. */
  SplitRequestEvent first() {
    started = true;
    return request();
  }

  /** The request to send now, if one is due. */
  Optional<SplitRequestEvent> due() {
    boolean low = epochOfSplit.size() <= target - Math.max(1, target / 4);
    return low || oldestEpoch() != reportedEpoch ? Optional.of(request()) : Optional.empty();
  }

  private SplitRequestEvent request() {
    reportedEpoch = oldestEpoch();
    int held = epochOfSplit.size();
    int wanted = Math.max(0, target - held);
    return new SplitRequestEvent(
        cacheIdentity, cacheCapacity, received, wanted, held, reportedEpoch);
  }

  private int oldestEpoch() {
    return splitsOfEpoch.isEmpty() ? SplitRequestEvent.HOLDS_NONE : splitsOfEpoch.firstKey();
  }
}
