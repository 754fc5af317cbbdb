// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.EpochPlan;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent.Touch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both tiers, when half of the extents that were read here get another home. */
@Tag("unit")
final class MovedAwayTest {

  private static final long SIZE = 4 << 20;

  @TempDir Path directory;

  private final EpochPlan plan = new EpochPlan();
  private final int fitting = (int) (0.8 * SIZE / TestingTier.LENGTH);
  private int epochs;

  @Test
  void whatMovedAwayMakesRoomAfterTwoWholeEpochs() throws Exception {
    List<Extent> before = extents(0, fitting);
    List<Extent> after = extents(fitting / 2, fitting / 2 + fitting);
    try (TestingTier tier = open()) {
      epoch(tier, before);
      assertThat(epoch(tier, before)).isEqualTo(1.0);
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(epoch(tier, after)).isLessThan(0.9);
      }
      epoch(tier, after);

      assertThat(epoch(tier, after)).isGreaterThan(0.97);
      assertThat(extents(0, fitting / 2))
          .filteredOn(tier.cache::isResident)
          .hasSizeLessThan(fitting / 4);
    }
  }

  /** What is found on disk was not used by anybody yet. */
  @Test
  void whatIsFoundAtAStartIsGivenTwoWholeEpochs() throws Exception {
    List<Extent> all = extents(0, fitting);
    try (TestingTier tier = open()) {
      epoch(tier, all);
      epoch(tier, all);
    }
    try (TestingTier tier = open()) {
      epoch(tier, all.subList(0, 10));
      epoch(tier, extents(fitting, fitting + 20));
      epoch(tier, extents(fitting, fitting + 20));

      assertThat(epoch(tier, all)).isGreaterThan(0.9);
    }
  }

  private TestingTier open() {
    TestingTier tier = new TestingTier(TestingTier.Setup.of(new TestingDisk()), SIZE, directory);
    tier.cache.register(plan);
    tier.plan.close();
    return tier;
  }

  private static List<Extent> extents(int from, int to) {
    return IntStream.range(from, to).mapToObj(TestingTier::extent).toList();
  }

  /** The hit rate of an epoch of these, in some order. */
  private double epoch(TestingTier tier, List<Extent> read) throws Exception {
    plan.beginEpoch();
    epochs++;
    List<Extent> order = new ArrayList<>(read);
    Collections.shuffle(order, new Random(epochs));
    int hits = 0;
    for (Extent extent : order) {
      hits += tier.touch(extent, new Access("epoch " + epochs, true)) == Touch.RESIDENT ? 1 : 0;
      tier.awaitWritten();
    }
    return hits / (double) order.size();
  }
}
