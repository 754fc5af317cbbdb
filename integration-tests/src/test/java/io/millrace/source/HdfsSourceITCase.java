// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.reader.LocalScans;
import io.millrace.harness.hdfs.HdfsClusterExtension;
import io.millrace.harness.ledger.Ledger;
import io.millrace.sample.Sample;
import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job that reads from a real HDFS. */
@Tag("it")
@Tag("hdfs")
class HdfsSourceITCase {

  private static final int SHARDS = 12;
  private static final int SAMPLES_PER_SHARD = 50;

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @RegisterExtension static final HdfsClusterExtension HDFS = new HdfsClusterExtension();

  @Test
  void readsEverySampleOnceAnEpochThroughAFailure(@TempDir Path local) throws Exception {
    NumberedDataset.write(local.resolve("dataset"), SHARDS, SAMPLES_PER_SHARD);
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(HDFS.cluster().put(local.resolve("dataset"), "/dataset"))
            .scanEpochs(2)
            .scanShuffle(true)
            .scanShuffleWindow(4)
            .cacheMemorySize(MemorySize.ofMebiBytes(8))
            .build();
    Ledger ledger = Ledger.at(local.resolve("ledger"));
    new SourceJob(2).restarts(3).writing(ledger, source, new FailOnce("hdfs", 1, 10)).execute();

    assertThat(FailOnce.failures("hdfs")).isGreaterThanOrEqualTo(1);
    NumberedDataset.expected(2, SHARDS, SAMPLES_PER_SHARD).compare(ledger.entries()).check();
    // The cache outlived the failure, and everything fits into it.
    assertThat(
            LocalScans.epochs(source.scanId()).values().stream()
                .mapToLong(epoch -> epoch.originBytes())
                .sum())
        .isEqualTo(source.dataset().storedBytes());
  }
}
