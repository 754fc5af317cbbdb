// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.MillraceSourceBuilder;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultProxyExtension;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.Faults;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.harness.s3.S3EndpointExtension;
import io.millrace.harness.s3.S3PluginExtension;
import io.millrace.sample.Sample;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that read from S3 through Flink's client while the store misbehaves. */
@Tag("it")
@Tag("s3")
class S3SourceITCase {

  private static final String BUCKET = "datasets";
  private static final Path FASHION = Path.of("../examples/src/main/data/fashion-mnist-2k");
  private static final int EPOCHS = 25;

  /**
   * One with which every fault comes early, and none of the shards is corrupt in two reads that
   * follow each other, which would end the job as it should. Others: {@code
   * -Dmillrace.fault.seed=}.
   */
  private static final long SEED = Long.getLong("millrace.fault.seed", 87);

  /** Of which a slow request takes twenty times as much. */
  private static final Duration LATENCY = Duration.ofMillis(3);

  /** How soon what cannot pass must end a job. */
  private static final Duration PERMANENT = Duration.ofSeconds(30);

  private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

  @RegisterExtension
  @Order(1)
  static final S3EndpointExtension S3 = new S3EndpointExtension(BUCKET);

  @RegisterExtension
  @Order(2)
  static final FaultProxyExtension PROXY =
      new FaultProxyExtension(() -> S3.endpoint().proxy().seed(SEED));

  @RegisterExtension
  @Order(3)
  static final S3PluginExtension PLUGIN =
      new S3PluginExtension(() -> S3.endpoint().behind(PROXY.proxy()));

  @RegisterExtension
  @Order(4)
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(METRICS.addToConfiguration(new Configuration()))
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @TempDir private Path directory;

  private Faults faults;

  @BeforeEach
  void setUp() {
    faults = PROXY.proxy().faults();
  }

  /** Reads everything from its origin in each epoch. */
  private static MillraceSourceBuilder source(int epochs, String path) {
    return MillraceSource.builder()
        .path(path)
        .scanEpochs(epochs)
        .scanShuffle(true)
        .scanShuffleWindow(4)
        .cachePolicy("none")
        .cacheMemorySize(MemorySize.ofMebiBytes(16));
  }

  private static String upload(String prefix) {
    S3.endpoint().put(FASHION, BUCKET, prefix);
    return S3.endpoint().uri(BUCKET, prefix);
  }

  /** A rule for a share of requests, without a limit. */
  private static FaultRule share(RequestPattern pattern, double share, Fault fault) {
    return FaultRule.on(pattern).withProbability(share).fault(fault);
  }

  @Test
  void everySampleComesOnceFromAStoreThatFailsNowAndThen() throws Exception {
    // A hedged request whose second attempt succeeds hides a failure from the count below.
    MillraceSource<Sample> source = source(EPOCHS, upload("flaky")).storageHedging(false).build();
    RequestPattern any = RequestPattern.any();
    RequestPattern shards = any.at("\\.mds");
    RequestPattern reads = RequestPattern.operation(OriginOperation.GET).at("\\.mds");
    FaultRule errors = share(shards, 0.05, Fault.status(500));
    FaultRule throttles = share(shards, 0.01, Fault.slowDown(Duration.ofSeconds(1)));
    FaultRule cuts = share(reads, 0.02, Fault.cut(20_000));
    FaultRule corrupts = share(reads, 0.01, Fault.corrupt(3));
    FaultRule slow = share(any, 0.01, Fault.slower(20));
    faults.add(FaultRule.on(any).fault(Fault.delay(LATENCY)));
    faults.add(errors, throttles, cuts, corrupts, slow);
    // Discovery has retries of its own.
    faults.add(share(any.at("^(?!.*\\.mds)"), 0.05, Fault.status(500)));
    Ledger ledger = Ledger.at(directory.resolve("ledger"));

    JobClient client = new SourceJob(2).writing(ledger, source, line -> line).executeAsync("flaky");
    client.getJobExecutionResult().get();

    Expected.reading(FASHION, EPOCHS).compare(ledger.entries()).check();
    for (FaultRule rule : List.of(errors, throttles, cuts, corrupts, slow)) {
      assertThat(faults.hits(rule)).as("%s, seed %d", rule.fault(), SEED).isPositive();
    }
    OriginMetrics metrics = new OriginMetrics(METRICS, client.getJobID());
    assertThat(metrics.retries())
        .as("originRetries: each failure is tried again")
        .isGreaterThanOrEqualTo(faults.hits(errors) + faults.hits(throttles) + faults.hits(cuts));
    assertThat(metrics.throttled()).as("originThrottled").isEqualTo(faults.hits(throttles));
  }

  @Test
  void aRefusedShardEndsTheJobAtOnce() throws Exception {
    MillraceSource<Sample> source = source(1, upload("refused")).build();
    faults.add(FaultRule.on(RequestPattern.any().at("shard\\.00003")).fault(Fault.status(403)));

    Throwable failure = failureOf(source);

    assertThat(failure)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("s3://datasets/refused/shard.00003.mds.zstd: Cannot ");
  }

  @Test
  void aMissingShardEndsTheJobAtOnce() throws Exception {
    MillraceSource<Sample> source = source(1, upload("missing")).build();
    S3.endpoint().delete(BUCKET, "missing/shard.00005.mds.zstd");

    Throwable failure = failureOf(source);

    assertThat(failure)
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("s3://datasets/missing/shard.00005.mds.zstd");
  }

  @Test
  void aShardThatIsListedButNotThereEndsTheJobAtOnce() throws Exception {
    MillraceSource<Sample> source = source(1, upload("vanished")).build();
    faults.add(
        FaultRule.on(
                RequestPattern.operation(OriginOperation.GET, OriginOperation.HEAD)
                    .at("shard\\.00005"))
            .fault(Fault.status(404)));

    assertThat(failureOf(source))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("s3://datasets/vanished/shard.00005.mds.zstd: ");
  }

  /** The error in the store that a job ends with, in time. */
  private Throwable failureOf(MillraceSource<Sample> source) throws Exception {
    Ledger ledger = Ledger.at(directory.resolve("ledger"));
    long begin = System.nanoTime();
    Throwable ended =
        catchThrowable(() -> new SourceJob(2).writing(ledger, source, line -> line).execute());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PERMANENT);
    assertThat(ended).isNotNull();
    Throwable failure = LocalScans.failure(source.scanId()).orElse(ended);
    while (failure.getCause() != null && !isOfAStore(failure)) {
      failure = failure.getCause();
    }
    return failure;
  }

  private static boolean isOfAStore(Throwable failure) {
    return failure instanceof AccessDeniedException || failure instanceof FileNotFoundException;
  }

  @Test
  void aRefusedOrMissingDatasetIsAnErrorAtPlanning() {
    String path = upload("planning");
    faults.add(FaultRule.on(RequestPattern.any().at("planning")).fault(Fault.status(403)));
    long begin = System.nanoTime();

    Throwable refused = catchThrowable(() -> source(1, path).build().dataset());
    Throwable missing =
        catchThrowable(() -> source(1, path.replace("planning", "none")).build().dataset());

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PERMANENT);
    assertThat(refused)
        .hasStackTraceContaining("AccessDeniedException")
        .hasStackTraceContaining(path);
    assertThat(missing).hasMessageContaining("s3://datasets/none");
  }
}
