// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics.Accesses;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.flink.metrics.CacheMetrics;
import io.millrace.flink.metrics.ReaderMetrics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Makes what a job's readers and caches counted accumulators of the finished job: in its {@link
 * JobExecutionResult}, over REST and in the web interface, when the metrics are gone.
 *
 * <pre>{@code
 * DataStream<Sample> samples =
 *     MillraceAccumulators.addTo(
 *         env.fromSource(source, WatermarkStrategy.noWatermarks(), "imagenet"), source);
 * ...
 * Snapshot counts = MillraceAccumulators.of(env.execute());
 * }</pre>
 *
 * <p>A source has no way to accumulators, so an operator behind it has them. It hands on every
 * record as it is, runs in the source's own task, and reports the counts of its process when the
 * task ends. Counted is what was done: of attempts that failed and were restarted, too. What is
 * missing are the counts of processes that had no part of the job any more when it ended: those
 * that were killed, and those that readers moved away from after a failure.
 */
@PublicEvolving
public final class MillraceAccumulators {

  /** Before the names of the metrics in those of the accumulators. */
  static final String PREFIX = ReaderMetrics.GROUP + ".";

  private MillraceAccumulators() {}

  /**
   * Adds the operator to a stream; once.
   *
   * @param stream what {@code fromSource} returned: the operator must have the parallelism of the
   *     source and run beside it
   * @param source the source that was given there
   * @return the stream to go on with
   */
  public static <T> SingleOutputStreamOperator<T> addTo(
      DataStream<T> stream, MillraceSource<?> source) {
    return stream
        .map(new AccumulatingFunction<T>(source.scanId()), stream.getType())
        .setParallelism(stream.getParallelism())
        .name("accumulators");
  }

  /** The names of the accumulators: those of the metrics that count, after {@code millrace.}. */
  public static List<String> names() {
    return Stream.concat(ReaderMetrics.countNames().stream(), CacheMetrics.countNames().stream())
        .map(name -> PREFIX + name)
        .toList();
  }

  /**
   * What the readers of a finished job did, of all its sources together. Has no samples but those
   * that were left out, and no times: Flink counts the records itself.
   *
   * @throws IllegalArgumentException if the job had none of the accumulators
   */
  public static Snapshot of(JobExecutionResult result) {
    Map<AccessKind, Accesses> accesses = new EnumMap<>(AccessKind.class);
    accesses.put(
        AccessKind.HIT, accesses(result, ReaderMetrics.CACHE_HITS, ReaderMetrics.CACHE_HIT_BYTES));
    accesses.put(
        AccessKind.PREFETCH_HIT,
        accesses(result, ReaderMetrics.PREFETCH_HITS, ReaderMetrics.PREFETCH_HIT_BYTES));
    accesses.put(
        AccessKind.LATE_PREFETCH,
        accesses(result, ReaderMetrics.LATE_PREFETCHES, ReaderMetrics.LATE_PREFETCH_BYTES));
    accesses.put(
        AccessKind.MISS,
        accesses(result, ReaderMetrics.CACHE_MISSES, ReaderMetrics.CACHE_MISS_BYTES));
    return new Snapshot(
        accesses,
        0,
        count(result, ReaderMetrics.SAMPLES_SKIPPED),
        0,
        count(result, ReaderMetrics.READER_WAIT_MS) * 1_000_000,
        count(result, ReaderMetrics.ORIGIN_BYTES),
        count(result, ReaderMetrics.ORIGIN_REQUESTS),
        0,
        0);
  }

  private static Accesses accesses(JobExecutionResult result, String count, String bytes) {
    return new Accesses(count(result, count), count(result, bytes));
  }

  private static long count(JobExecutionResult result, String metric) {
    Long count = result.getAccumulatorResult(PREFIX + metric);
    if (count == null) {
      throw new IllegalArgumentException(
          "Job "
              + result.getJobID()
              + " has no accumulator "
              + PREFIX
              + metric
              + "; add them to its stream by MillraceAccumulators.addTo");
    }
    return count;
  }
}
