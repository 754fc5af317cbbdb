// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.CacheIdentity;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Splits that came back from failed readers and wait for another one: the oldest first, those of a
 * cache's own before others. Used by the enumerator's thread alone.
 */
final class ReturnedSplits {

  private static final Comparator<MillraceSplit> OLDEST_FIRST =
      Comparator.comparingInt(MillraceSplit::epoch).thenComparingLong(MillraceSplit::rank);

  private final CacheHomes homes;

  /** Number of the first shard that has a home. */
  private final int firstShard;

  private final NavigableSet<MillraceSplit> all = new TreeSet<>(OLDEST_FIRST);

  /** The same by home, as far as it was found out. */
  private final Map<Optional<CacheIdentity>, NavigableSet<MillraceSplit>> byHome = new HashMap<>();

  /** What the homes were when it was. */
  private int change;

  /**
   * @param firstShard number of the first shard that the homes know of: those before it were read
   *     before a restore
   */
  ReturnedSplits(CacheHomes homes, int firstShard) {
    this.homes = homes;
    this.firstShard = firstShard;
    this.change = homes.changes();
  }

  void add(Collection<MillraceSplit> splits) {
    all.addAll(splits);
    byHome.clear();
  }

  /** Takes the oldest one, up to an epoch, that has its home in this cache, or none. */
  Optional<MillraceSplit> takeOwn(CacheIdentity cache, int maxEpoch) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    findHomes();
    return Stream.of(Optional.of(cache), Optional.<CacheIdentity>empty())
        .flatMap(home -> Stream.ofNullable(byHome.get(home)))
        .flatMap(splits -> splits.stream().limit(1))
        .min(OLDEST_FIRST)
        .filter(split -> split.epoch() <= maxEpoch)
        .map(split -> take(split, true));
  }

  /**
   * Takes the oldest one, up to an epoch, wherever its home is: the reader's cache keeps nothing.
   */
  Optional<MillraceSplit> takeAny(int maxEpoch) {
    return all.stream()
        .findFirst()
        .filter(split -> split.epoch() <= maxEpoch)
        .map(split -> take(split, false));
  }

  private MillraceSplit take(MillraceSplit split, boolean admit) {
    all.remove(split);
    Optional.ofNullable(byHome.get(homeOf(split))).ifPresent(splits -> splits.remove(split));
    return split.admitted(admit);
  }

  private void findHomes() {
    if (change != homes.changes() || byHome.isEmpty()) {
      change = homes.changes();
      byHome.clear();
      for (MillraceSplit split : all) {
        byHome.computeIfAbsent(homeOf(split), home -> new TreeSet<>(OLDEST_FIRST)).add(split);
      }
    }
  }

  private Optional<CacheIdentity> homeOf(MillraceSplit split) {
    int shard = split.shard().index() - firstShard;
    return shard < 0 || shard >= homes.shards() ? Optional.empty() : homes.ownerOf(shard);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  /** Lowest epoch of them. */
  int oldestEpoch() {
    return all.isEmpty() ? SplitRequestEvent.HOLDS_NONE : all.first().epoch();
  }

  List<MillraceSplit> list() {
    return List.copyOf(all);
  }
}
