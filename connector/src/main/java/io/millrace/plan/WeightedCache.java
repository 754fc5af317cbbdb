// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A cache that retains something, and its weight: what it retains, in steps of a sixteenth of a
 * power of two. Caches of one configuration differ by a percent or two, from each other and from
 * one start to the next, and that must not move shards. So those that are within a thirty-second of
 * a larger one have the same weight, and the step is that of the largest of them: rounding each by
 * itself would part caches that happen to lie on both sides of a step's edge. A set of caches that
 * are all alike has thus equal weights whatever the noise; between sets of different sizes, one
 * that lies at an edge may change by one step, which moves some 1 % of the bytes.
 */
record WeightedCache(CacheIdentity cache, double weight) {

  private static final double ALIKE = 1 / 32.0;
  private static final double STEPS_OF_A_POWER_OF_TWO = 16;

  /**
   * The caches that retain something, in the order of their names.
   *
   * @param capacities bytes that each cache retains
   */
  static List<WeightedCache> of(Map<CacheIdentity, Long> capacities) {
    List<Map.Entry<CacheIdentity, Long>> largestFirst = new ArrayList<>(capacities.entrySet());
    largestFirst.sort(Map.Entry.<CacheIdentity, Long>comparingByValue().reversed());
    List<WeightedCache> weighted = new ArrayList<>();
    double largest = Double.POSITIVE_INFINITY;
    double weight = 0;
    for (Map.Entry<CacheIdentity, Long> entry : largestFirst) {
      long capacity = entry.getValue();
      if (capacity == 0) {
        break;
      }
      if (weighted.isEmpty() || capacity < (1 - ALIKE) * largest) {
        largest = capacity;
        weight = rounded(capacity);
      }
      weighted.add(new WeightedCache(entry.getKey(), weight));
    }
    weighted.sort(Comparator.comparing(of -> of.cache.value()));
    return weighted;
  }

  private static double rounded(double capacity) {
    double exponent = StrictMath.log(capacity) / StrictMath.log(2);
    double steps = StrictMath.rint(STEPS_OF_A_POWER_OF_TWO * exponent);
    return StrictMath.pow(2, steps / STEPS_OF_A_POWER_OF_TWO);
  }
}
