// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.mds.MdsWriter;
import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.JobJar;
import io.millrace.harness.flink.RunningJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What caches of several TaskManagers, with one reader each, are worth together. Takes minutes:
 * only with {@code -Dmillrace.caches.megabytes=256}, the dataset's size.
 */
@Tag("it")
@Tag("cluster")
@Tag("slow")
@EnabledIfSystemProperty(named = "millrace.caches.megabytes", matches = "\\d+")
class ManyCachesITCase {

  private static final int CACHES = 4;
  private static final int MEGABYTES = Integer.getInteger("millrace.caches.megabytes", 256);

  /** Many for each cache, and none larger than what the job may fetch ahead. */
  private static final int SHARDS = Math.max(200 * CACHES, 3 * MEGABYTES);

  private static final int SAMPLES = 10;
  private static final int EPOCHS = 5;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** What readers work with at most: two units mixed, some ahead, batches. */
  private static final long WORKING = 16 << 20;

  @TempDir private static Path directory;

  private static Path dataset;
  private static long stored;
  private static JobJar jar;

  @BeforeAll
  static void writeDataset() throws IOException {
    dataset = directory.resolve("dataset");
    int sampleBytes = (int) (((long) MEGABYTES << 20) / SHARDS / SAMPLES);
    try (MdsWriter writer = new MdsWriter(dataset, Map.of("id", "int", "data", "bytes"))) {
      for (long id = 0; id < (long) SHARDS * SAMPLES; id++) {
        writer.write(Map.of("id", id, "data", new byte[sampleBytes]));
        if (id % SAMPLES == SAMPLES - 1) {
          writer.endShard();
        }
      }
    }
    try (Stream<Path> files = Files.list(dataset)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".mds")).toList()) {
        stored += Files.size(file);
      }
    }
    jar = JobJar.builder(AssignmentJob.class).build();
  }

  private static FlinkCluster start() {
    int heap = (int) (stored >> 20) / 2 + 128;
    return FlinkCluster.builder()
        .taskManagers(CACHES)
        .slots(1)
        .library(Path.of(System.getProperty("millrace.sql.jar")))
        .taskHeap(heap)
        .start();
  }

  /** Tells what the readers of a job got, in datasets: of hits, and from the origin. */
  private static Read run(FlinkCluster cluster, String assignment, String policy) {
    String[] args = {
      dataset.toUri().toString(),
      String.valueOf(EPOCHS),
      assignment,
      policy,
      String.valueOf((long) (1.01 * stored / CACHES) + WORKING)
    };
    RunningJob job = cluster.job(jar).parallelism(CACHES).args(args).submit();
    job.awaitFinished(LIMIT);
    Map<String, String> counted = job.accumulators();
    return new Read(
        Double.parseDouble(counted.get("millrace.cacheHitBytes")) / stored,
        Double.parseDouble(counted.get("millrace.originBytes")) / stored);
  }

  private record Read(double hits, double origin) {

    /** Of the epochs that can have hits. */
    double hitRate() {
      return hits / (EPOCHS - 1);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "hit rate %.3f, %.3f datasets from the origin", hitRate(), origin);
    }
  }

  @Test
  @Timeout(1200)
  void fourThatHoldAQuarterEachHoldAll(TestReporter reporter) throws Exception {
    try (FlinkCluster cluster = start()) {
      Map<String, Read> results = new TreeMap<>();
      for (String assignment : List.of("sticky", "first-come")) {
        for (String policy : List.of("plan", "lru")) {
          Read read = run(cluster, assignment, policy);
          results.put(assignment + ", " + policy, read);
          reporter.publishEntry(assignment + ", " + policy, read.toString());
        }
      }
      assertThat(results.get("sticky, plan").hitRate()).isGreaterThanOrEqualTo(0.95);
      // A quarter, and what readers work with, which is more of a smaller dataset.
      assertThat(results.get("first-come, plan").hitRate()).isBetween(0.2, 0.5);
      assertThat(results.get("first-come, lru").hitRate()).isLessThan(0.5);
    }
  }
}
