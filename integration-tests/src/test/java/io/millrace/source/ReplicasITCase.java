// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.Datasets;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.harness.hdfs.HdfsCluster;
import io.millrace.harness.ledger.Ledger;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose first replica goes away and comes back. */
@Tag("it")
class ReplicasITCase {

  private static final int EPOCHS = 8;

  /** More than streams are kept open for, so that each epoch has to open objects. */
  private static final int SHARDS = 120;

  private static final int SAMPLES_PER_SHARD = 5;

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir Path directory;

  private Path first;
  private Path second;

  @BeforeEach
  void writeReplicas() throws IOException {
    first = directory.resolve("first");
    second = directory.resolve("second");
    NumberedDataset.write(first, SHARDS, SAMPLES_PER_SHARD);
    NumberedDataset.write(second, SHARDS, SAMPLES_PER_SHARD);
  }

  /** Reads everything from its origin in each epoch. */
  private static MillraceSourceBuilder source(int epochs) {
    return MillraceSource.builder()
        .scanEpochs(epochs)
        .scanShuffle(true)
        .scanShuffleWindow(4)
        .cachePolicy("none")
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .prefetchMaxRequests(8);
  }

  private Ledger ledger() {
    return Ledger.at(directory.resolve("ledger"));
  }

  /** What a test does to the first replica. */
  private interface Change {
    void make() throws IOException;
  }

  private void losesAndRegainsTheFirst(
      String test, MillraceSource<Sample> source, int millisPerLine, Change lose, Change regain)
      throws Exception {
    Ledger ledger = ledger();
    JobClient job =
        new SourceJob(2)
            .writing(ledger, source, new Slowed(test, millisPerLine))
            .executeAsync(test);
    OriginMetrics origin = new OriginMetrics(METRICS, job.getJobID());
    Slowed.Control control = Slowed.control(test);
    Await.until("the job is under way", () -> control.lines() >= 100);
    origin.awaitNoFallbacks();
    assertThat(origin.fallbacks()).isZero();

    lose.make();
    origin.awaitFallbacks();
    regain.make();
    origin.awaitNoFallbacks();

    assertThat(control.lines()).as("in mid-job").isLessThan(EPOCHS * SHARDS * SAMPLES_PER_SHARD);
    control.release();
    job.getJobExecutionResult().get();
    NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD).compare(ledger.entries()).check();
  }

  @Test
  void losesNoSampleWhenADirectoryIsGoneForAWhile() throws Exception {
    MillraceSource<Sample> source =
        source(EPOCHS).path(SourceJob.uri(first) + ";" + SourceJob.uri(second)).build();
    Path gone = directory.resolve("gone");

    losesAndRegainsTheFirst(
        "directory", source, 10, () -> Files.move(first, gone), () -> Files.move(gone, first));
  }

  @Test
  void findsAndReadsADatasetWhoseFirstRootIsGone() throws Exception {
    Ledger ledger = ledger();
    MillraceSource<Sample> source =
        source(2)
            .dataset(
                Datasets.replicated(
                    SourceJob.uri(directory.resolve("never")), SourceJob.uri(second)))
            .build();

    JobClient job = new SourceJob(2).writing(ledger, source, line -> line).executeAsync("never");
    job.getJobExecutionResult().get();

    NumberedDataset.expected(2, SHARDS, SAMPLES_PER_SHARD).compare(ledger.entries()).check();
    assertThat(new OriginMetrics(METRICS, job.getJobID()).fallbacks())
        .as("each shard is opened and read twice at least")
        .isGreaterThanOrEqualTo(2 * SHARDS);
  }

  @Test
  @Tag("hdfs")
  @Tag("slow")
  void losesNoSampleWhenAClusterIsDownForAWhile() throws Exception {
    try (HdfsCluster cluster = HdfsCluster.start()) {
      String path = cluster.put(first, "/dataset") + ";" + SourceJob.uri(second);
      MillraceSource<Sample> source =
          source(EPOCHS).path(path).storageRequestTimeout(TIMEOUT).build();

      losesAndRegainsTheFirst("cluster", source, 30, cluster::stopNameNode, cluster::startNameNode);

      cluster.stopNameNode();
      assertThat(source(EPOCHS).path(path).storageRequestTimeout(TIMEOUT).build().dataset())
          .as("discovery with the first replica down")
          .isEqualTo(source.dataset());
    }
  }
}
