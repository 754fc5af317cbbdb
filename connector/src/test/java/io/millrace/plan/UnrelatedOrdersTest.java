// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Orders that differ in one of their arguments must not know of each other. */
@Tag("unit")
final class UnrelatedOrdersTest {
  private static final int SIZE = 100_000;
  private static final EpochOrder BASE = EpochOrder.shuffled(0, 0, SIZE);

  static Stream<Arguments> pairs() {
    return Stream.of(
        pair("next seed", BASE::unitAt, EpochOrder.shuffled(1, 0, SIZE)::unitAt),
        pair("negative seed", BASE::unitAt, EpochOrder.shuffled(-1, 0, SIZE)::unitAt),
        pair("high bit of seed", BASE::unitAt, EpochOrder.shuffled(1L << 63, 0, SIZE)::unitAt),
        pair("next epoch", BASE::unitAt, EpochOrder.shuffled(0, 1, SIZE)::unitAt),
        pair("far epoch", BASE::unitAt, EpochOrder.shuffled(0, 1 << 30, SIZE)::unitAt),
        pair(
            "seed and epoch exchanged",
            EpochOrder.shuffled(1, 2, SIZE)::unitAt,
            EpochOrder.shuffled(2, 1, SIZE)::unitAt),
        pair("samples", BASE::unitAt, BASE.samplesOf(0, SIZE)::sampleAt),
        pair(
            "samples of the next unit",
            BASE.samplesOf(0, SIZE)::sampleAt,
            BASE.samplesOf(1, SIZE)::sampleAt),
        pair(
            "samples in the next epoch",
            BASE.samplesOf(0, SIZE)::sampleAt,
            EpochOrder.shuffled(0, 1, SIZE).samplesOf(0, SIZE)::sampleAt),
        pair("inverse", BASE::unitAt, BASE::rankOf));
  }

  private static Arguments pair(String name, LongUnaryOperator one, LongUnaryOperator other) {
    return Arguments.of(name, one, other);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void ordersAreUnrelated(String name, LongUnaryOperator one, LongUnaryOperator other) {
    int[] first = tabulate(one);
    int[] second = tabulate(other);

    assertThat(OrderStatistics.relation(first, second)).isCloseTo(0, within(OrderStatistics.BOUND));
    // The number of agreements is Poisson with mean 1.
    assertThat(agreements(first, second)).isLessThanOrEqualTo(8);
  }

  @Test
  void shuffleKeysAreUnrelatedToTheirSampleAndAcrossEpochs() {
    int[] keys = sortedByKey(new ShuffleKey(0, 0));
    int[] ofNextEpoch = sortedByKey(new ShuffleKey(0, 1));

    assertThat(OrderStatistics.relation(tabulate(x -> x), keys))
        .isCloseTo(0, within(OrderStatistics.BOUND));
    assertThat(OrderStatistics.serialCorrelation(keys, 1))
        .isCloseTo(0, within(OrderStatistics.BOUND));
    assertThat(OrderStatistics.runsUp(keys)).isCloseTo(0, within(OrderStatistics.BOUND));
    assertThat(OrderStatistics.relation(keys, ofNextEpoch))
        .isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void theSameCheckFailsOrdersThatDifferByAShift() {
    LongUnaryOperator shifted = rank -> (BASE.unitAt(rank) + SIZE / 2) % SIZE;

    assertThat(OrderStatistics.relation(tabulate(BASE::unitAt), tabulate(shifted)))
        .isGreaterThan(100 * OrderStatistics.BOUND);
  }

  /** 100 shards of 1,000 samples, as sorting by the key arranges them. */
  private static int[] sortedByKey(ShuffleKey key) {
    long[] keys = new long[SIZE];
    for (int i = 0; i < SIZE; i++) {
      keys[i] = key.of(i / 1000, i % 1000);
    }
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    return tabulate(i -> Arrays.binarySearch(sorted, keys[(int) i]));
  }

  private static int agreements(int[] one, int[] other) {
    int agreements = 0;
    for (int i = 0; i < SIZE; i++) {
      if (one[i] == other[i]) {
        agreements++;
      }
    }
    return agreements;
  }

  private static int[] tabulate(LongUnaryOperator lookUp) {
    int[] values = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (int) lookUp.applyAsLong(i);
    }
    return values;
  }
}
