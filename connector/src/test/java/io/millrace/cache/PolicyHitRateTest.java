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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulated epochs: each extent is reserved, acquired ahead, then released, in the epoch's order.
 * The bound is that of DESIGN: a byte hits at most if it was retained when the epoch began.
 */
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

  @ParameterizedTest
  @CsvSource({
    "10, false", "25, false", "50, false", "75, false", "90, false", "100, false",
    "10, true", "25, true", "50, true", "75, true", "90, true", "100, true"
  })
  void planReachesTheBoundInEveryEpoch(int percent, boolean shuffled) throws Exception {
    double bound = percent / 100.0;
    for (double rate : hitRates("plan", percent, shuffled)) {
      assertThat(rate).isGreaterThanOrEqualTo(0.97 * bound);
      assertThat(rate).as("the window holds a few more").isLessThanOrEqualTo(bound + 0.02);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "50, 0", "90, 0", "100, 1"})
  void lruHitsNothingInOrderUnlessEverythingFits(int percent, double expected) throws Exception {
    for (double rate : hitRates("lru", percent, false)) {
      assertThat(rate).isEqualTo(expected, within(0.01));
    }
  }

  @Test
  void lruHitsAboutASixthOfAShuffledEpochFromHalfTheDataset() throws Exception {
    double mean =
        hitRates("lru", 50, true).stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(mean).isBetween(0.12, 0.18);
  }

  @Test
  void noneHitsNothing() throws Exception {
    assertThat(hitRates("none", 100, true)).containsOnly(0.0);
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

  /** Hit rates of epochs 1 to 4. */
  private List<Double> hitRates(String policy, int percent, boolean shuffled) throws Exception {
    MemoryExtentCache cache = cache(policy, percent);
    cache.register(extent -> 1);
    Random random = new Random(percent);
    List<Double> rates = new ArrayList<>();
    List<Extent> order = new ArrayList<>(dataset);
    for (int epoch = 0; epoch < 5; epoch++) {
      if (shuffled) {
        Collections.shuffle(order, random);
      }
      List<Touch> touches = epoch(cache, order, "epoch " + epoch);
      if (epoch > 0) {
        rates.add(Collections.frequency(touches, Touch.RESIDENT) / (double) EXTENTS);
      }
    }
    cache.close();
    return rates;
  }

  private static List<Touch> epoch(MemoryExtentCache cache, List<Extent> order, String purpose)
      throws Exception {
    List<Touch> touches = new ArrayList<>();
    ArrayDeque<PinnedExtent> pins = new ArrayDeque<>();
    ArrayDeque<Reservation> reservations = new ArrayDeque<>();
    for (Extent extent : order) {
      if (pins.size() == AHEAD) {
        pins.remove().close();
        reservations.remove().close();
      }
      reservations.add(cache.workingMemory().tryReserve(CHARGE).orElseThrow());
      PinnedExtent pin = cache.acquire(extent, TestingExtents::fill, new Access(purpose, true));
      touches.add(pin.touch());
      pins.add(pin);
    }
    pins.forEach(PinnedExtent::close);
    reservations.forEach(Reservation::close);
    return touches;
  }

  /** A cache that retains so much of the dataset beside the working set. */
  private static MemoryExtentCache cache(String policy, int percent) {
    long retained = EXTENTS * CHARGE * percent / 100;
    return new MemoryExtentCache(new CacheSettings(retained + AHEAD * CHARGE, policy));
  }
}
