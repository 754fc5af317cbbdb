// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.MillraceSource;
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

/** The very small job that CI runs against the oldest Flink of each line. */
@Tag("it")
@Tag("smoke")
class SmokeITCase {

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @Test
  void readsATinyDatasetTwice(@TempDir Path directory) throws Exception {
    NumberedDataset.write(directory.resolve("dataset"), 5, 10);
    MillraceSource<Sample> source =
        MillraceSource.builder()
            .path(SourceJob.uri(directory.resolve("dataset")))
            .scanEpochs(2)
            .scanShuffle(true)
            .cacheMemorySize(MemorySize.ofMebiBytes(4))
            .build();
    assertThat(source.dataset().samples()).isEqualTo(50);
    Ledger ledger = Ledger.at(directory.resolve("ledger"));

    new SourceJob(2).writing(ledger, source, line -> line).execute();

    assertThat(ledger.entries()).hasSize(100);
    NumberedDataset.expected(2, 5, 10).compare(ledger.entries()).check();
  }
}
