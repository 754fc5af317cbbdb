// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.CacheIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the enumerator knows of its readers: their caches, their wishes, what they hold. A cache is
 * there as long as a reader's last word names it. A reader that failed is taken to come back to the
 * cache that it had, unless nobody knows when; one that was dismissed needs none any more.
 */
final class ReaderRegistry {

  /** A reader that holds no more splits is idle: it will have read them before others come. */
  private static final long MOST_OF_IDLE = 1;

  /** Where Flink does not tell attempts apart. */
  static final int NO_ATTEMPT = -1;

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
      next.lastCache = before.lastCache;
      next.cacheCapacity = before.cacheCapacity;
    }
  }

  void requested(int subtask, SplitRequestEvent event) {
    requested(subtask, NO_ATTEMPT, event);
  }

  /**
   * @param attempt which of several attempts of the reader that run at once asks; the first one's
   *     cache is taken for that of all
   */
  void requested(int subtask, int attempt, SplitRequestEvent event) {
    readers.computeIfAbsent(subtask, s -> new Reader()).update(attempt, event);
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

  /** Whether a reader has next to nothing to do, with what is on its way. */
  boolean isIdle(int subtask) {
    Reader reader = readers.get(subtask);
    return reader != null && reader.held <= MOST_OF_IDLE;
  }

  /** The caches that are there, with what each can retain. */
  Map<CacheIdentity, Long> caches() {
    Map<CacheIdentity, Long> caches = new HashMap<>();
    for (Reader reader : readers.values()) {
      if (reader.lastCache != null) {
        caches.merge(reader.lastCache, reader.cacheCapacity, Math::max);
      }
    }
    return caches;
  }

  /** How many readers a cache has. */
  int readersOf(CacheIdentity cache) {
    return (int) readers.values().stream().filter(reader -> cache.equals(reader.lastCache)).count();
  }

  /** How many readers have named their cache since they started. */
  int named() {
    return (int) readers.values().stream().filter(reader -> reader.cache != null).count();
  }

  /** Subtasks that were not dismissed and have named their cache, lowest first. */
  List<Integer> atWork() {
    return readers.entrySet().stream()
        .filter(entry -> entry.getValue().cache != null && !entry.getValue().dismissed)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * Notes what a reader is told of the bytes that its cache owns.
   *
   * @return whether it does not know yet
   */
  boolean isNews(int subtask, OwnedBytesEvent owned) {
    Reader reader = readers.get(subtask);
    if (reader == null || owned.equals(reader.owned)) {
      return false;
    }
    boolean assumed = reader.owned == null && owned.ownedBytes() == owned.allBytes();
    reader.owned = owned;
    return !assumed;
  }

  /** The attempt that named the reader's cache, {@link #NO_ATTEMPT} if it is not known. */
  int attemptOf(int subtask) {
    Reader reader = readers.get(subtask);
    return reader == null ? NO_ATTEMPT : reader.attempt;
  }

  /** A wish was answered, in whole or in part: what is missing is for the reader to ask again. */
  void assigned(int subtask, int count, int lowestEpoch) {
    Reader reader = readers.computeIfAbsent(subtask, s -> new Reader());
    reader.assigned += count;
    reader.held += count;
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
      reader.lastCache = null;
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
    /** As this attempt said. */
    private @Nullable CacheIdentity cache;

    /** As this attempt or the one before it said. */
    private @Nullable CacheIdentity lastCache;

    private long cacheCapacity;
    private int attempt = NO_ATTEMPT;
    private long assigned;
    private long held;
    private int wanted;
    private boolean dismissed;
    private int oldestEpoch = SplitRequestEvent.HOLDS_NONE;
    private @Nullable OwnedBytesEvent owned;

    /**
     * Takes a reader's own account over. Assignments that were under way when it was written are
     * not in it: they count as fulfilling the wish, and their epochs are no older than what was
     * known.
     */
    private void update(int from, SplitRequestEvent event) {
      if (dismissed) {
        return; // written before it was told
      }
      if (cache == null || from == attempt) {
        cache = new CacheIdentity(event.cacheIdentity());
        lastCache = cache;
        cacheCapacity = event.cacheCapacityBytes();
        attempt = from;
      }
      long underWay = Math.max(0, assigned - event.received());
      held = event.held() + underWay;
      wanted = (int) Math.max(0, event.wanted() - underWay);
      oldestEpoch =
          underWay == 0 ? event.oldestEpoch() : Math.min(oldestEpoch, event.oldestEpoch());
    }
  }
}
