// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders of a few elements over many seeds and epochs, where a weak network shows first. */
@Tag("unit")
final class SmallOrderUniformityTest {
  private static final int EPOCHS = 100;

  @ParameterizedTest
  @CsvSource({"2, 20", "3, 60", "4, 200", "5, 600", "6, 7200", "7, 2500", "8, 2000"})
  void allOrdersOfUnitsAreEquallyFrequent(int units, int seeds) {
    double score = wholeOrders(units, seeds, (s, e) -> EpochOrder.shuffled(s, e, units)::unitAt);

    assertThat(score).isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @ParameterizedTest
  @CsvSource({"5, 600", "6, 1500"})
  void allOrdersOfSamplesAreEquallyFrequent(int samples, int units) {
    double score =
        wholeOrders(
            samples,
            units,
            (unit, epoch) ->
                EpochOrder.shuffled(7, epoch, units).samplesOf(unit, samples)::sampleAt);

    assertThat(score).isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @ParameterizedTest
  @CsvSource({"5, 600", "6, 1500", "7, 2500"})
  void theSameCheckFailsTwoRounds(int units, int seeds) {
    double score = wholeOrders(units, seeds, (s, e) -> weak(s, e, units)::apply);

    assertThat(score).isGreaterThan(10 * OrderStatistics.BOUND);
  }

  @Test
  void theSameCheckFailsTwoOddRadices() {
    double score = wholeOrders(7, 2500, SmallOrderUniformityTest::oddRadices);

    assertThat(score).isGreaterThan(10 * OrderStatistics.BOUND);
  }

  @ParameterizedTest
  @CsvSource({"5, 600", "6, 1500", "7, 2500"})
  void theSameCheckFailsMultiplicationModuloSize(int units, int seeds) {
    double score = wholeOrders(units, seeds, (s, e) -> affine(s, e, units));

    assertThat(score).isGreaterThan(10 * OrderStatistics.BOUND);
  }

  // 16 is walked in no cell, 17 in many.
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7, 9, 10, 16, 17, 25})
  void everyPairOfPlacesHoldsEveryPairOfUnitsEquallyOften(int units) {
    double score = worstPair(units, (s, e) -> EpochOrder.shuffled(s, e, units)::unitAt);

    assertThat(score).isLessThan(OrderStatistics.BOUND);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 9, 16, 25})
  void theSameCheckFailsTwoRoundsForPairs(int units) {
    double score = worstPair(units, (s, e) -> weak(s, e, units)::apply);

    assertThat(score).isGreaterThan(2 * OrderStatistics.BOUND);
  }

  @Test
  void theNumberOfAnOrderCountsAllOrders() {
    assertThat(number(3, x -> x)).isZero();
    assertThat(number(3, x -> 2 - x)).isEqualTo(5);
  }

  private static double wholeOrders(int size, int seeds, Orders orders) {
    int[] counts = new int[factorial(size)];
    for (int seed = 0; seed < seeds; seed++) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        counts[number(size, orders.of(seed, epoch))]++;
      }
    }
    return OrderStatistics.uniformity(counts);
  }

  /** The largest score, in absolute value, over all pairs of places. */
  private static double worstPair(int size, Orders orders) {
    int[][] counts = new int[size * size][size * (size - 1)];
    long[] order = new long[size];
    for (int seed = 0; seed < 300; seed++) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        LongUnaryOperator lookUp = orders.of(seed, epoch);
        for (int i = 0; i < size; i++) {
          order[i] = lookUp.applyAsLong(i);
        }
        for (int i = 0; i < size; i++) {
          for (int j = i + 1; j < size; j++) {
            int other = (int) (order[j] < order[i] ? order[j] : order[j] - 1);
            counts[i * size + j][(int) order[i] * (size - 1) + other]++;
          }
        }
      }
    }
    double worst = 0;
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        worst = Math.max(worst, Math.abs(OrderStatistics.uniformity(counts[i * size + j])));
      }
    }
    return worst;
  }

  /** The order's place among all orders of its size (Lehmer code). */
  private static int number(int size, LongUnaryOperator lookUp) {
    long[] order = LongStream.range(0, size).map(lookUp).toArray();
    int number = 0;
    for (int i = 0; i < size; i++) {
      int smaller = 0;
      for (int j = i + 1; j < size; j++) {
        if (order[j] < order[i]) {
          smaller++;
        }
      }
      number = number * (size - i) + smaller;
    }
    return number;
  }

  private static int factorial(int n) {
    return n == 0 ? 1 : n * factorial(n - 1);
  }

  private static Permutation weak(long seed, int epoch, int size) {
    return new Permutation(Keys.ofUnits(seed, epoch), size, 2);
  }

  /** Seven elements walked in 3 x 3 cells: sixteen rounds, but each an even permutation. */
  private static LongUnaryOperator oddRadices(long seed, int epoch) {
    MixedRadixFeistel feistel = new MixedRadixFeistel(Keys.ofUnits(seed, epoch), 3, 3);
    return place -> {
      long value = feistel.apply(place);
      while (value >= 7) {
        value = feistel.apply(value);
      }
      return value;
    };
  }

  private static LongUnaryOperator affine(long seed, int epoch, int size) {
    long key = Keys.ofUnits(seed, epoch);
    // 1 and size - 1 have no divisor in common with any size.
    long factor = (key & 1) == 0 ? 1 : size - 1;
    long shift = Math.floorMod(key >> 1, size);
    return x -> (factor * x + shift) % size;
  }

  private interface Orders {
    LongUnaryOperator of(long seed, int epoch);
  }
}
