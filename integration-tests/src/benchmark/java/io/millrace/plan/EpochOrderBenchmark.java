// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

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

/** What a step through a shuffled epoch costs: once per sample, so it must stay far below a copy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EpochOrderBenchmark {

  @Param({"1000", "10000000"})
  private long units;

  private EpochOrder order;
  private long rank;

  @Setup
  public void prepare() {
    order = EpochOrder.shuffled(42, 1, units);
  }

  @Benchmark
  public long unitAt() {
    return order.unitAt(next());
  }

  @Benchmark
  public long rankOf() {
    return order.rankOf(next());
  }

  private long next() {
    rank = rank + 1 == units ? 0 : rank + 1;
    return rank;
  }
}
