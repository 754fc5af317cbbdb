// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plan.Ownership.Grant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class RendezvousOwnershipTest extends OwnershipContractTest {

  private static final CacheIdentity C = new CacheIdentity("c");

  @Override
  Ownership create() {
    return new RendezvousOwnership();
  }

  @Test
  void eachCacheIsGivenItsOwnInRankOrderAndKeepsIt() {
    Ownership ownership = ofCaches(20, A, B);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);

    List<Long> ofA = take(ownership, A, false, ranks);
    List<Long> ofB = take(ownership, B, false, ranks);

    assertThat(ofA).isSorted().allMatch(rank -> ownerOf(ownership, rank % 20).equals(A));
    assertThat(ofB).isSorted().allMatch(rank -> ownerOf(ownership, rank % 20).equals(B));
    assertThat(ofA.size() + ofB.size()).isEqualTo(60);
  }

  @Test
  void onlyAnIdleCacheHelpsTheOthersAndDoesNotKeepWhatItReads() {
    Ownership ownership = ofCaches(20, A, B);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);
    take(ownership, A, false, ranks);
    long lowest = ranks.nextFrom(0).orElseThrow();

    assertThat(ownership.next(A, false, ranks)).isEmpty();
    assertThat(ownership.next(A, true, ranks)).hasValue(new Grant(lowest, false));
    ranks.progress.assign(lowest);
    long next = ranks.nextFrom(0).orElseThrow();
    assertThat(ownership.next(B, false, ranks)).hasValue(new Grant(next, true));
  }

  @Test
  void anAnswerThatWasNotTakenIsGivenAgain() {
    Ownership ownership = ofCaches(20, A, B);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);

    Optional<Grant> first = ownership.next(A, false, ranks);

    assertThat(first).isPresent();
    assertThat(ownership.next(A, true, ranks)).isEqualTo(first);
  }

  @Test
  void ownedBytesAreThoseOfTheShardsThatACacheOwns() {
    Ownership ownership = create();
    ownership.cacheJoined(A, 10);
    ownership.cacheJoined(B, 10);
    long[] bytes = {5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    ownership.shardsAdded(bytes);

    long ofA = 0;
    for (int shard = 0; shard < bytes.length; shard++) {
      ofA += ownerOf(ownership, shard).equals(A) ? bytes[shard] : 0;
    }
    assertThat(ownership.ownedBytes(A)).isEqualTo(ofA).isPositive();
    assertThat(ownership.ownedBytes(B)).isEqualTo(Arrays.stream(bytes).sum() - ofA).isPositive();
  }

  @Test
  void aCacheThatRetainsNothingOwnsNothingAndHelps() {
    Ownership ownership = ofCaches(20, A);
    ownership.cacheJoined(B, 0);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);

    assertThat(ownership.ownedBytes(A)).isEqualTo(2000);
    assertThat(ownership.ownedBytes(B)).isZero();
    assertThat(ownership.next(B, false, ranks)).isEmpty();
    assertThat(ownership.next(B, true, ranks)).hasValue(new Grant(0, false));
  }

  @Test
  void whereNobodyRetainsAnythingWhoeverAsksIsGivenTheLowestRank() {
    Ownership ownership = create();
    ownership.shardsAdded(shards(20));
    ownership.cacheJoined(A, 0);
    ownership.cacheJoined(B, 0);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);

    assertThat(ownership.next(B, false, ranks)).hasValue(new Grant(0, true));
    assertThat(ownership.next(A, false, ranks)).hasValue(new Grant(0, true));
    assertThat(ownership.ownerOf(0)).isEmpty();
    assertThat(ownership.ownedBytes(B)).isEqualTo(2000);

    ownership.cacheJoined(B, 1);
    assertThat(ownership.next(A, false, ranks)).isEmpty();
    assertThat(ownership.ownerOf(0)).hasValue(B);
  }

  @Test
  void whoHasNotJoinedIsRefused() {
    Ownership ownership = ofCaches(20, A);

    assertThatThrownBy(() -> ownership.next(B, true, new CountedRanks(0, 60, rank -> 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot give work to cache b: it has not joined");
    assertThatThrownBy(() -> ownership.ownedBytes(B)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shardsThatAreAddedHaveHomesToo() {
    Ownership ownership = ofCaches(20, A, B);
    CountedRanks first = new CountedRanks(0, 20, rank -> (int) rank);
    List<Long> given = take(ownership, A, false, first);
    ownership.shardsAdded(shards(500));
    CountedRanks second = new CountedRanks(1, 500, rank -> 20 + (int) rank);

    assertThat(given).isNotEmpty();
    assertThat(take(ownership, A, false, second)).hasSizeBetween(230, 270);
    assertThat(ownership.ownedBytes(A) + ownership.ownedBytes(B)).isEqualTo(52_000);
  }

  /** Of more shards than are owned one by one; the last ones put all of them into buckets. */
  @Test
  void manyShardsAreOwnedByBucket() {
    Ownership atOnce = create();
    Ownership inSteps = create();
    atOnce.shardsAdded(shards(150_000));
    for (int more : new int[] {50_000, 15_536, 1, 84_463}) {
      inSteps.shardsAdded(shards(more));
      assertThat(inSteps.next(join(inSteps, A, B, C), true, new CountedRanks(more, 0, r -> 0)))
          .isEmpty();
    }
    join(atOnce, A, B, C);

    long[] owned = new long[3];
    for (int shard = 0; shard < 150_000; shard++) {
      CacheIdentity owner = ownerOf(atOnce, shard);
      assertThat(ownerOf(inSteps, shard)).isEqualTo(owner);
      owned[List.of(A, B, C).indexOf(owner)] += 100;
    }
    assertThat(owned).containsExactly(bytesOwned(atOnce, A, B, C));
    assertThat(owned).doesNotContain(0).isEqualTo(bytesOwned(inSteps, A, B, C));
    assertThat(Arrays.stream(owned).max().orElseThrow()).isLessThanOrEqualTo(5_150_000);
  }

  private static CacheIdentity join(Ownership ownership, CacheIdentity... caches) {
    Arrays.stream(caches).forEach(cache -> ownership.cacheJoined(cache, 1000));
    return caches[0];
  }

  private static long[] bytesOwned(Ownership ownership, CacheIdentity... caches) {
    return Arrays.stream(caches).mapToLong(ownership::ownedBytes).toArray();
  }

  /** As after a restart on machines whose heaps are not quite as they were. */
  @Test
  void aLittleMoreOrLessThatIsRetainedMovesNothing() {
    Random random = new Random(3);
    CacheIdentity[] caches = caches(8);
    Ownership before = create();
    before.shardsAdded(shards(1000));
    Ownership after = create();
    after.shardsAdded(shards(1000));
    for (int i = 0; i < 8; i++) {
      before.cacheJoined(caches[i], 1_000_000 + random.nextInt(20_000));
      after.cacheJoined(caches[7 - i], 1_000_000 + random.nextInt(20_000));
    }

    for (int shard = 0; shard < 1000; shard++) {
      assertThat(after.ownerOf(shard)).isEqualTo(before.ownerOf(shard));
    }
  }

  /** What was found out before is still known: no rank is looked at again. */
  @Test
  void anotherCapacityThatChangesNoWeightCostsNothing() {
    Ownership ownership = ofCaches(20, A, B);
    CountedRanks ranks = new CountedRanks(0, 60, rank -> (int) rank % 20);
    take(ownership, A, false, ranks);
    long looked = ranks.shardCalls;

    ownership.cacheJoined(A, 995);
    assertThat(ownership.next(A, false, ranks)).isEmpty();
    assertThat(ranks.shardCalls).isEqualTo(looked);

    ownership.cacheJoined(A, 2000);
    assertThat(take(ownership, A, false, ranks)).isNotEmpty();
  }

  /** With as many caches, and one of them far behind, so that its ranks lie about. */
  @Test
  void aGrantCostsAFewQuestionsHoweverManyCachesThereAre() {
    int caches = 100;
    long ranks = 320_000;
    int shards = 5_000;
    Ownership ownership = create();
    ownership.shardsAdded(shards(shards));
    CacheIdentity[] all = caches(caches);
    Arrays.stream(all).forEach(cache -> ownership.cacheJoined(cache, 1 << 30));
    EpochOrder order = EpochOrder.shuffled(1, 0, ranks);
    CountedRanks epoch = new CountedRanks(0, ranks, rank -> (int) (order.unitAt(rank) % shards));
    boolean[] refused = new boolean[caches];
    long questions = 0;
    long grants = 0;
    for (int round = 0; !epoch.isComplete(); round++) {
      boolean idle = round % 100 == 0;
      for (int cache = round % 50 == 0 ? 0 : 1; cache < caches; cache++) {
        if (idle || !refused[cache]) {
          Optional<Grant> grant = ownership.next(all[cache], idle, epoch);
          questions++;
          grants += grant.isPresent() ? 1 : 0;
          refused[cache] = grant.isEmpty();
          grant.ifPresent(given -> epoch.progress.assign(given.rank()));
        }
      }
    }

    assertThat(grants).isEqualTo(ranks);
    assertThat(epoch.shardCalls).isEqualTo(ranks);
    assertThat(epoch.nextCalls).isLessThan(2 * questions + 2 * ranks);
  }

  /** Caches come, go, ask and are refused at random; every rank is given once in every epoch. */
  @Test
  void nobodyStarvesWhateverHappens() {
    for (int seed = 0; seed < 15; seed++) {
      Random random = new Random(seed);
      Ownership ownership = create();
      int shards = 1 + random.nextInt(100);
      ownership.shardsAdded(random.longs(shards, 0, 1000).toArray());
      List<CacheIdentity> present = new ArrayList<>();
      for (int epoch = 0; epoch < 4; epoch++) {
        int ranks = 1 + random.nextInt(500);
        int salt = random.nextInt(1000);
        int known = shards;
        CountedRanks left = new CountedRanks(epoch, ranks, rank -> (int) (rank + salt) % known);
        while (!left.isComplete()) {
          step(random, ownership, present, left);
        }
        int more = random.nextInt(10);
        ownership.shardsAdded(random.longs(more, 0, 1000).toArray());
        shards += more;
      }
    }
  }

  private static void step(
      Random random, Ownership ownership, List<CacheIdentity> present, CountedRanks left) {
    if (present.isEmpty() || random.nextInt(20) == 0) {
      CacheIdentity cache = new CacheIdentity("cache " + random.nextInt(8));
      ownership.cacheJoined(cache, random.nextInt(3) * (1000L + random.nextInt(20)));
      if (!present.contains(cache)) {
        present.add(cache);
      }
    } else if (random.nextInt(30) == 0) {
      ownership.cacheLeft(present.remove(random.nextInt(present.size())));
    } else {
      CacheIdentity cache = present.get(random.nextInt(present.size()));
      boolean idle = random.nextBoolean();
      Optional<Grant> grant = ownership.next(cache, idle, left);
      check(ownership, cache, idle, left, grant);
      grant.ifPresent(given -> left.progress.assign(given.rank()));
    }
  }

  /** Against what a look at every rank says. */
  private static void check(
      Ownership ownership,
      CacheIdentity cache,
      boolean idle,
      CountedRanks left,
      Optional<Grant> grant) {
    for (long rank = 0; rank < left.ranks; rank++) {
      Optional<CacheIdentity> owner = ownership.ownerOf(left.shardOf(rank));
      if (!left.progress.isAssigned(rank) && owner.orElse(cache).equals(cache)) {
        assertThat(grant).hasValue(new Grant(rank, true));
        return;
      }
    }
    assertThat(grant)
        .isEqualTo(
            idle
                ? Optional.of(new Grant(left.nextFrom(0).orElseThrow(), false))
                : Optional.empty());
  }

  private Ownership ofCaches(int shards, CacheIdentity... caches) {
    Ownership ownership = create();
    ownership.shardsAdded(shards(shards));
    Arrays.stream(caches).forEach(cache -> ownership.cacheJoined(cache, 1000));
    return ownership;
  }

  private static CacheIdentity[] caches(int count) {
    CacheIdentity[] caches = new CacheIdentity[count];
    Arrays.setAll(caches, i -> new CacheIdentity("host-" + i + "/container_17_0001_" + i));
    return caches;
  }

  private static long[] shards(int count) {
    long[] bytes = new long[count];
    Arrays.fill(bytes, 100);
    return bytes;
  }

  private static CacheIdentity ownerOf(Ownership ownership, long shard) {
    return ownership.ownerOf((int) shard).orElseThrow();
  }

  private static List<Long> take(
      Ownership ownership, CacheIdentity cache, boolean idle, CountedRanks ranks) {
    List<Long> taken = new ArrayList<>();
    while (true) {
      Optional<Grant> grant = ownership.next(cache, idle, ranks);
      if (grant.isEmpty()) {
        return taken;
      }
      assertThat(grant.get().admit()).isTrue();
      ranks.progress.assign(grant.get().rank());
      taken.add(grant.get().rank());
    }
  }
}
