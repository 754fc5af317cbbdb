// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceAccumulators;
import io.millrace.format.mds.MdsWriter;
import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterExtension;
import io.millrace.harness.flink.JobJar;
import io.millrace.harness.flink.RunningJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster of several processes tells of a job that has ended. */
@Tag("it")
@Tag("cluster")
class AccumulatorsOverRestITCase {

  private static final int SHARDS = 24;
  private static final int EPOCHS = 3;

  @RegisterExtension
  static final FlinkClusterExtension FLINK =
      new FlinkClusterExtension(() -> FlinkCluster.builder().taskManagers(2).slots(2));

  @TempDir private Path directory;

  /** Writes shards of one unit each, so that no byte is touched for two units. */
  private long writeDataset(int shards, int sampleBytes) throws IOException {
    try (MdsWriter writer = new MdsWriter(directory, Map.of("id", "int", "data", "bytes"))) {
      for (long id = 0; id < shards * 10L; id++) {
        writer.write(Map.of("id", id, "data", new byte[sampleBytes]));
        if (id % 10 == 9) {
          writer.endShard();
        }
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      long bytes = 0;
      for (Path file : files.filter(f -> f.toString().endsWith(".mds")).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  @Test
  void addUpOverProcesses() throws Exception {
    long stored = writeDataset(SHARDS, 5_000);
    JobJar jar =
        JobJar.builder(AccumulatorsJob.class)
            .library(Path.of(System.getProperty("millrace.sql.jar")))
            .build();
    RunningJob job =
        FLINK
            .cluster()
            .job(jar)
            .parallelism(4)
            .args(directory.toUri().toString(), String.valueOf(EPOCHS))
            .submit();
    job.awaitFinished(Duration.ofMinutes(1));

    Map<String, String> accumulators = job.accumulators();
    assertThat(accumulators).containsOnlyKeys(MillraceAccumulators.names());
    long hits = number(accumulators, "cacheHitBytes");
    long fetched =
        number(accumulators, "prefetchHitBytes")
            + number(accumulators, "latePrefetchBytes")
            + number(accumulators, "cacheMissBytes");
    assertThat(hits + fetched).isEqualTo(EPOCHS * stored);
    assertThat(number(accumulators, "originBytes")).isEqualTo(fetched);
    assertThat(fetched)
        .as("once, but for what a cache fetches for the other at an epoch's end")
        .isBetween(stored, 2 * stored);
    assertThat(
            number(accumulators, "cacheHits")
                + number(accumulators, "prefetchHits")
                + number(accumulators, "latePrefetches")
                + number(accumulators, "cacheMisses"))
        .as("extents: of each shard one, and at most one for its offsets")
        .isBetween((long) EPOCHS * SHARDS, 2L * EPOCHS * SHARDS);
  }

  /** Two caches, each of which could hold three quarters of the dataset, with two readers each. */
  @Test
  void cachesAddUpIfShardsStayAtTheirs(TestReporter reporter) throws Exception {
    long stored = writeDataset(96, 12_500);
    JobJar jar =
        JobJar.builder(AssignmentJob.class)
            .library(Path.of(System.getProperty("millrace.sql.jar")))
            .build();

    double sticky = timesReadAtOrigin(jar, "sticky", stored);
    double firstCome = timesReadAtOrigin(jar, "first-come", stored);

    reporter.publishEntry(
        "times read at the origin", "sticky " + sticky + ", first-come " + firstCome);
    assertThat(sticky).as("of four epochs").isBetween(1.0, 1.25);
    assertThat(firstCome).as("of four epochs").isGreaterThan(1.8);
  }

  private double timesReadAtOrigin(JobJar jar, String assignment, long stored) throws Exception {
    RunningJob job =
        FLINK
            .cluster()
            .job(jar)
            .parallelism(4)
            .args(
                directory.toUri().toString(),
                "4",
                assignment,
                "plan",
                String.valueOf(stored * 3 / 4))
            .submit();
    job.awaitFinished(Duration.ofMinutes(1));
    return (double) number(job.accumulators(), "originBytes") / stored;
  }

  private static long number(Map<String, String> accumulators, String metric) {
    return Long.parseLong(accumulators.get("millrace." + metric));
  }
}
