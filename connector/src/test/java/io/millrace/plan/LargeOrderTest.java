// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One order of 10 million ranks. */
@Tag("slow")
@Tag("unit")
final class LargeOrderTest {
  private static final int RANKS = 10_000_000;

  // The width of the rectangle that the order is computed in: a weak network's rows stay together.
  private static final int ROW = 3162;

  private static final EpochOrder ORDER = EpochOrder.shuffled(42, 3, RANKS);

  private static int[] order = new int[0];

  @BeforeAll
  static void computeOrder() {
    order = tabulate(ORDER::unitAt);
  }

  @Test
  void everyUnitHasExactlyOneRankWhichIsFoundBack() {
    BitSet seen = new BitSet(RANKS);
    for (int rank = 0; rank < RANKS; rank++) {
      seen.set(order[rank]);
      if (ORDER.rankOf(order[rank]) != rank) {
        assertThat(ORDER.rankOf(order[rank])).isEqualTo(rank);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(RANKS);
    assertThat(seen.length()).isEqualTo(RANKS);
  }

  @Test
  void unitsMoveAThirdOfTheSizeOnAverage() {
    assertThat(OrderStatistics.displacement(order)).isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void neighboursAreNotCorrelated() {
    assertThat(OrderStatistics.serialCorrelation(order, 1))
        .isCloseTo(0, within(OrderStatistics.BOUND));
    assertThat(OrderStatistics.serialCorrelation(order, ROW))
        .isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void runsUpHaveTheLengthsOfChance() {
    assertThat(OrderStatistics.runsUp(order)).isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void placesAndUnitsAreIndependent() {
    assertThat(OrderStatistics.relation(tabulate(x -> x), order))
        .isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void theSameChecksFailTwoRounds() {
    Permutation weak = new Permutation(Keys.ofUnits(42, 3), RANKS, 2);

    assertThat(OrderStatistics.serialCorrelation(tabulate(weak::apply), ROW))
        .isGreaterThan(100 * OrderStatistics.BOUND);
  }

  @Test
  void theSameChecksFailMultiplicationModuloSize() {
    // The factor nearest to the golden section that has no divisor in common with 10 million.
    int[] affine = tabulate(x -> (6_180_339L * x + 17) % RANKS);

    assertThat(OrderStatistics.runsUp(affine)).isGreaterThan(50 * OrderStatistics.BOUND);
    assertThat(OrderStatistics.relation(tabulate(x -> x), affine))
        .isLessThan(-OrderStatistics.BOUND);
  }

  @Test
  void theSameChecksFailOrdersThatMoveLittle() {
    int[] nearby = tabulate(x -> x ^ 0x7f);

    assertThat(OrderStatistics.displacement(nearby)).isLessThan(-100 * OrderStatistics.BOUND);
  }

  private static int[] tabulate(LongUnaryOperator lookUp) {
    int[] values = new int[RANKS];
    for (int i = 0; i < RANKS; i++) {
      values[i] = (int) lookUp.applyAsLong(i);
    }
    return values;
  }
}
