// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

/**
 * Tests of randomness. Each gives a standard score: near 0 for random orders, within {@link #BOUND}
 * of it but for 6 in 10 million of them; too even is as far off as too uneven.
 */
final class OrderStatistics {
  static final double BOUND = 5;

  /**
   * Knuth, The Art of Computer Programming, volume 2, 3.3.2 G: runs up of lengths 1, 2, ..., 6 and
   * more.
   */
  private static final double[][] RUNS_UP_INVERSE_COVARIANCE = {
    {4529.4, 9044.9, 13568, 18091, 22615, 27892},
    {9044.9, 18097, 27139, 36187, 45234, 55789},
    {13568, 27139, 40721, 54281, 67852, 83685},
    {18091, 36187, 54281, 72414, 90470, 111580},
    {22615, 45234, 67852, 90470, 113262, 139476},
    {27892, 55789, 83685, 111580, 139476, 172860}
  };

  private static final double[] RUNS_UP_PROBABILITIES = {
    1. / 6, 5. / 24, 11. / 120, 19. / 720, 29. / 5040, 1. / 840
  };

  private OrderStatistics() {}

  /** Chi-square of counts that should be equal. */
  static double uniformity(int[] counts) {
    return uniformity(counts, counts.length - 1);
  }

  private static double uniformity(int[] counts, int degreesOfFreedom) {
    double total = 0;
    for (int count : counts) {
      total += count;
    }
    double expected = total / counts.length;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    return score(chiSquare, degreesOfFreedom);
  }

  /**
   * Mean distance between rank and unit, expected at a third of the size (Diaconis and Graham 1977:
   * Spearman's footrule).
   */
  static double displacement(int[] order) {
    double n = order.length;
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      sum += Math.abs(order[i] - i);
    }
    return (sum - (n * n - 1) / 3) / Math.sqrt((n + 1) * (2 * n * n + 7) / 45);
  }

  /** Correlation of each element with the one {@code lag} places later, cyclically. */
  static double serialCorrelation(int[] order, int lag) {
    int n = order.length;
    double mean = (n - 1) / 2.;
    double covariance = 0;
    for (int i = 0; i < n; i++) {
      covariance += (order[i] - mean) * (order[(i + lag) % n] - mean);
    }
    double variance = ((double) n * n - 1) / 12;
    return (covariance / n / variance + 1. / (n - 1)) * Math.sqrt(n);
  }

  /** Lengths of ascending runs. */
  static double runsUp(int[] order) {
    int[] runs = new int[6];
    int length = 1;
    for (int i = 1; i <= order.length; i++) {
      if (i < order.length && order[i] > order[i - 1]) {
        length++;
      } else {
        runs[Math.min(length, 6) - 1]++;
        length = 1;
      }
    }
    double n = order.length;
    double v = 0;
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        v +=
            (runs[i] - n * RUNS_UP_PROBABILITIES[i])
                * (runs[j] - n * RUNS_UP_PROBABILITIES[j])
                * RUNS_UP_INVERSE_COVARIANCE[i][j];
      }
    }
    return score(v / (n - 6), 6);
  }

  /**
   * Whether two orders of the same size know of each other: chi-square over 32 x 32 cells of where
   * each puts a rank.
   */
  static double relation(int[] one, int[] other) {
    int cells = 32;
    int[] counts = new int[cells * cells];
    for (int i = 0; i < one.length; i++) {
      int row = (int) ((long) one[i] * cells / one.length);
      int column = (int) ((long) other[i] * cells / one.length);
      counts[row * cells + column]++;
    }
    // Rows and columns have fixed sums.
    return uniformity(counts, (cells - 1) * (cells - 1));
  }

  /** Wilson and Hilferty 1931: the cube root of chi-square is nearly normal. */
  private static double score(double chiSquare, int degreesOfFreedom) {
    double variance = 2. / (9. * degreesOfFreedom);
    return (Math.cbrt(chiSquare / degreesOfFreedom) - (1 - variance)) / Math.sqrt(variance);
  }
}
