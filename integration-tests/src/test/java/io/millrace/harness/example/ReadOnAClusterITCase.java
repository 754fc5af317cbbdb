// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.example;

import io.millrace.harness.flink.FlinkCluster;
import io.millrace.harness.flink.FlinkClusterExtension;
import io.millrace.harness.flink.JobJar;
import io.millrace.harness.flink.RunningJob;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.ledger.LedgerLine;
import io.millrace.harness.ledger.SampleHash;
import io.millrace.harness.ledger.SamplePlace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job as a user submits it, on a JobManager and a TaskManager that are processes. */
@Tag("it")
@Tag("cluster")
class ReadOnAClusterITCase {

  private static final Path DATASET =
      Path.of("../examples/src/main/data/fashion-mnist-2k").toAbsolutePath().normalize();

  // docs/harness.md: cluster
  @RegisterExtension
  static final FlinkClusterExtension FLINK =
      new FlinkClusterExtension(() -> FlinkCluster.builder().taskManagers(1).slots(2));

  @Test
  void readsEverySampleOnceAnEpoch(FlinkCluster cluster, @TempDir Path directory) throws Exception {
    JobJar jar =
        JobJar.builder(CountImages.class)
            .classes(Ledger.class, LedgerEntry.class, LedgerLine.class)
            .classes(SampleHash.class, SamplePlace.class)
            .library(Path.of(System.getProperty("millrace.sql.jar")))
            .build();
    Ledger ledger = Ledger.at(directory);

    RunningJob job = cluster.submit(jar, DATASET.toUri().toString(), ledger.uri());
    job.awaitFinished(Duration.ofMinutes(1));

    Expected.reading(DATASET, 2).compare(ledger.entries()).check();
  }
  // end
}
