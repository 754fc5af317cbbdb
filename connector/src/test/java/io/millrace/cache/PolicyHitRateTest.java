// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.ExtentCache.Registration;
import io.millrace.cache.PinnedExtent.Touch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Simulated epochs: each extent is reserved, acquired ahead, then released, in the epoch's order.
 * The bound is that of DESIGN: a byte hits at most if it was retained when the epoch began.
 */
@Tag("unit")
final class PolicyHitRateTest {

  private static final int EXTENTS = 1000;
  private static final long LENGTH = 2000;
  private static final long CHARGE = ChunkPool.chargeOf(LENGTH);
  private static final int AHEAD = 8;

  private final List<Extent> dataset = new ArrayList<>();

  PolicyHitRateTest() {
    for (int i = 0; i < EXTENTS; i++) {
      dataset.add(TestingExtents.extent(i, LENGTH));
    }
  }

  /** The table of docs/operations.md: shares of the dataset, in order and not, 1 and 4 readers. */
  static Stream<Arguments> table() {
    return Stream.of(10, 25, 50, 75, 90, 100)
        .flatMap(
            percent ->
                Stream.of(
                    Arguments.of(percent, false, 1),
                    Arguments.of(percent, false, 4),
                    Arguments.of(percent, true, 1),
                    Arguments.of(percent, true, 4)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void planReachesTheBoundInEveryEpoch(int percent, boolean shuffled, int readers)
      throws Exception {
    double bound = percent / 100.0;
    double window = (double) readers * AHEAD / EXTENTS;
    for (double rate : hitRates("plan", percent, shuffled, readers)) {
      assertThat(rate).isGreaterThanOrEqualTo(0.97 * bound);
      assertThat(rate).as("windows hold a few more").isLessThanOrEqualTo(bound + window + 0.012);
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void lruHitsAsMuchAsAPlainListOfTheLastUsed(int percent, boolean shuffled, int readers)
      throws Exception {
    List<Double> expected =
        lastUsed(EXTENTS * percent / 100 + readers * AHEAD, orders(percent, shuffled));
    List<Double> rates = hitRates("lru", percent, shuffled, readers);
    for (int epoch = 0; epoch < rates.size(); epoch++) {
      assertThat(rates.get(epoch)).isEqualTo(expected.get(epoch), within(0.02));
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "50, 4", "90, 1"})
  void lruHitsNothingInOrderUnlessEverythingFits(int percent, int readers) throws Exception {
    for (double rate : hitRates("lru", percent, false, readers)) {
      assertThat(rate).isEqualTo(0, within(0.01));
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void noneHitsNothing(int percent, boolean shuffled, int readers) throws Exception {
    assertThat(hitRates("none", percent, shuffled, readers)).containsOnly(0.0);
  }

  /** What an LRU list of so many extents hits in the same epochs, but for the first. */
  private static List<Double> lastUsed(int room, List<List<Extent>> orders) {
    Set<Extent> oldestFirst = new LinkedHashSet<>();
    List<Double> rates = new ArrayList<>();
    for (List<Extent> order : orders) {
      int hits = 0;
      for (Extent extent : order) {
        hits += oldestFirst.remove(extent) ? 1 : 0;
        oldestFirst.add(extent);
        if (oldestFirst.size() > room) {
          oldestFirst.remove(oldestFirst.iterator().next());
        }
      }
      rates.add((double) hits / EXTENTS);
    }
    return rates.subList(1, rates.size());
  }

  @Test
  void lruHitsAboutASixthOfAShuffledEpochFromHalfTheDataset() throws Exception {
    double mean =
        hitRates("lru", 50, true, 1).stream()
            .mapToDouble(Double::doubleValue)
            .average()
            .orElseThrow();
    assertThat(mean).isBetween(0.12, 0.18);
  }

  @Test
  void planSpreadsItsHitsEvenlyOverAnEpoch() throws Exception {
    MemoryExtentCache cache = cache("plan", 50);
    cache.register(extent -> 1);
    epoch(cache, dataset, "epoch 0");
    List<Touch> touches = epoch(cache, dataset, "epoch 1");
    for (int tenth = 0; tenth < 10; tenth++) {
      List<Touch> part = touches.subList(tenth * 100, tenth * 100 + 100);
      assertThat(Collections.frequency(part, Touch.RESIDENT)).isBetween(35, 65);
    }
  }

  @Test
  void planKeepsWhatTwoJobsReadBeforeWhatOneReads() throws Exception {
    MemoryExtentCache cache = cache("plan", 50);
    List<Extent> shared = dataset.subList(600, 1000);
    cache.register(extent -> 1);
    cache.register(extent -> shared.contains(extent) ? 1 : 0);
    epoch(cache, dataset, "epoch 0");
    epoch(cache, dataset, "epoch 1");

    List<Touch> touches = epoch(cache, dataset, "epoch 2");
    assertThat(touches.subList(600, 1000)).containsOnly(Touch.RESIDENT);
    assertThat(Collections.frequency(touches.subList(0, 600), Touch.RESIDENT))
        .isBetween(95, 100 + AHEAD);
  }

  @Test
  void planGivesTheRoomOfAnEndedJobToTheNext() throws Exception {
    MemoryExtentCache cache = cache("plan", 50);
    List<Extent> first = dataset.subList(0, 500);
    List<Extent> second = dataset.subList(500, 1000);
    try (Registration ended = cache.register(extent -> first.contains(extent) ? 1 : 0)) {
      epoch(cache, first, "first, epoch 0");
      assertThat(epoch(cache, first, "first, epoch 1")).containsOnly(Touch.RESIDENT);
      assertThat(ended).isNotNull();
    }
    cache.register(extent -> second.contains(extent) ? 1 : 0);
    epoch(cache, second, "second, epoch 0");
    assertThat(epoch(cache, second, "second, epoch 1")).containsOnly(Touch.RESIDENT);
  }

  /** As with a plan that never says when an epoch begins: that of {@link #hitRates} does. */
  @ParameterizedTest
  @CsvSource({"25, 1", "50, 4", "75, 1"})
  void planForgetsNothingOfAStableSet(int percent, int readers) throws Exception {
    assertThat(hitRates("plan", percent, true, readers))
        .isEqualTo(hitRates("plan", percent, true, readers, extent -> 1));
  }

  /** Another cache helps with one unit in ten. */
  @Test
  void planKeepsWhatIsNotReadHereInSomeEpochs() throws Exception {
    Random random = new Random(1);
    EpochPlan plan = new EpochPlan();
    try (MemoryExtentCache cache = cache("plan", 50)) {
      cache.register(plan);
      for (int epoch = 0; epoch < 12; epoch++) {
        plan.beginEpoch();
        List<Extent> read = new ArrayList<>(dataset);
        read.removeIf(extent -> random.nextInt(10) == 0);
        Collections.shuffle(read, random);
        List<Touch> touches = epoch(cache, read, "epoch " + epoch);
        if (epoch > 1) {
          assertThat(Collections.frequency(touches, Touch.RESIDENT) / (double) read.size())
              .isGreaterThanOrEqualTo(0.97 * 0.5);
        }
      }
    }
  }

  /**
   * Shards get other homes: half of what was read here is not any more, and as much is instead.
   * After two epochs the cache is as good as it was before.
   */
  @Test
  void planForgetsWhatMovedAwayAfterTwoEpochs() throws Exception {
    EpochPlan plan = new EpochPlan();
    List<Extent> before = dataset.subList(0, 500);
    List<Extent> after = dataset.subList(250, 750);
    List<Double> rates = new ArrayList<>();
    try (MemoryExtentCache cache = cache("plan", 50)) {
      cache.register(plan);
      for (int epoch = 0; epoch < 8; epoch++) {
        plan.beginEpoch();
        List<Extent> order = new ArrayList<>(epoch < 3 ? before : after);
        Collections.shuffle(order, new Random(epoch));
        List<Touch> touches = epoch(cache, order, "epoch " + epoch);
        rates.add(Collections.frequency(touches, Touch.RESIDENT) / 500.0);
      }
      assertThat(dataset.subList(0, 250)).noneMatch(cache::isResident);
    }
    assertThat(rates.subList(1, 3)).containsOnly(1.0);
    assertThat(rates.subList(3, 6)).allMatch(rate -> rate < 0.75);
    assertThat(rates.subList(6, 8)).allMatch(rate -> rate > 0.98);
  }

  /** The orders of five epochs. */
  private List<List<Extent>> orders(int percent, boolean shuffled) {
    Random random = new Random(percent);
    List<List<Extent>> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 5; epoch++) {
      List<Extent> order = new ArrayList<>(dataset);
      if (shuffled) {
        Collections.shuffle(order, random);
      }
      orders.add(order);
    }
    return orders;
  }

  /** Hit rates of epochs 1 to 4. */
  private List<Double> hitRates(String policy, int percent, boolean shuffled, int readers)
      throws Exception {
    return hitRates(policy, percent, shuffled, readers, new EpochPlan());
  }

  private List<Double> hitRates(
      String policy, int percent, boolean shuffled, int readers, AccessPlan plan) throws Exception {
    List<Double> rates = new ArrayList<>();
    try (MemoryExtentCache cache = cache(policy, percent, readers)) {
      cache.register(plan);
      for (List<Extent> order : orders(percent, shuffled)) {
        if (plan instanceof EpochPlan epochs) {
          epochs.beginEpoch();
        }
        List<Touch> touches = epoch(cache, order, "epoch " + rates.size(), readers);
        assertThat(touches).doesNotContain(Touch.AGAIN);
        rates.add(Collections.frequency(touches, Touch.RESIDENT) / (double) EXTENTS);
      }
    }
    assertThat(rates.get(0)).isZero();
    return rates.subList(1, rates.size());
  }

  private static List<Touch> epoch(MemoryExtentCache cache, List<Extent> order, String purpose)
      throws Exception {
    return epoch(cache, order, purpose, 1);
  }

  /** Readers take turns at random, each with a window of its own over what it took. */
  private static List<Touch> epoch(
      MemoryExtentCache cache, List<Extent> order, String purpose, int readers) throws Exception {
    Random random = new Random(purpose.hashCode());
    List<Deque<PinnedExtent>> pins = new ArrayList<>();
    List<Deque<Reservation>> reservations = new ArrayList<>();
    for (int reader = 0; reader < readers; reader++) {
      pins.add(new ArrayDeque<>());
      reservations.add(new ArrayDeque<>());
    }
    List<Touch> touches = new ArrayList<>();
    for (Extent extent : order) {
      int reader = random.nextInt(readers);
      if (pins.get(reader).size() == AHEAD) {
        pins.get(reader).remove().close();
        reservations.get(reader).remove().close();
      }
      reservations.get(reader).add(cache.workingMemory().tryReserve(CHARGE).orElseThrow());
      PinnedExtent pin = cache.acquire(extent, TestingExtents::fill, new Access(purpose, true));
      touches.add(pin.touch());
      pins.get(reader).add(pin);
    }
    pins.forEach(window -> window.forEach(PinnedExtent::close));
    reservations.forEach(window -> window.forEach(Reservation::close));
    return touches;
  }

  /** A cache that retains so much of the dataset beside the working set. */
  private static MemoryExtentCache cache(String policy, int percent) {
    return cache(policy, percent, 1);
  }

  private static MemoryExtentCache cache(String policy, int percent, int readers) {
    long retained = EXTENTS * CHARGE * percent / 100;
    return new MemoryExtentCache(
        new CacheSettings(retained + (long) readers * AHEAD * CHARGE, policy));
  }
}
