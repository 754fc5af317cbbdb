// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ExtentCache.Access;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What policy {@code plan} keeps of a few extents, beside the best that there is: every set of them
 * that fits is tried.
 */
@Tag("unit")
final class PlanChoiceTest {

  private static final int EXTENTS = 12;

  private final List<Extent> extents = new ArrayList<>();
  private final Map<Extent, Double> reads = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ofExtentsOfOneSizeItKeepsABestSet(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < EXTENTS; i++) {
      add(i, 1000, random.nextInt(4));
    }
    long charge = ChunkPool.chargeOf(1000);
    long room = (1 + random.nextInt(EXTENTS - 1)) * charge;

    List<Extent> kept = keptAfterTwoEpochs(room, charge, random);

    assertThat(spared(kept)).isEqualTo(best(room));
    assertThat(keptAfterTwoEpochs(room, charge, random))
        .as("in another order, the same")
        .filteredOn(extent -> reads.get(extent) > 0)
        .containsExactlyInAnyOrderElementsOf(
            kept.stream().filter(extent -> reads.get(extent) > 0).toList());
  }

  /** It does not try to fill the last gap: what is lost is less than one extent. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void ofExtentsOfManySizesItKeepsASetThatIsWorseByLessThanOne(long seed) throws Exception {
    Random random = new Random(seed);
    long largest = 0;
    long all = 0;
    double mostReads = 0;
    for (int i = 0; i < EXTENTS; i++) {
      long length = 500L + random.nextInt(4_000);
      add(i, length, 1 + random.nextInt(3));
      largest = Math.max(largest, ChunkPool.chargeOf(length));
      all += ChunkPool.chargeOf(length);
      mostReads = Math.max(mostReads, reads.get(extents.get(i)));
    }
    long room = largest + (long) (random.nextDouble() * (all - largest));

    List<Extent> kept = keptAfterTwoEpochs(room, largest, random);

    assertThat(spared(kept)).isBetween(best(room) - mostReads * largest, best(room));
  }

  private void add(int number, long length, double readsPerEpoch) {
    Extent extent = TestingExtents.extent(number, length);
    extents.add(extent);
    reads.put(extent, readsPerEpoch);
  }

  /** Reads all, one after the other, twice; the second time tells what had stayed. */
  private List<Extent> keptAfterTwoEpochs(long room, long working, Random random) throws Exception {
    List<Extent> order = new ArrayList<>(extents);
    List<Extent> kept = new ArrayList<>();
    try (MemoryExtentCache cache =
        new MemoryExtentCache(new CacheSettings(room + working, "plan"))) {
      // Two jobs, of which each reads a part of it.
      cache.register(extent -> Math.min(1, reads.get(extent)));
      cache.register(extent -> Math.max(0, reads.get(extent) - 1));
      Reservation held = cache.workingMemory().reserveNow(working);
      for (int epoch = 0; epoch < 2; epoch++) {
        Collections.shuffle(order, random);
        for (Extent extent : order) {
          cache.acquire(extent, TestingExtents::fill, new Access(epoch, true)).close();
        }
      }
      for (Extent extent : extents) {
        if (cache.isResident(extent)) {
          kept.add(extent);
        }
      }
      held.close();
    }
    return kept;
  }

  /** Bytes that the origin is spared in an epoch. */
  private double spared(List<Extent> kept) {
    return kept.stream().mapToDouble(e -> reads.get(e) * ChunkPool.chargeOf(e.length())).sum();
  }

  /** The most that any set which fits would spare. */
  private double best(long room) {
    double best = 0;
    for (int set = 0; set < 1 << EXTENTS; set++) {
      List<Extent> chosen = new ArrayList<>();
      long bytes = 0;
      for (int i = 0; i < EXTENTS; i++) {
        if ((set & 1 << i) != 0) {
          chosen.add(extents.get(i));
          bytes += ChunkPool.chargeOf(extents.get(i).length());
        }
      }
      if (bytes <= room) {
        best = Math.max(best, spared(chosen));
      }
    }
    return best;
  }
}
