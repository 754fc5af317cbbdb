// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.harness.fault.Fault;
import io.millrace.harness.fault.FaultRule;
import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.fault.RequestPattern;
import io.millrace.harness.hdfs.HdfsClusterExtension;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.meter.OriginOperation;
import io.millrace.sample.Sample;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that read files and an HDFS that fail now and then. */
@Tag("it")
@Tag("hdfs")
class FaultyFilesSourceITCase {

  private static final int SHARDS = 12;
  private static final int SAMPLES_PER_SHARD = 50;
  private static final int EPOCHS = 6;
  private static final long SEED = 5;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @RegisterExtension static final HdfsClusterExtension HDFS = new HdfsClusterExtension();

  @TempDir private Path directory;

  @Test
  void everySampleComesOnceFromFilesThatFailNowAndThen() throws Exception {
    NumberedDataset.write(directory.resolve("dataset"), SHARDS, SAMPLES_PER_SHARD);
    try (FaultyOrigin origin = FaultyOrigin.file("files", directory, SEED)) {
      readsAllThroughFaults(origin);
    }
  }

  @Test
  void everySampleComesOnceFromAnHdfsThatFailsNowAndThen() throws Exception {
    NumberedDataset.write(directory.resolve("dataset"), SHARDS, SAMPLES_PER_SHARD);
    HDFS.cluster().put(directory.resolve("dataset"), "/dataset");
    try (FaultyOrigin origin = FaultyOrigin.hdfs(URI.create(HDFS.cluster().uri("/")), SEED)) {
      readsAllThroughFaults(origin);
    }
  }

  private void readsAllThroughFaults(FaultyOrigin origin) throws Exception {
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(origin.uri("/dataset"))
            .scanEpochs(EPOCHS)
            .scanShuffle(true)
            .scanShuffleWindow(4)
            .cachePolicy("none")
            .cacheMemorySize(MemorySize.ofMebiBytes(8))
            .build();
    RequestPattern any = RequestPattern.any();
    RequestPattern reads = RequestPattern.operation(OriginOperation.GET).at("\\.mds$");
    FaultRule errors = FaultRule.on(any).withProbability(0.1).fault(Fault.status(500));
    FaultRule refusals = FaultRule.on(any).withProbability(0.05).fault(Fault.refuse());
    FaultRule cuts = FaultRule.on(reads).withProbability(0.1).fault(Fault.cut(100));
    FaultRule corrupt = FaultRule.on(reads).limit(1).fault(Fault.corrupt(2));
    FaultRule delays = FaultRule.on(any).fault(Fault.delay(Duration.ofMillis(1)));
    origin.faults().add(errors, refusals, cuts, corrupt, delays);
    origin.meter().reset();
    Ledger ledger = Ledger.at(directory.resolve("ledger"));

    new SourceJob(2).writing(ledger, source, line -> line).execute();

    NumberedDataset.expected(EPOCHS, SHARDS, SAMPLES_PER_SHARD).compare(ledger.entries()).check();
    for (FaultRule rule : List.of(errors, refusals, cuts, corrupt)) {
      assertThat(origin.faults().hits(rule)).as("%s, seed %d", rule.fault(), SEED).isPositive();
    }
    // Epochs that overlap share what is being fetched.
    assertThat(origin.meter().snapshot().of(OriginOperation.GET).total().bytesRead())
        .isGreaterThanOrEqualTo(source.dataset().storedBytes());
  }
}
