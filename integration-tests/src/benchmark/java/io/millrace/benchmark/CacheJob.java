// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.EpochStatistics;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.meter.OriginCounts;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.sample.Sample;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Jobs over one dataset through a cache, on one cluster, with every byte counted at the origin.
 * Only the samples' numbers are decoded: what is measured does not depend on how long a sample
 * takes.
 *
 * <p>The memory that readers work with is made as small as the dataset allows, and the same
 * whatever the size of the cache, so that a cache can be given a part of the dataset to retain and
 * memory to work with on top of it.
 */
final class CacheJob implements AutoCloseable {

  /** Units that readers mix when they shuffle, all together. */
  private static final int WINDOWS = 16;

  /** Units that readers may hold ahead of their windows, all together. */
  private static final int AHEAD = 4;

  /** Memory that each reader reserves for batches: the one that it fills, and those queued. */
  private static final long BATCH_BYTES = 9 << 19;

  private static final long SEED = 7;

  private final BenchmarkCluster cluster;
  private final SparseDataset dataset;
  private final FaultyOrigin origin;

  private CacheJob(BenchmarkCluster cluster, SparseDataset dataset, FaultyOrigin origin) {
    this.cluster = cluster;
    this.dataset = dataset;
    this.origin = origin;
  }

  /** Opens the dataset's directory as an origin that counts; the caller closes it. */
  static CacheJob over(SparseDataset dataset, BenchmarkCluster cluster) {
    Path directory = dataset.directory();
    FaultyOrigin origin = FaultyOrigin.file(directory.getFileName().toString(), directory, SEED);
    return new CacheJob(cluster, dataset, origin);
  }

  SparseDataset dataset() {
    return dataset;
  }

  /**
   * How a job reads.
   *
   * @param policy of the cache
   * @param shuffled whether each epoch has an order of its own
   * @param readers parallelism
   * @param epochs passes over the dataset
   * @param memoryBytes the bound on the cache's memory
   */
  record Setup(String policy, boolean shuffled, int readers, int epochs, long memoryBytes) {}

  /**
   * Looks at the job from time to time.
   *
   * @param period records from one look to the next
   * @param action what it does
   */
  record Look(long period, Action action) {

    /** Is told how many records have come to the job's end, and of which scan. */
    @FunctionalInterface
    interface Action {
      void at(long records, UUID scanId);
    }

    /** Not at all. */
    static final Look NONE = new Look(Long.MAX_VALUE, (records, scanId) -> {});
  }

  /**
   * What a job came to.
   *
   * @param epochs what its readers counted, by epoch from 0
   * @param origin what was asked of the shards, by the origin's own count
   * @param wallNanos time of the whole job
   */
  record Outcome(
      SortedMap<Long, EpochStatistics.Snapshot> epochs, OriginCounts origin, long wallNanos) {

    /** Of all epochs but the first, together. */
    double laterHitRate() {
      return epochs.tailMap(1L).values().stream()
          .reduce(EpochStatistics.Snapshot::plus)
          .map(EpochStatistics.Snapshot::hitRate)
          .orElse(0.0);
    }

    /** Of all epochs, by the source's count. */
    long countedOriginBytes() {
      return epochs.values().stream().mapToLong(EpochStatistics.Snapshot::originBytes).sum();
    }
  }

  /** Most memory that readers work with at a time. */
  long workingBytes(boolean shuffled, int readers) {
    int units = shuffled ? WINDOWS : readers;
    return (units + AHEAD) * dataset.unitBytes() + readers * BATCH_BYTES;
  }

  /**
   * Runs a job to its end and checks that every sample came.
   *
   * @throws IllegalStateException if not
   */
  Outcome run(Setup setup, Look look) throws Exception {
    MillraceSource<Sample> source = source(setup);
    origin.reset();
    try (JobWatch watch =
        JobWatch.open(look.period(), count -> look.action().at(count, source.scanId()))) {
      StreamExecutionEnvironment environment = new StreamExecutionEnvironment();
      environment.setParallelism(setup.readers());
      environment
          .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
          .flatMap(new WatchedRecords(watch))
          .returns(Types.VOID)
          .sinkTo(new DiscardingSink<>());
      Stopwatch stopwatch = new Stopwatch();
      cluster.run(environment);
      long wallNanos = stopwatch.wallNanos();
      watch.check(dataset.samples(), setup.epochs());
      OriginCounts counts =
          origin
              .meter()
              .snapshot()
              .of(OriginOperation.GET)
              .where(key -> key.object().contains("shard."))
              .total();
      return new Outcome(LocalScans.epochs(source.scanId()), counts, wallNanos);
    }
  }

  private MillraceSource<Sample> source(Setup setup) {
    MillraceSourceBuilder builder =
        MillraceSource.builder()
            .path(origin.uri("/"))
            .fields(SparseDataset.NUMBER)
            .scanEpochs(setup.epochs())
            .scanShuffle(setup.shuffled())
            .scanShuffleSeed(SEED)
            .scanShuffleWindow(WINDOWS / setup.readers())
            .cachePolicy(setup.policy())
            .cacheCompression("none")
            .cacheMemorySize(new MemorySize(setup.memoryBytes()))
            .prefetchBudget(String.valueOf(AHEAD / setup.readers() * dataset.unitBytes()));
    return builder.build();
  }

  @Override
  public void close() {
    origin.close();
  }
}
