// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.plan.CacheIdentity;
import io.millrace.plan.Ownership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An {@link Ownership} that is told which caches there are rather than which came and went, and
 * tells when shards may have another home than before. Used by the enumerator's thread alone.
 */
final class CacheHomes implements Ownership {

  private final Ownership ownership;
  private final Map<CacheIdentity, Long> present = new HashMap<>();
  private int shards;
  private long bytes;
  private int changes;

  CacheHomes(Ownership ownership) {
    this.ownership = ownership;
  }

  /** Makes those caches the ones that are present. */
  void present(Map<CacheIdentity, Long> capacities) {
    if (capacities.equals(present)) {
      return;
    }
    Set<CacheIdentity> gone = new HashSet<>(present.keySet());
    gone.removeAll(capacities.keySet());
    gone.forEach(this::cacheLeft);
    capacities.forEach(this::cacheJoined);
  }

  @Override
  public void shardsAdded(long[] storedBytes) {
    ownership.shardsAdded(storedBytes);
    for (long stored : storedBytes) {
      bytes = Math.addExact(bytes, stored);
    }
    shards = Math.addExact(shards, storedBytes.length);
    changes++;
  }

  @Override
  public void cacheJoined(CacheIdentity cache, long capacityBytes) {
    Long before = present.get(cache);
    if (before == null || before != capacityBytes) {
      ownership.cacheJoined(cache, capacityBytes);
      present.put(cache, capacityBytes);
      changes++;
    }
  }

  @Override
  public void cacheLeft(CacheIdentity cache) {
    ownership.cacheLeft(cache);
    present.remove(cache);
    changes++;
  }

  @Override
  public Optional<CacheIdentity> ownerOf(int shard) {
    return ownership.ownerOf(shard);
  }

  @Override
  public long ownedBytes(CacheIdentity cache) {
    return ownership.ownedBytes(cache);
  }

  @Override
  public Optional<Grant> next(CacheIdentity cache, boolean idle, UnassignedRanks unassigned) {
    return ownership.next(cache, idle, unassigned);
  }

  /** How many shards are known. */
  int shards() {
    return shards;
  }

  /** Bytes of all shards. */
  long bytes() {
    return bytes;
  }

  /** Another number whenever a shard may have another home than before. */
  int changes() {
    return changes;
  }
}
