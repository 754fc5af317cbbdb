// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.plan.EpochOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What looking up an epoch's order costs, beside what it replaces: a shuffled array (40 MB at 10
 * million ranks) and its inverse. All look up the same indexes, which jump through the whole range,
 * so that the array pays for its cache misses as it would.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EpochOrderBenchmark {
  @Param({"1000", "10000000"})
  private int units;

  private EpochOrder order;
  private int[] unitByRank;
  private int[] rankByUnit;
  private int step;
  private int index;

  @Setup
  public void prepare() {
    order = EpochOrder.shuffled(42, 1, units);
    step = (int) (units * 0.6180339);
    unitByRank = new int[units];
    Random random = new Random(42);
    for (int i = 0; i < units; i++) {
      int j = random.nextInt(i + 1);
      unitByRank[i] = unitByRank[j];
      unitByRank[j] = i;
    }
    rankByUnit = new int[units];
    for (int rank = 0; rank < units; rank++) {
      rankByUnit[unitByRank[rank]] = rank;
    }
  }

  @Benchmark
  public long unitAt() {
    return order.unitAt(next());
  }

  @Benchmark
  public long rankOf() {
    return order.rankOf(next());
  }

  @Benchmark
  public long unitAtFromArray() {
    return unitByRank[next()];
  }

  @Benchmark
  public long rankOfFromArray() {
    return rankByUnit[next()];
  }

  /** What opening a unit adds: the keys of its sample order. */
  @Benchmark
  public Object samplesOf() {
    return order.samplesOf(next(), 40);
  }

  private int next() {
    index += step;
    if (index >= units) {
      index -= units;
    }
    return index;
  }
}
