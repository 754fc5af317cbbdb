// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Every shard has its home in one cache, so that caches add up: over epochs each keeps its own part
 * of the dataset. Which one is decided by {@link ShardHomes}, in proportion to {@link WeightedCache
 * weights} and within a cap; of many shards by bucket ({@link OwnableShards}). When caches come or
 * go, little more moves than must.
 *
 * <p>A cache is given its own units in rank order. One that has none left, and is idle, helps the
 * others with the lowest rank there is, without keeping it: that is where the one that is furthest
 * behind holds up the epoch.
 *
 * <p>A cache that retains nothing owns nothing and only helps. If that is so of all, there are no
 * homes, and whoever asks is given the lowest rank, as {@link FirstComeOwnership} does it.
 *
 * <p>Homes are decided anew by the first question after a change, which takes a fraction of a
 * second with a hundred caches and the most shards that are owned one by one.
 */
public final class RendezvousOwnership implements Ownership {

  /** Knows who is present, how many shards there are, and what to do without homes. */
  private final FirstComeOwnership withoutHomes = new FirstComeOwnership();

  private final Map<CacheIdentity, Long> capacities = new HashMap<>();
  private final OwnableShards shards = new OwnableShards();

  private boolean cachesChanged;
  private boolean shardsChanged;

  // Of the shards and caches before the last changes.
  private List<WeightedCache> caches = List.of();
  private final Map<CacheIdentity, Integer> owners = new HashMap<>();
  private int[] homes = new int[0];
  private long[] ownedBytes = new long[0];
  private @Nullable RankQueues queues;

  @Override
  public void shardsAdded(long[] storedBytes) {
    withoutHomes.shardsAdded(storedBytes);
    shards.add(storedBytes);
    shardsChanged = true;
  }

  @Override
  public void cacheJoined(CacheIdentity cache, long capacityBytes) {
    withoutHomes.cacheJoined(cache, capacityBytes);
    Long before = capacities.put(cache, capacityBytes);
    cachesChanged |= before == null || before != capacityBytes;
  }

  @Override
  public void cacheLeft(CacheIdentity cache) {
    withoutHomes.cacheLeft(cache);
    cachesChanged |= capacities.remove(cache) != null;
  }

  @Override
  public Optional<CacheIdentity> ownerOf(int shard) {
    Optional<CacheIdentity> none = withoutHomes.ownerOf(shard);
    decideHomes();
    return caches.isEmpty() ? none : Optional.of(caches.get(homeOf(shard)).cache());
  }

  @Override
  public long ownedBytes(CacheIdentity cache) {
    long all = withoutHomes.ownedBytes(cache);
    decideHomes();
    if (caches.isEmpty()) {
      return all;
    }
    Integer owner = owners.get(cache);
    return owner == null ? 0 : ownedBytes[owner];
  }

  @Override
  public Optional<Grant> next(CacheIdentity cache, boolean idle, UnassignedRanks unassigned) {
    withoutHomes.checkPresent(cache);
    decideHomes();
    if (caches.isEmpty()) {
      return withoutHomes.next(cache, idle, unassigned);
    }
    Integer owner = owners.get(cache);
    if (owner != null) {
      OptionalLong own = queues(unassigned.order()).next(owner, unassigned);
      if (own.isPresent()) {
        return Optional.of(new Grant(own.getAsLong(), true));
      }
    }
    OptionalLong any = idle ? unassigned.nextFrom(0) : OptionalLong.empty();
    return any.isPresent() ? Optional.of(new Grant(any.getAsLong(), false)) : Optional.empty();
  }

  private RankQueues queues(int order) {
    RankQueues current = queues;
    if (current == null || current.order() != order) {
      current = new RankQueues(order, caches.size(), this::homeOf);
      queues = current;
    }
    return current;
  }

  private int homeOf(int shard) {
    return homes[shards.placeOf(shard)];
  }

  /** Weights are compared first: where a capacity changed a little, nothing is to be done. */
  private void decideHomes() {
    List<WeightedCache> present = cachesChanged ? WeightedCache.of(capacities) : caches;
    cachesChanged = false;
    if (!shardsChanged && present.equals(caches)) {
      return;
    }
    shardsChanged = false;
    caches = present;
    queues = null;
    owners.clear();
    caches.forEach(cache -> owners.put(cache.cache(), owners.size()));
    long[] bytes = shards.bytes();
    homes = caches.isEmpty() ? new int[0] : ShardHomes.decide(bytes, caches);
    ownedBytes = new long[caches.size()];
    for (int i = 0; i < homes.length; i++) {
      ownedBytes[homes[i]] += bytes[i];
    }
  }
}
