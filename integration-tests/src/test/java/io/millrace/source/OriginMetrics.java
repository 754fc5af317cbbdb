// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.storage.Await;
import java.time.Duration;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;

/** What a running job's metrics tell of the requests to its origin. One TaskManager. */
final class OriginMetrics {

  private static final int ENOUGH = 20;

  /** Until a replica that was down for a while is tried again. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  private final InMemoryReporter reporter;
  private final JobID job;

  OriginMetrics(InMemoryReporter reporter, JobID job) {
    this.reporter = reporter;
    this.job = job;
  }

  /** Of the store that all readers of the TaskManager share. */
  long fallbacks() {
    return values(ReaderMetrics.ORIGIN_FALLBACKS).max().orElse(0);
  }

  /** Of the store that all readers of the TaskManager share. */
  long retries() {
    return values(ReaderMetrics.ORIGIN_RETRIES).max().orElse(0);
  }

  /** Of the store that all readers of the TaskManager share. */
  long throttled() {
    return values(ReaderMetrics.ORIGIN_THROTTLED).max().orElse(0);
  }

  private long requests() {
    return values(ReaderMetrics.ORIGIN_REQUESTS).sum();
  }

  private LongStream values(String metric) {
    return reporter.findMetrics(job, "millrace." + metric).values().stream()
        .mapToLong(gauge -> (Long) ((Gauge<?>) gauge).getValue());
  }

  void awaitFallbacks() {
    long before = fallbacks();
    Await.until("other replicas answer", () -> fallbacks() >= before + ENOUGH);
  }

  /** Waits until {@value #ENOUGH} requests in a row did not need another replica. */
  void awaitNoFallbacks() {
    long[] since = {-1, 0};
    Await.until(
        "the first replica answers again",
        LONGEST_PAUSE,
        () -> {
          long fallbacks = fallbacks();
          if (fallbacks != since[0]) {
            since[0] = fallbacks;
            since[1] = requests();
          }
          return requests() >= since[1] + ENOUGH;
        });
  }
}
