// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class ShardHomesTest {

  private static final long GIB = 1L << 30;

  private final Random random = new Random(42);

  @Test
  void noCacheOwnsMoreThanThreePercentAboveItsShare() {
    for (int caches : new int[] {2, 4, 5, 30}) {
      long[] bytes = random.longs(200L * caches, 1_000, 100_000).toArray();

      List<Long> owned = owned(bytes, homes(bytes, equal(identities(caches))), caches);

      double share = (double) Arrays.stream(bytes).sum() / caches;
      assertThat(owned).allMatch(own -> own <= 1.03 * share);
      assertThat(owned).allMatch(own -> own >= 0.85 * share);
    }
  }

  @Test
  void aShardThatIsLargerThanAShareIsOwnedAlone() {
    long[] bytes = new long[400];
    Arrays.fill(bytes, 100);
    for (int huge : new int[] {0, 17, 399}) {
      bytes[huge] = 60_000;

      int[] homes = homes(bytes, equal(identities(4)));

      List<Long> owned = owned(bytes, homes, 4);
      assertThat(owned.get(homes[huge])).isEqualTo(60_000);
      assertThat(owned).allMatch(own -> own == 60_000 || own <= 1.03 * 99_900 / 4);
      bytes[huge] = 100;
    }
  }

  @Test
  void whatFitsNowhereFillsWhoHasLeast() {
    for (int shards = 1; shards <= 40; shards++) {
      long[] bytes = new long[shards];
      Arrays.fill(bytes, 100);

      List<Long> owned = owned(bytes, homes(bytes, equal(identities(4))), 4);

      assertThat(Collections.max(owned)).isLessThanOrEqualTo(roundedUp(shards));
    }
  }

  /** The most shards that one of four has, if they are dealt evenly. */
  private static long roundedUp(int shards) {
    return 100L * ((shards + 3) / 4);
  }

  @Test
  void sharesAreInProportionToWhatCachesRetain() {
    long[] bytes = random.longs(3_000, 1_000, 100_000).toArray();
    Map<CacheIdentity, Long> capacities =
        Map.of(
            new CacheIdentity("one"),
            GIB,
            new CacheIdentity("two"),
            2 * GIB,
            new CacheIdentity("five"),
            5 * GIB,
            new CacheIdentity("none"),
            0L);
    List<WeightedCache> caches = WeightedCache.of(capacities);

    List<Long> owned = owned(bytes, ShardHomes.decide(bytes, caches), 3);

    double all = Arrays.stream(bytes).sum();
    assertThat(caches)
        .extracting(cache -> cache.cache().value())
        .containsExactly("five", "one", "two");
    assertThat(owned.get(0) / all).isBetween(0.60, 0.65);
    assertThat(owned.get(1) / all).isBetween(0.115, 0.13);
    assertThat(owned.get(2) / all).isBetween(0.235, 0.26);
  }

  @Test
  void cachesOfOneConfigurationHaveOneWeight() {
    for (int run = 0; run < 1_000; run++) {
      long size = random.nextLong(GIB, 100 * GIB);
      Map<CacheIdentity, Long> capacities =
          identities(10).stream()
              .collect(
                  Collectors.toMap(cache -> cache, cache -> size + random.nextLong(size / 50)));

      assertThat(WeightedCache.of(capacities))
          .extracting(WeightedCache::weight)
          .containsOnly(WeightedCache.of(capacities).get(0).weight());
    }
  }

  @Test
  void aWeightIsWithinThreePercentOfItsStep() {
    for (int run = 0; run < 1_000; run++) {
      long size = random.nextLong(1, Long.MAX_VALUE);

      double weight = WeightedCache.of(Map.of(new CacheIdentity("a"), size)).get(0).weight();

      assertThat(weight / size).isBetween(0.97, 1.03);
    }
  }

  @Test
  void aFifthCacheTakesItsShareAndLittleElseMoves() {
    List<Double> moved = new ArrayList<>();
    List<Double> amongOthers = new ArrayList<>();
    for (int run = 0; run < 100; run++) {
      long[] bytes = random.longs(800 + random.nextInt(201), 50_000, 100_000).toArray();
      List<CacheIdentity> five = identities(5);
      List<CacheIdentity> four = five.subList(0, 4);
      Movement join = movement(bytes, four, five);
      moved.add(join.all);
      amongOthers.add(join.amongThoseThatStay);
      assertThat(movement(bytes, five, four)).isEqualTo(join);
    }
    assertThat(Collections.max(amongOthers)).isLessThanOrEqualTo(0.04);
    assertThat(Collections.max(moved)).isLessThanOrEqualTo(0.25);
  }

  private record Movement(double all, double amongThoseThatStay) {}

  private static Movement movement(
      long[] bytes, List<CacheIdentity> before, List<CacheIdentity> after) {
    List<WeightedCache> first = equal(before);
    List<WeightedCache> second = equal(after);
    int[] homesBefore = homes(bytes, first);
    int[] homesAfter = homes(bytes, second);
    double moved = 0;
    double amongOthers = 0;
    for (int i = 0; i < bytes.length; i++) {
      CacheIdentity from = first.get(homesBefore[i]).cache();
      CacheIdentity to = second.get(homesAfter[i]).cache();
      if (!from.equals(to)) {
        moved += bytes[i];
        amongOthers += after.contains(from) && before.contains(to) ? bytes[i] : 0;
      }
    }
    double all = Arrays.stream(bytes).sum();
    return new Movement(moved / all, amongOthers / all);
  }

  /**
   * Where a shard suits better than at its home, there is no room beside what suits still better.
   */
  @Test
  void noShardIsAwayFromWhereItSuitsBetterWithoutNeed() {
    long[] bytes = random.longs(1_000, 1_000, 100_000).toArray();
    Map<CacheIdentity, Long> capacities = new HashMap<>();
    identities(9).forEach(cache -> capacities.put(cache, GIB * (1 + random.nextInt(3))));
    List<WeightedCache> caches = WeightedCache.of(capacities);

    int[] homes = ShardHomes.decide(bytes, caches);

    double share =
        Arrays.stream(bytes).sum() / caches.stream().mapToDouble(WeightedCache::weight).sum();
    long largest = Arrays.stream(bytes).max().orElseThrow();
    int away = 0;
    for (int shard = 0; shard < bytes.length; shard++) {
      for (WeightedCache other : caches) {
        double distance = distance(shard, other);
        if (distance < distance(shard, caches.get(homes[shard]))) {
          away++;
          long better = 0;
          for (int there = 0; there < bytes.length; there++) {
            boolean suits =
                caches.get(homes[there]).equals(other) && distance(there, other) < distance;
            better += suits ? bytes[there] : 0;
          }
          assertThat(better + largest).isGreaterThan((long) (1.01 * share * other.weight()));
        }
      }
    }
    assertThat(away).isBetween(10, 300);
  }

  private static double distance(int shard, WeightedCache cache) {
    long hash = 0;
    for (char letter : cache.cache().value().toCharArray()) {
      hash = Keys.derive(hash, letter);
    }
    double uniform = ((Keys.derive(hash, shard) >>> 11) + 0.5) / (1L << 53);
    return -Math.log(uniform) / cache.weight();
  }

  @Test
  void theSameCachesInAnotherOrderOwnTheSame() {
    long[] bytes = random.longs(500, 1, 1_000).toArray();
    List<CacheIdentity> caches = identities(7);
    List<CacheIdentity> shuffled = new ArrayList<>(caches);
    Collections.shuffle(shuffled, random);

    assertThat(homes(bytes, equal(shuffled))).isEqualTo(homes(bytes, equal(caches)));
  }

  /** Or a restart would lose what is on disk. */
  @Test
  void homesAreTheSameInEveryProcessAndVersion() {
    long[] bytes = new long[16];
    Arrays.fill(bytes, 1);

    int[] homes = homes(bytes, equal(List.of(new CacheIdentity("x"), new CacheIdentity("y"))));

    assertThat(homes).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0);
  }

  @Test
  void aHundredCachesShareTheMostBucketsEvenly() {
    long[] bytes = random.longs(OwnableShards.MOST, 1, 1_000_000).toArray();

    List<Long> owned = owned(bytes, homes(bytes, equal(identities(100))), 100);

    double share = Arrays.stream(bytes).sum() / 100.0;
    assertThat(owned).allMatch(own -> own <= 1.03 * share).allMatch(own -> own > 0.85 * share);
  }

  private static int[] homes(long[] bytes, List<WeightedCache> caches) {
    return ShardHomes.decide(bytes, caches);
  }

  private static List<WeightedCache> equal(List<CacheIdentity> caches) {
    return WeightedCache.of(
        caches.stream().collect(Collectors.toMap(cache -> cache, cache -> GIB)));
  }

  private List<CacheIdentity> identities(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new CacheIdentity(new UUID(random.nextLong(), random.nextLong()).toString()))
        .toList();
  }

  private static List<Long> owned(long[] bytes, int[] homes, int caches) {
    long[] owned = new long[caches];
    for (int i = 0; i < bytes.length; i++) {
      owned[homes[i]] += bytes[i];
    }
    return Arrays.stream(owned).boxed().toList();
  }
}
