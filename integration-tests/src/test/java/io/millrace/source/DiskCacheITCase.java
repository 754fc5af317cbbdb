// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.DiskStatistics;
import io.millrace.cache.EpochStatistics;
import io.millrace.cache.disk.FailingDisk;
import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.FoundDataset;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.source.TestingRecords;
import io.millrace.flink.source.reader.LocalCaches;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose cache has a tier on disk: one that works, one that fills up, one that breaks. */
@Tag("it")
class DiskCacheITCase {

  private static final int SHARDS = 24;
  private static final int SAMPLES_PER_SHARD = 50;
  private static final int TEXT = 5_000;
  private static final int EPOCHS = 4;

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir private Path directory;

  private Path cache;

  @BeforeEach
  void writeDataset() throws Exception {
    cache = directory.resolve("cache");
    NumberedDataset.write(directory.resolve("dataset"), SHARDS, SAMPLES_PER_SHARD, TEXT);
  }

  /** Memory for a sixth of the dataset, and a disk for all of it. */
  private MillraceSource<Sample> source(FaultyOrigin origin, int epochs) {
    return builder(origin, epochs).build();
  }

  private MillraceSourceBuilder builder(FaultyOrigin origin, int epochs) {
    return MillraceSource.builder()
        .path(origin.uri("/dataset"))
        .scanEpochs(epochs)
        .scanShuffle(true)
        .scanShuffleWindow(2)
        .cacheMemorySize(MemorySize.parse("4 mb"))
        .cacheDiskDir(cache.toString())
        .cacheDiskSize(MemorySize.ofMebiBytes(64))
        .cacheDiskMinFree("0 %");
  }

  private JobClient run(String name, MillraceSource<Sample> source, int epochs) throws Exception {
    Ledger ledger = Ledger.at(directory.resolve(name));
    JobClient job = new SourceJob(2).writing(ledger, source, line -> line).executeAsync(name);
    job.getJobExecutionResult().get();
    NumberedDataset.expected(epochs, SHARDS, SAMPLES_PER_SHARD, TEXT)
        .compare(ledger.entries())
        .check();
    return job;
  }

  private static LongStream values(JobClient job, String metric) {
    return METRICS.findMetrics(job.getJobID(), "millrace." + metric).values().stream()
        .mapToLong(gauge -> (Long) ((Gauge<?>) gauge).getValue());
  }

  @Test
  void readsNothingFromTheOriginInTheNextJob() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.file("disk", directory, 1)) {
      // The disk may be slower than a pass; what it leaves out it takes in one of the next.
      run("first", source(origin, 2 * EPOCHS), 2 * EPOCHS);
      MillraceSource<Sample> warm = source(origin, 1);
      origin.meter().reset();

      JobClient job = run("second", warm, 1);

      assertThat(origin.meter().snapshot().of(OriginOperation.GET).total().bytesRead())
          .as("but for the index, which the enumerator reads")
          .isLessThan(warm.dataset().storedBytes() / 50);
      EpochStatistics.Snapshot epoch = LocalScans.epochs(warm.scanId()).get(0L);
      assertThat(epoch.hitRate()).isEqualTo(1);
      assertThat(epoch.originBytes()).isZero();
      assertThat(values(job, ReaderMetrics.CACHE_DISK_BYTES).max().orElse(0))
          .isGreaterThan(warm.dataset().storedBytes());
      assertThat(values(job, ReaderMetrics.CACHE_DISK_STATE)).containsOnly(0L);

      readsAgainWhatIsTooOldForIt(origin);
    }
  }

  /** Jobs with other limits find what the one before them left. */
  private void readsAgainWhatIsTooOldForIt(FaultyOrigin origin) throws Exception {
    MillraceSource<Sample> patient = builder(origin, 1).cacheTtl(Duration.ofHours(1)).build();
    Await.until("the caches before are closed", () -> LocalCaches.all().isEmpty());
    run("patient", patient, 1);
    assertThat(LocalScans.epochs(patient.scanId()).get(0L).originBytes()).isZero();

    MillraceSource<Sample> hasty = builder(origin, 1).cacheTtl(Duration.ofMillis(1)).build();
    Await.until("the caches before are closed", () -> LocalCaches.all().isEmpty());
    JobClient job = run("hasty", hasty, 1);
    assertThat(LocalScans.epochs(hasty.scanId()).get(0L).hitRate()).isZero();
    assertThat(LocalScans.epochs(hasty.scanId()).get(0L).originBytes())
        .isGreaterThanOrEqualTo(hasty.dataset().storedBytes());
    assertThat(values(job, ReaderMetrics.EXPIRATIONS).max().orElse(0)).isPositive();
  }

  /**
   * On a disk for a little more than half of the dataset, another job left the first half. The plan
   * of one that reads the second half names it, too, as it does shards that have their home
   * elsewhere.
   */
  @Test
  void makesRoomForWhatIsReadNow() throws Exception {
    int epochs = 8;
    try (FaultyOrigin origin = FaultyOrigin.file("room", directory, 1)) {
      readShards(origin, 0, SHARDS / 2, 2);
      Await.until("the cache before is closed", () -> LocalCaches.all().isEmpty());

      UUID scan = readShards(origin, SHARDS / 2, SHARDS, epochs);

      assertThat(LocalScans.epochs(scan).get(1L).hitRate()).isLessThan(0.8);
      assertThat(LocalScans.epochs(scan).get(epochs - 1L).hitRate()).isGreaterThan(0.95);
    }
  }

  /** Through memory for a few shards and a disk for fourteen. */
  private UUID readShards(FaultyOrigin origin, int from, int to, int epochs) throws Exception {
    Configuration options = new Configuration();
    options.set(MillraceOptions.PATH, origin.uri("/dataset"));
    options.set(MillraceOptions.SCAN_EPOCHS, String.valueOf(epochs));
    options.set(MillraceOptions.SCAN_SHUFFLE_WINDOW, 2);
    options.set(MillraceOptions.CACHE_MEMORY_SIZE, MemorySize.parse("2 mb"));
    options.set(MillraceOptions.CACHE_COMPRESSION, "none");
    options.setString(MillraceOptions.CACHE_DISK_DIR.key(), cache.toString());
    options.set(MillraceOptions.CACHE_DISK_SIZE, MemorySize.parse("4 mb"));
    options.setString(MillraceOptions.CACHE_DISK_MIN_FREE.key(), "0 %");
    Set<String> names =
        IntStream.range(from, to)
            .mapToObj(shard -> String.format(Locale.ROOT, "shard.%05d.mds", shard))
            .collect(Collectors.toSet());
    MillraceSource<Sample> source =
        FoundDataset.find(ScanSettings.from(options))
            .source(
                null,
                new ScanSelection(
                    new ShardNames(false, names), EpochRanges.ALL, ScanSelection.NO_LIMIT),
                TestingRecords.samples());
    String name = "shards from " + from;
    Ledger ledger = Ledger.at(directory.resolve(name));
    new SourceJob(2)
        .writing(ledger, source, line -> line)
        .executeAsync(name)
        .getJobExecutionResult()
        .get();
    return source.scanId();
  }

  @Test
  void endsRightOnADiskThatIsFull() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.file("full", directory, 1);
        FailingDisk disk = new FailingDisk()) {
      disk.fillsUpAfter(2 << 20);

      JobClient job = run("full", source(origin, EPOCHS), EPOCHS);

      // The cache's metrics are with one reader at a time; the one before shows 0.
      assertThat(values(job, ReaderMetrics.CACHE_DISK_STATE).max())
          .hasValue(DiskStatistics.DEGRADED);
    }
  }

  @Test
  void endsRightOnADiskThatBreaksInMidRun() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.file("broken", directory, 1);
        FailingDisk disk = new FailingDisk()) {
      Ledger ledger = Ledger.at(directory.resolve("broken"));
      JobClient job =
          new SourceJob(2)
              .writing(ledger, source(origin, EPOCHS), new Slowed("broken", 1))
              .executeAsync("broken");
      Slowed.Control control = Slowed.control("broken");
      Await.until(
          "something is on disk",
          () -> values(job, ReaderMetrics.CACHE_DISK_BYTES).anyMatch(bytes -> bytes > 1 << 20));

      disk.breaks();
      Await.until(
          "the metric tells",
          () ->
              values(job, ReaderMetrics.CACHE_DISK_STATE)
                  .anyMatch(state -> state == DiskStatistics.OFF));
      control.release();
      job.getJobExecutionResult().get();

      NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD, TEXT)
          .compare(ledger.entries())
          .check();
      assertThat(Files.isDirectory(cache)).isTrue();
    }
  }

  @Test
  void endsRightWhenTheDirectoryIsRemovedInMidRun() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.file("removed", directory, 1)) {
      Ledger ledger = Ledger.at(directory.resolve("removed"));
      JobClient job =
          new SourceJob(2)
              .writing(ledger, source(origin, EPOCHS), new Slowed("removed", 1))
              .executeAsync("removed");
      Slowed.Control control = Slowed.control("removed");
      Await.until(
          "something is on disk",
          () -> values(job, ReaderMetrics.CACHE_DISK_BYTES).anyMatch(bytes -> bytes > 1 << 20));

      Files.move(cache, directory.resolve("elsewhere"));
      control.release();
      job.getJobExecutionResult().get();

      NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD, TEXT)
          .compare(ledger.entries())
          .check();
    }
  }
}
