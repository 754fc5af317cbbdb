// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What every {@link Ownership} promises. */
abstract class OwnershipContractTest {
  static final CacheIdentity A = new CacheIdentity("a");
  static final CacheIdentity B = new CacheIdentity("b");

  private static final int SHARDS = 20;
  private static final int RANKS = 60;

  abstract Ownership create();

  @Test
  void everyRankIsGivenOnceToCachesThatKeepAsking() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);
    ownership.cacheJoined(B, 3000);

    assertThat(drain(ownership, A, B)).doesNotHaveDuplicates().hasSize(RANKS);
  }

  @Test
  void aSingleCacheIsGivenAllInRankOrder() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);

    assertThat(drain(ownership, A)).isSorted().doesNotHaveDuplicates().hasSize(RANKS);
  }

  @Test
  void thoseThatStayAreGivenWhatTheLeaverWouldHaveHad() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);
    ownership.cacheJoined(B, 1000);
    ownership.cacheLeft(A);
    ownership.cacheLeft(A);

    assertThat(drain(ownership, B)).hasSize(RANKS);
    assertThat(owners(ownership)).doesNotContain(Optional.of(A));
    assertThatThrownBy(() -> ownership.next(A, true, new Epoch()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot give work to cache a: it has not joined");
    assertThatThrownBy(() -> ownership.ownedBytes(A)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ownersDoNotDependOnHistory() {
    Ownership one = withShards();
    one.cacheJoined(A, 1000);
    one.cacheJoined(B, 5);
    one.cacheJoined(B, 2000);
    Ownership other = create();
    other.cacheJoined(new CacheIdentity("c"), 7000);
    other.cacheJoined(B, 2000);
    other.shardsAdded(bytes(SHARDS / 2));
    other.cacheLeft(new CacheIdentity("c"));
    other.shardsAdded(bytes(SHARDS - SHARDS / 2));
    other.cacheJoined(A, 1000);

    assertThat(owners(one)).isEqualTo(owners(other));
  }

  @Test
  void aSingleCacheOwnsAllBytes() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);

    assertThat(ownership.ownedBytes(A)).isEqualTo(100L * SHARDS);
  }

  @Test
  void anIdleCacheIsGivenSomethingAsLongAsThereIsAnything() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);
    ownership.cacheJoined(B, 3000);
    ownership.cacheJoined(new CacheIdentity("nothing"), 0);

    assertThat(drain(ownership, A)).doesNotHaveDuplicates().hasSize(RANKS);
    assertThat(drain(ownership, B)).doesNotHaveDuplicates().hasSize(RANKS);
    assertThat(drain(ownership, new CacheIdentity("nothing"))).hasSize(RANKS);
  }

  @Test
  void anotherOrderBeginsFromItsFirstRank() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 1000);
    ownership.cacheJoined(B, 1000);
    Epoch first = new Epoch();
    Epoch second = new Epoch();
    second.order = 1;

    Optional<Ownership.Grant> given = ownership.next(A, false, first);
    first.unassigned.remove(given.orElseThrow().rank());
    ownership.next(A, false, first);

    assertThat(ownership.next(A, false, second)).isEqualTo(given);
  }

  @Test
  void nothingIsGivenWhenNothingIsUnassigned() {
    Ownership ownership = withShards();
    ownership.cacheJoined(A, 0);
    Epoch epoch = new Epoch();
    epoch.unassigned.clear();

    assertThat(ownership.next(A, true, epoch)).isEmpty();
  }

  @Test
  void withoutACacheThereIsNoOwner() {
    assertThat(owners(withShards())).containsOnly(Optional.empty());
  }

  @Test
  void impossibleValuesAreRefused() {
    Ownership ownership = withShards();

    assertThatThrownBy(() -> ownership.shardsAdded(new long[] {1, -1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add shard 21: it has -1 bytes");
    assertThatThrownBy(() -> ownership.cacheJoined(A, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add cache a: its capacity is -1 bytes");
    assertThatThrownBy(() -> ownership.ownerOf(SHARDS))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot find the owner of shard 20: outside [0, 20)");
    assertThatThrownBy(() -> new CacheIdentity(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot name a cache: the identity is blank");
  }

  private Ownership withShards() {
    Ownership ownership = create();
    ownership.shardsAdded(bytes(SHARDS));
    return ownership;
  }

  private static long[] bytes(int shards) {
    long[] bytes = new long[shards];
    Arrays.fill(bytes, 100);
    return bytes;
  }

  private static List<Optional<CacheIdentity>> owners(Ownership ownership) {
    List<Optional<CacheIdentity>> owners = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      owners.add(ownership.ownerOf(shard));
    }
    return owners;
  }

  /** The ranks given while the caches ask in turn, until all of them are refused. */
  private static List<Long> drain(Ownership ownership, CacheIdentity... caches) {
    Epoch epoch = new Epoch();
    List<Long> given = new ArrayList<>();
    int refused = 0;
    for (int turn = 0; refused < caches.length; turn++) {
      Optional<Ownership.Grant> grant = ownership.next(caches[turn % caches.length], true, epoch);
      refused = grant.isPresent() ? 0 : refused + 1;
      grant.ifPresent(g -> given.add(g.rank()));
      grant.ifPresent(g -> epoch.unassigned.remove(g.rank()));
    }
    return given;
  }

  /** Three units a shard, dealt in turn. */
  static final class Epoch implements Ownership.UnassignedRanks {
    final List<Long> unassigned = new ArrayList<>();
    int order;

    Epoch() {
      for (long rank = 0; rank < RANKS; rank++) {
        unassigned.add(rank);
      }
    }

    @Override
    public int order() {
      return order;
    }

    @Override
    public OptionalLong nextFrom(long rank) {
      return unassigned.stream().mapToLong(Long::longValue).filter(r -> r >= rank).findFirst();
    }

    @Override
    public int shardOf(long rank) {
      return (int) rank % SHARDS;
    }
  }
}
