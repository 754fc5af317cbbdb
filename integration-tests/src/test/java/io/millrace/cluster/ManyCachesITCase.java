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
import java.util.ArrayList;
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
  private static final int SHARDS = 200 * CACHES;
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
    int sampleBytes = (Integer.getInteger("millrace.caches.megabytes") << 20) / SHARDS / SAMPLES;
    try (MdsWriter writer = new MdsWriter(dataset, Map.of("id", "int", "data", "bytes"))) {
      for (long id = 0; id < SHARDS * SAMPLES; id++) {
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
    jar =
        JobJar.builder(AssignmentJob.class)
            .library(Path.of(System.getProperty("millrace.sql.jar")))
            .build();
  }

  private static FlinkCluster start() {
    int heap = (int) (stored >> 20) / 2 + 128;
    return FlinkCluster.builder().taskManagers(CACHES).slots(1).taskHeap(heap).start();
  }

  /**
   * Runs a job.
   *
   * @param tier the directory and the bytes of a tier on disk, or nothing
   * @return what its readers got, in datasets: of hits, and from the origin
   */
  private static Read run(
      FlinkCluster cluster,
      int parallelism,
      int epochs,
      String assignment,
      String policy,
      Object... tier) {
    long retained = tier.length == 0 ? (long) (1.01 * stored / CACHES) : 0;
    List<String> args =
        new ArrayList<>(
            List.of(
                dataset.toUri().toString(),
                String.valueOf(epochs),
                assignment,
                policy,
                String.valueOf(retained + WORKING)));
    for (Object value : tier) {
      args.add(value.toString());
    }
    RunningJob job =
        cluster.job(jar).parallelism(parallelism).args(args.toArray(String[]::new)).submit();
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
          Read read = run(cluster, CACHES, EPOCHS, assignment, policy);
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

  @Test
  @Timeout(1200)
  void aFifthTakesAFifthOver(TestReporter reporter) throws Exception {
    // So much that what the others have in the same directory, before they start, is left there.
    Object[] tier = {directory.resolve("cache").toUri(), 64 * stored};
    try (FlinkCluster cluster = start()) {
      Read first = run(cluster, CACHES, 1, "sticky", "plan", tier);
      Read again = run(cluster, CACHES, 1, "sticky", "plan", tier);
      cluster.addTaskManager();
      Read five = run(cluster, CACHES + 1, 1, "sticky", "plan", tier);
      Read then = run(cluster, CACHES + 1, 1, "sticky", "plan", tier);
      reporter.publishEntry(
          Map.of(
              "1. four new caches", first.toString(),
              "2. the same four", again.toString(),
              "3. a fifth", five.toString(),
              "4. the same five", then.toString()));

      assertThat(first.origin).isBetween(1.0, 1.05);
      assertThat(again.origin).as("a restart moves nothing").isLessThan(0.05);
      assertThat(five.origin)
          .as("what the fifth is the home of, and little more")
          .isBetween(0.15, 0.3);
      assertThat(then.origin).isLessThan(0.05);
    }
  }
}
