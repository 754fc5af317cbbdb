// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.Arrays;

/**
 * How long requests of one kind took of late: the last {@value #SAMPLES}. Thread-safe; asking costs
 * a read of a field, since what it answers is computed only with every {@value #STEP}th request.
 */
final class RequestLatency {

  static final int SAMPLES = 128;
  static final int STEP = 8;

  /** Fewer say nothing of the slowest twentieth. */
  static final int ENOUGH = 24;

  private final long[] nanos = new long[SAMPLES];
  private long count;

  private volatile Percentiles percentiles = Percentiles.UNKNOWN;

  /**
   * What most requests take.
   *
   * @param median that half of them take at most; -1 if too few are known
   * @param p95 that 95 of 100 take at most; -1 if too few are known
   */
  record Percentiles(long median, long p95) {
    static final Percentiles UNKNOWN = new Percentiles(-1, -1);

    boolean known() {
      return p95 >= 0;
    }
  }

  synchronized void record(long took) {
    nanos[(int) (count % SAMPLES)] = took;
    count++;
    if (count >= ENOUGH && count % STEP == 0) {
      long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, SAMPLES));
      Arrays.sort(sorted);
      percentiles = new Percentiles(at(sorted, 0.5), at(sorted, 0.95));
    }
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  Percentiles percentiles() {
    return percentiles;
  }
}
