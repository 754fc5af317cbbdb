// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.CacheIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the enumerator knows of its readers: their caches, their wishes, their oldest epoch. */
final class ReaderRegistry {

  private final Map<Integer, Reader> readers = new HashMap<>();

  /** A reader started, for the first time or again: what was known of it no longer holds. */
  void started(int subtask) {
    forgetWishes(subtask);
  }

  /**
   * A reader ended before its time.
   *
   * @param restores whether the next attempt may hold splits out of checkpointed state
   */
  void failed(int subtask, boolean restores) {
    if (restores) {
      forgetWishes(subtask);
    } else {
      // It may be long until there is a slot for the next attempt: nothing may wait for it.
      readers.put(subtask, new Reader());
    }
  }

  /**
   * Its oldest epoch stays: until the new attempt says otherwise it may have been given the same
   * splits again, out of its own checkpointed state.
   */
  private void forgetWishes(int subtask) {
    Reader next = new Reader();
    Reader before = readers.put(subtask, next);
    if (before != null && !before.dismissed) {
      next.oldestEpoch = before.oldestEpoch;
    }
  }

  void requested(int subtask, SplitRequestEvent event) {
    readers.computeIfAbsent(subtask, s -> new Reader()).update(event);
  }

  /** Subtasks with an open wish, lowest first. */
  List<Integer> waiting() {
    return readers.entrySet().stream()
        .filter(entry -> entry.getValue().wanted > 0 && entry.getValue().cache != null)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  int wantedBy(int subtask) {
    Reader reader = readers.get(subtask);
    return reader == null ? 0 : reader.wanted;
  }

  CacheIdentity cacheOf(int subtask) {
    Reader reader = readers.get(subtask);
    if (reader == null || reader.cache == null) {
      throw new IllegalStateException("Reader " + subtask + " has not named its cache");
    }
    return reader.cache;
  }

  /** What a reader's cache can retain, as it said last. */
  long cacheCapacityOf(int subtask) {
    Reader reader = readers.get(subtask);
    return reader == null ? 0 : reader.cacheCapacity;
  }

  /** A wish was answered, in whole or in part: what is missing is for the reader to ask again. */
  void assigned(int subtask, int count, int lowestEpoch) {
    Reader reader = readers.computeIfAbsent(subtask, s -> new Reader());
    reader.assigned += count;
    reader.wanted = 0;
    reader.oldestEpoch = Math.min(reader.oldestEpoch, lowestEpoch);
  }

  /**
   * The reader was told that nothing will come again: it will not report any more, so what it holds
   * must not hold up splits that come back from others.
   */
  void dismissed(int subtask) {
    Reader reader = readers.get(subtask);
    if (reader != null) {
      reader.dismissed = true;
      reader.wanted = 0;
      reader.oldestEpoch = SplitRequestEvent.HOLDS_NONE;
    }
  }

  /**
   * Whether so many readers have started, and each has told since then what it holds. What a
   * restarted one holds out of its checkpointed state may be older than all that was known.
   */
  boolean haveReported(int parallelism) {
    return readers.size() >= parallelism
        && readers.values().stream().allMatch(reader -> reader.dismissed || reader.cache != null);
  }

  /** Lowest epoch that any reader may still hold a split of. */
  int oldestEpoch() {
    return readers.values().stream()
        .mapToInt(reader -> reader.oldestEpoch)
        .min()
        .orElse(SplitRequestEvent.HOLDS_NONE);
  }

  private static final class Reader {
    private @Nullable CacheIdentity cache;
    private long cacheCapacity;
    private long assigned;
    private int wanted;
    private boolean dismissed;
    private int oldestEpoch = SplitRequestEvent.HOLDS_NONE;

    /**
     * Takes a reader's own account over. Assignments that were under way when it was written are
     * not in it: they count as fulfilling the wish, and their epochs are no older than what was
     * known.
     */
    private void update(SplitRequestEvent event) {
      if (dismissed) {
        return; // written before it was told
      }
      cache = new CacheIdentity(event.cacheIdentity());
      cacheCapacity = event.cacheCapacityBytes();
      long underWay = Math.max(0, assigned - event.received());
      wanted = (int) Math.max(0, event.wanted() - underWay);
      oldestEpoch =
          underWay == 0 ? event.oldestEpoch() : Math.min(oldestEpoch, event.oldestEpoch());
    }
  }
}
