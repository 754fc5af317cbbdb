// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterExtension;
import io.millrace.harness.flink.JobJar;
import io.millrace.harness.flink.RunningJob;
import io.millrace.harness.flink.TaskManager;
import io.millrace.harness.hdfs.HdfsClusterExtension;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.ledger.LedgerLine;
import io.millrace.harness.ledger.SampleHash;
import io.millrace.harness.ledger.SamplePlace;
import io.millrace.harness.s3.S3EndpointExtension;
import io.millrace.storage.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dataset of the quickstart, read from a store by a real cluster, one TaskManager of which is
 * killed in mid-job: every sample is there once an epoch.
 *
 * <p>Each run has a seed, which stands in its name and decides on the order, on who is killed and
 * when. {@code -Dmillrace.harness.runs=10} makes ten runs a store, {@code -Dmillrace.harness.seed=}
 * has them begin at another seed than 1.
 */
@Tag("it")
@Tag("cluster")
@Tag("s3")
@Tag("hdfs")
@Tag("slow")
class KilledTaskManagerITCase {

  private static final Path DATASET = Path.of("../examples/src/main/data/fashion-mnist-2k");
  private static final String BUCKET = "datasets";
  private static final String NAME = "fashion";
  private static final int EPOCHS = 5;
  private static final int PARALLELISM = 4;

  /** So that an epoch takes about a second. */
  private static final int PAUSE_MICROS = 2000;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @RegisterExtension
  @Order(1)
  static final S3EndpointExtension S3 = new S3EndpointExtension(BUCKET);

  @RegisterExtension
  @Order(2)
  static final HdfsClusterExtension HDFS = new HdfsClusterExtension();

  @RegisterExtension
  @Order(3)
  static final FlinkClusterExtension FLINK =
      new FlinkClusterExtension(
          () -> FlinkCluster.builder().taskManagers(2).slots(2).s3(S3.endpoint().direct()));

  private static JobJar jar;
  private static Expected expected;

  @TempDir private Path directory;

  @BeforeAll
  static void putDataset() throws IOException {
    S3.endpoint().put(DATASET, BUCKET, NAME);
    HDFS.cluster().put(DATASET, "/" + NAME);
    expected = Expected.reading(DATASET, EPOCHS);
    jar =
        JobJar.builder(LedgerJob.class)
            .classes(Ledger.class, LedgerEntry.class, LedgerLine.class)
            .classes(SampleHash.class, SamplePlace.class)
            .library(Path.of(System.getProperty("millrace.sql.jar")))
            .build();
  }

  static LongStream seeds() {
    long first = Long.getLong("millrace.harness.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("millrace.harness.runs", 1));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void losesNoSampleOfS3(long seed) throws Exception {
    readThroughAKill(S3.endpoint().uri(BUCKET, NAME), seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void losesNoSampleOfHdfs(long seed) throws Exception {
    readThroughAKill(HDFS.cluster().uri("/" + NAME), seed);
  }

  private void readThroughAKill(String path, long seed) throws Exception {
    Random random = new Random(seed);
    Ledger ledger = Ledger.at(directory.resolve("ledger"));
    FlinkCluster cluster = FLINK.cluster();
    RunningJob job =
        cluster
            .job(jar)
            .parallelism(PARALLELISM)
            .args(path, ledger.uri(), text(EPOCHS), text(seed), text(PAUSE_MICROS))
            .submit();
    job.awaitRunning(LIMIT);
    job.awaitCheckpoints(1 + random.nextInt(4), LIMIT);
    TaskManager victim = cluster.taskManagers().get(random.nextInt(2));

    victim.kill();

    assertThat(epochOf(job)).as("splits are unfinished").isLessThan(EPOCHS - 1);
    victim.restart();
    job.awaitFinished(LIMIT);
    Await.until("the restart is told of", () -> job.restarts() > 0);
    expected.compare(ledger.entries()).check();
  }

  /** The furthest epoch that a reader has come to. */
  private static double epochOf(RunningJob job) {
    return job.metric(LedgerJob.SOURCE, "millrace." + ReaderMetrics.CURRENT_EPOCH)
        .orElseThrow()
        .max();
  }

  private static String text(long value) {
    return String.valueOf(value);
  }
}
