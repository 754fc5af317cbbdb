// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was asked of an origin, for metrics. Thread-safe; one for all stores of an owner. */
public final class OriginCounters {

  private final LongAdder lists = new LongAdder();
  private final LongAdder statuses = new LongAdder();
  private final LongAdder opens = new LongAdder();
  private final LongAdder reads = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder fallbacks = new LongAdder();
  private final LongAdder hedges = new LongAdder();

  void countRequest(RequestKind kind) {
    LongAdder counter =
        switch (kind) {
          case LIST -> lists;
          case STATUS -> statuses;
          case OPEN -> opens;
          case READ -> reads;
        };
    counter.increment();
  }

  void countBytes(long count) {
    bytes.add(count);
  }

  void countFailure() {
    failures.increment();
  }

  void countRetry() {
    retries.increment();
  }

  void countThrottled() {
    throttled.increment();
  }

  void countTimeout() {
    timeouts.increment();
  }

  void countFallback() {
    fallbacks.increment();
  }

  void countHedge() {
    hedges.increment();
  }

  /** The counts at this moment; each is exact once the requests under way have ended. */
  public OriginStatistics snapshot() {
    return new OriginStatistics(
        new OriginStatistics.Requests(lists.sum(), statuses.sum(), opens.sum(), reads.sum()),
        bytes.sum(),
        failures.sum(),
        retries.sum(),
        throttled.sum(),
        timeouts.sum(),
        fallbacks.sum(),
        hedges.sum());
  }
}
