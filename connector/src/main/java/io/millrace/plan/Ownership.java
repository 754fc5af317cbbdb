// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides which cache is given which unit: the enumerator asks whenever a reader, speaking for its
 * cache, wants work.
 *
 * <p>Shards, not units, belong to caches, so that a shard's bytes stay in one cache from epoch to
 * epoch; an implementation need not have owners. Caches come and go while a job runs, shards are
 * only added.
 *
 * <p>Promises of every implementation:
 *
 * <ul>
 *   <li>What it answers depends on the shards, the caches present with their capacities, and the
 *       arguments, never on the order in which they came: it is not part of any state, and after a
 *       restart on the same caches every shard has its old owner.
 *   <li>Nobody starves: while a rank can be assigned, a cache that is {@code idle} is given one.
 *       One that is not idle may be refused, and be given work later: when ranks were assigned or
 *       added back, when caches came or went, or when it is idle.
 *   <li>Methods neither block nor do I/O. An instance is used by one thread, the enumerator's, and
 *       holds nothing to close.
 * </ul>
 */
public interface Ownership {
  /**
   * Makes further shards known; they are numbered on from those before.
   *
   * @param storedBytes each shard's size at the origin, not negative
   */
  void shardsAdded(long[] storedBytes);

  /**
   * Makes a cache known, before the first question on its behalf. A cache that is present already
   * gets the new capacity.
   *
   * @param capacityBytes what it can retain from epoch to epoch: its weight; 0 for one that retains
   *     nothing
   */
  void cacheJoined(CacheIdentity cache, long capacityBytes);

  /**
   * Makes a cache leave: its last reader is gone. What it owned has other owners from now on. No
   * effect if it is not present.
   */
  void cacheLeft(CacheIdentity cache);

  /**
   * The cache whose home the shard is: empty if shards have no owners here, or no cache is present.
   *
   * @throws IndexOutOfBoundsException if the shard is not known
   */
  Optional<CacheIdentity> ownerOf(int shard);

  /**
   * The bytes of the shards whose home the cache is, at the origin: what it reads in an epoch if
   * nobody helps it. Where shards have no owners, those of all shards.
   *
   * @throws IllegalArgumentException if the cache is not present
   */
  long ownedBytes(CacheIdentity cache);

  /**
   * What this cache may be given now: of the ranks it may have, the lowest. It is only an answer;
   * the caller does the assigning.
   *
   * @param idle whether a reader of the cache has nothing to do any more: only then may it be given
   *     what other caches own
   * @param unassigned the epoch's ranks that can be assigned now
   * @return empty if there is nothing for this cache now, though there may be for others
   * @throws IllegalArgumentException if the cache is not present
   */
  Optional<Grant> next(CacheIdentity cache, boolean idle, UnassignedRanks unassigned);

  /**
   * Permission to assign a rank to the cache that asked.
   *
   * @param rank the rank
   * @param admit whether the cache should keep what it reads for it: false when another cache is
   *     its home
   */
  record Grant(long rank, boolean admit) {}

  /**
   * An epoch's unassigned ranks as ownership sees them; a view, valid during the call that it is
   * passed to.
   */
  interface UnassignedRanks {
    /**
     * Tells orders of units apart: while it stays the same, a rank means the same unit, and what
     * was assigned stays so.
     */
    int order();

    /** The lowest one at or after {@code rank} that can be assigned now, or empty. */
    OptionalLong nextFrom(long rank);

    /** The shard that the unit of this rank belongs to; any rank of the epoch is allowed. */
    int shardOf(long rank);
  }
}
