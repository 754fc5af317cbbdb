// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everyone may have everything: whoever asks is given the lowest unassigned rank. Shards have no
 * owners, so that caches do not add up over epochs; the right choice without caches or with a
 * single one.
 */
public final class FirstComeOwnership implements Ownership {
  private final Set<CacheIdentity> caches = new HashSet<>();
  private int shards;
  private long bytes;

  @Override
  public void shardsAdded(long[] storedBytes) {
    for (int i = 0; i < storedBytes.length; i++) {
      if (storedBytes[i] < 0) {
        throw new IllegalArgumentException(
            "Cannot add shard " + (shards + i) + ": it has " + storedBytes[i] + " bytes");
      }
    }
    for (long stored : storedBytes) {
      bytes = Math.addExact(bytes, stored);
    }
    shards = Math.addExact(shards, storedBytes.length);
  }

  @Override
  public void cacheJoined(CacheIdentity cache, long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException(
          "Cannot add cache " + cache + ": its capacity is " + capacityBytes + " bytes");
    }
    caches.add(cache);
  }

  @Override
  public void cacheLeft(CacheIdentity cache) {
    caches.remove(cache);
  }

  @Override
  public Optional<CacheIdentity> ownerOf(int shard) {
    if (shard < 0 || shard >= shards) {
      throw new IndexOutOfBoundsException(
          "Cannot find the owner of shard " + shard + ": outside [0, " + shards + ")");
    }
    return Optional.empty();
  }

  @Override
  public long ownedBytes(CacheIdentity cache) {
    checkPresent(cache);
    return bytes;
  }

  @Override
  public Optional<Grant> next(CacheIdentity cache, boolean idle, UnassignedRanks unassigned) {
    checkPresent(cache);
    OptionalLong rank = unassigned.nextFrom(0);
    return rank.isPresent() ? Optional.of(new Grant(rank.getAsLong(), true)) : Optional.empty();
  }

  /** Refuses to speak for a cache that has not joined. */
  void checkPresent(CacheIdentity cache) {
    if (!caches.contains(cache)) {
      throw new IllegalArgumentException(
          "Cannot give work to cache " + cache + ": it has not joined");
    }
  }
}
