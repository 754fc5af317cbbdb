// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.sample.Sample;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;

/**
 * A job over files each request for which takes a set time. Nothing is cached, so that every epoch
 * is fetched.
 *
 * @param workload what it reads
 * @param name its name
 * @param run where, and from what
 * @param conditions what makes it slow, and what is done about it
 */
record DelayedVariant(DelayedDataset workload, String name, Run run, Conditions conditions)
    implements Variant {

  /** Opening a file is none: object stores have no such request. */
  private static final RequestPattern REQUESTS =
      RequestPattern.operation(OriginOperation.GET, OriginOperation.HEAD, OriginOperation.LIST);

  private static final double SLOW_SHARE = 0.01;
  private static final double SLOW_FACTOR = 20;

  /**
   * What all variants have in common.
   *
   * @param memoryBytes memory of the connector, half of which is the budget
   */
  record Run(BenchmarkCluster cluster, FaultyOrigin origin, long memoryBytes) {}

  /**
   * How it is run.
   *
   * @param latencyMillis what each request takes
   * @param slowTail whether one of 100 requests takes 20 times as long
   * @param prefetch whether it is read ahead
   * @param hedging whether slow requests are sent a second time
   * @param megabytesPerSecond what its consumer takes at most, 0 for no bound
   */
  record Conditions(
      int latencyMillis,
      boolean slowTail,
      boolean prefetch,
      boolean hedging,
      int megabytesPerSecond) {

    static Conditions prefetching(int latencyMillis) {
      return new Conditions(latencyMillis, false, true, true, 0);
    }

    Conditions withoutPrefetch() {
      return new Conditions(latencyMillis, slowTail, false, hedging, megabytesPerSecond);
    }

    Conditions withSlowTail() {
      return new Conditions(latencyMillis, true, prefetch, hedging, megabytesPerSecond);
    }

    Conditions withoutHedging() {
      return new Conditions(latencyMillis, slowTail, prefetch, false, megabytesPerSecond);
    }

    Conditions throttledTo(int megabytes) {
      return new Conditions(latencyMillis, slowTail, prefetch, hedging, megabytes);
    }
  }

  /** Without prefetch every epoch is alike and takes long, two of them are enough; throttled one. */
  private int epochs(int wanted) {
    if (!conditions.prefetch()) {
      return Math.min(2, wanted);
    }
    return conditions.megabytesPerSecond() > 0 ? Math.min(3, wanted) : wanted;
  }

  @Override
  public Measurement measure(int wanted) throws Exception {
    run.origin().reset();
    MillraceSource<Sample> source = newSource(epochs(wanted));
    addRules();
    Stopwatch stopwatch = new Stopwatch();
    Arrivals arrivals =
        run.cluster()
            .run(source, new PacedTouch(conditions.megabytesPerSecond()), workload.samples());
    long wallNanos = stopwatch.wallNanos();
    long cpuNanos = stopwatch.cpuNanos();
    run.origin().reset();
    arrivals.check(
        id(),
        (long) epochs(wanted) * workload.samples(),
        epochs(wanted) * workload.payloadBytes());
    // The first epoch has the start, in the last nothing is fetched any more.
    return new Measurement(
        arrivals.epochNanos(),
        conditions.prefetch() ? 1 : 0,
        arrivals.firstRecordNanos(),
        wallNanos,
        cpuNanos,
        null);
  }

  private MillraceSource<Sample> newSource(int epochs) throws Exception {
    return MillraceSource.builder()
        .path(run.origin().uri("/" + workload.directory().getFileName()))
        .scanEpochs(epochs)
        .cachePolicy("none")
        .cacheMemorySize(new MemorySize(run.memoryBytes()))
        .prefetchBudget(conditions.prefetch() ? "auto" : "0")
        .storageHedging(conditions.hedging())
        .build();
  }

  private void addRules() {
    if (conditions.latencyMillis() > 0) {
      Duration latency = Duration.ofMillis(conditions.latencyMillis());
      run.origin().faults().add(FaultRule.on(REQUESTS).fault(Fault.delay(latency)));
    }
    if (conditions.slowTail()) {
      run.origin()
          .faults()
          .add(
              FaultRule.on(REQUESTS)
                  .withProbability(SLOW_SHARE)
                  .fault(Fault.slower(SLOW_FACTOR)));
    }
  }
}
