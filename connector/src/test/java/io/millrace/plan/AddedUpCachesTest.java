// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A simulation of readers that each have a cache of a quarter of the dataset, which keeps by a
 * fixed hash what fits of what it may keep; a miss takes its reader five times as long as a hit.
 */
@Tag("unit")
final class AddedUpCachesTest {

  private static final int EPOCHS = 5;
  private static final int CACHES = 4;
  private static final int SHARDS = 800;
  private static final int UNITS_PER_SHARD = 5;
  private static final int UNITS = SHARDS * UNITS_PER_SHARD;
  private static final double MISS = 5;

  private final List<Reader> readers = new ArrayList<>();
  private final long[] hits = new long[EPOCHS];
  private Ownership ownership = new RendezvousOwnership();
  private EpochOrder order = EpochOrder.shuffled(7, 0, UNITS);
  private CountedRanks epoch = newEpoch(0);

  @Test
  void fourCachesOfAQuarterHoldTheDataset() {
    for (int seed = 0; seed < 5; seed++) {
      double[] rates = run(new RendezvousOwnership(), seed);
      assertThat(rates).hasSize(EPOCHS - 1);
      for (double rate : rates) {
        assertThat(rate).isGreaterThanOrEqualTo(0.95);
      }
    }
  }

  @Test
  void firstComeTheyHoldAQuarter() {
    double[] rates = run(new FirstComeOwnership(), 0);
    for (double rate : rates) {
      assertThat(rate).isBetween(0.15, 0.3);
    }
  }

  /** The hit rates of all epochs but the first. */
  private double[] run(Ownership tested, int seed) {
    Random random = new Random(seed);
    ownership = tested;
    long[] bytes = new long[SHARDS];
    Arrays.fill(bytes, UNITS_PER_SHARD);
    ownership.shardsAdded(bytes);
    readers.clear();
    Arrays.fill(hits, 0);
    open(0);
    for (int i = 0; i < CACHES; i++) {
      CacheIdentity cache = new CacheIdentity("cache " + random.nextLong());
      ownership.cacheJoined(cache, UNITS / CACHES);
      readers.add(new Reader(cache, 0.95 + 0.1 * random.nextDouble(), 20 + random.nextInt(81)));
    }
    readers.forEach(this::fill);
    while (readers.stream().anyMatch(reader -> !reader.queue.isEmpty())) {
      Reader next =
          readers.stream()
              .filter(reader -> !reader.queue.isEmpty())
              .min(Comparator.comparingDouble(reader -> reader.busyUntil))
              .orElseThrow();
      double now = next.busyUntil;
      next.finish();
      fill(next);
      for (Reader waiting : readers) {
        if (waiting.queue.isEmpty()) {
          waiting.busyUntil = now;
          fill(waiting);
        }
      }
    }
    double[] rates = new double[EPOCHS - 1];
    Arrays.setAll(rates, i -> (double) hits[i + 1] / UNITS);
    return rates;
  }

  /** As the enumerator: a cache that has nothing else to do is given one of another's. */
  private void fill(Reader reader) {
    while (reader.queue.size() < reader.wanted) {
      if (epoch.isComplete() && epoch.order() + 1 < Math.min(EPOCHS, oldestEpoch() + 2)) {
        open(epoch.order() + 1);
      }
      Optional<Ownership.Grant> grant = ownership.next(reader.cache, reader.queue.isEmpty(), epoch);
      if (grant.isEmpty()) {
        return;
      }
      long rank = grant.get().rank();
      epoch.progress.assign(rank);
      reader.add(new Unit(epoch.order(), order.unitAt(rank), grant.get().admit()));
    }
  }

  private int oldestEpoch() {
    return readers.stream()
        .filter(reader -> !reader.queue.isEmpty())
        .mapToInt(reader -> reader.queue.getFirst().epoch)
        .min()
        .orElse(epoch.order());
  }

  private void open(int number) {
    order = EpochOrder.shuffled(7, number, UNITS);
    epoch = newEpoch(number);
  }

  private CountedRanks newEpoch(int number) {
    EpochOrder units = EpochOrder.shuffled(7, number, UNITS);
    return new CountedRanks(number, UNITS, rank -> (int) (units.unitAt(rank) / UNITS_PER_SHARD));
  }

  private record Unit(int epoch, long number, boolean admit) {}

  private final class Reader {
    final CacheIdentity cache;
    final double speed;
    final int wanted;
    final Deque<Unit> queue = new ArrayDeque<>();
    final TreeSet<Long> kept = new TreeSet<>(Comparator.comparingLong(Keys::mix));
    double busyUntil;

    Reader(CacheIdentity cache, double speed, int wanted) {
      this.cache = cache;
      this.speed = speed;
      this.wanted = wanted;
    }

    void add(Unit unit) {
      queue.add(unit);
      if (queue.size() == 1) {
        begin(unit);
      }
    }

    private void begin(Unit unit) {
      busyUntil += (kept.contains(unit.number) ? 1 : MISS) / speed;
    }

    void finish() {
      Unit unit = queue.removeFirst();
      hits[unit.epoch] += kept.contains(unit.number) ? 1 : 0;
      if (unit.admit) {
        kept.add(unit.number);
      }
      if (kept.size() > UNITS / CACHES) {
        kept.remove(kept.last());
      }
      if (!queue.isEmpty()) {
        begin(queue.getFirst());
      }
    }
  }
}
