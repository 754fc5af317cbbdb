// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Decides which cache each shard belongs to: a pure function of the shards' sizes and the caches
 * with their weights.
 *
 * <p>By weighted rendezvous hashing (Schindelhauer, Schomaker: "Weighted distributed hash tables",
 * SPAA 2005): of a shard and a cache there is a pseudorandom number, exponentially distributed at
 * the rate of the cache's weight, and the lower it is, the better they suit each other. Alone, that
 * leaves caches uneven by chance: with 200 shards each, one has 10 % too much and another room for
 * it. So no cache takes more than {@value #SLACK} of its share by weight: shards go where they suit
 * best, a cache that has too much refuses those that suit it least, and they go where they suit
 * next best (deferred acceptance: Gale, Shapley, "College admissions and the stability of
 * marriage", 1962). A cache that refused a shard refuses all that suit it less, so that the outcome
 * does not depend on who came first. It is stable: when a cache joins, shards that were refused go
 * back to where they suit better, and nothing else moves but what the cap makes necessary.
 *
 * <p>A shard that is larger than a cap is taken before all others by the cache that suits it best,
 * and alone. What no cache takes within its cap, which happens with few or very uneven shards,
 * goes, largest first, to the cache that is filled least by it in proportion.
 */
final class ShardHomes {

  private static final double SLACK = 1.01;
  private static final int NONE = -1;

  private final long[] bytes;
  private final int caches;
  private final long[] keys;
  private final double[] weights;
  private final double[] caps;
  private final List<PriorityQueue<Offer>> taken = new ArrayList<>();

  /** The best that each cache refused. */
  private final Offer[] refused;

  private final long[] loads;
  private final int[] homes;

  /**
   * @param bytes of each shard
   * @param caches at least one
   */
  private ShardHomes(long[] bytes, List<WeightedCache> caches) {
    this.bytes = bytes;
    this.caches = caches.size();
    this.keys = caches.stream().mapToLong(cache -> hash(cache.cache())).toArray();
    this.weights = caches.stream().mapToDouble(WeightedCache::weight).toArray();
    double share = Arrays.stream(bytes).sum() / Arrays.stream(weights).sum();
    this.caps = Arrays.stream(weights).map(weight -> SLACK * share * weight).toArray();
    this.refused = new Offer[this.caches];
    this.loads = new long[this.caches];
    this.homes = new int[bytes.length];
    for (int i = 0; i < this.caches; i++) {
      taken.add(new PriorityQueue<>(Offer.BEST_FIRST.reversed()));
      refused[i] = Offer.WORST;
    }
  }

  /**
   * The place in the list of each shard's cache.
   *
   * @param bytes of each shard
   * @param caches at least one, in the order of their names
   */
  static int[] decide(long[] bytes, List<WeightedCache> caches) {
    return new ShardHomes(bytes, caches).decide();
  }

  private static long hash(CacheIdentity cache) {
    long hash = 0;
    for (int i = 0; i < cache.value().length(); i++) {
      hash = Keys.derive(hash, cache.value().charAt(i));
    }
    return hash;
  }

  private int[] decide() {
    List<Integer> left = new ArrayList<>();
    Deque<Offer> open = new ArrayDeque<>();
    for (int shard = 0; shard < bytes.length; shard++) {
      open.push(new Offer(shard, NONE, Double.NEGATIVE_INFINITY, false));
      while (!open.isEmpty()) {
        Offer next = next(open.pop());
        if (next.cache == NONE) {
          left.add(next.shard);
        } else {
          offer(next, open);
        }
      }
    }
    left.sort(
        Comparator.<Integer>comparingLong(shard -> bytes[shard])
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    left.forEach(this::placeWhereItFillsLeast);
    return homes;
  }

  /** The offer after one that was refused: to the cache that suits next best, or to none. */
  private Offer next(Offer last) {
    int best = NONE;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int cache = 0; cache < caches; cache++) {
      double uniform = uniform(last.shard, cache);
      // -log(x) >= 1 - x, which spares all but a few logarithms.
      if ((1 - uniform) / weights[cache] < bestDistance) {
        double distance = -StrictMath.log(uniform) / weights[cache];
        boolean after =
            distance > last.distance || (distance == last.distance && cache > last.cache);
        if (after && distance < bestDistance) {
          best = cache;
          bestDistance = distance;
        }
      }
    }
    boolean large = best != NONE && bytes[last.shard] > caps[best];
    return new Offer(last.shard, best, bestDistance, large);
  }

  /** Of which minus the logarithm is exponentially distributed. */
  private double uniform(int shard, int cache) {
    return ((Keys.derive(keys[cache], shard) >>> 11) + 0.5) * 0x1p-53;
  }

  /** Adds what the cache refuses because of it to those that go on. */
  private void offer(Offer offer, Deque<Offer> open) {
    int cache = offer.cache;
    if (Offer.BEST_FIRST.compare(refused[cache], offer) < 0) {
      open.push(offer);
      return;
    }
    PriorityQueue<Offer> offers = taken.get(cache);
    offers.add(offer);
    homes[offer.shard] = cache;
    loads[cache] += bytes[offer.shard];
    while (loads[cache] > caps[cache] && offers.size() > 1) {
      Offer worst = offers.remove();
      loads[cache] -= bytes[worst.shard];
      refused[cache] = worst;
      open.push(worst);
    }
  }

  private void placeWhereItFillsLeast(int shard) {
    int best = 0;
    for (int cache = 1; cache < caches; cache++) {
      if (filled(cache, shard) < filled(best, shard)) {
        best = cache;
      }
    }
    homes[shard] = best;
    loads[best] += bytes[shard];
  }

  private double filled(int cache, int shard) {
    return (loads[cache] + bytes[shard]) / weights[cache];
  }

  /**
   * A shard that would go to a cache.
   *
   * @param distance how badly they suit each other
   * @param large whether the shard alone is more than the cache's cap
   */
  private record Offer(int shard, int cache, double distance, boolean large) {
    static final Comparator<Offer> BEST_FIRST =
        Comparator.comparing((Offer offer) -> !offer.large)
            .thenComparingDouble(offer -> offer.distance)
            .thenComparingInt(offer -> offer.shard);
    static final Offer WORST = new Offer(Integer.MAX_VALUE, NONE, Double.POSITIVE_INFINITY, false);
  }
}
