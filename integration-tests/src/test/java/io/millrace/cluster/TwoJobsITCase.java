// SPDX-License-Identifier: Apache-2.0
package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.fault.FaultyOrigin;
import io.millrace.harness.flink.JobJar;
import io.millrace.harness.ledger.Expected;
import io.millrace.harness.ledger.Ledger;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.harness.ledger.LedgerLine;
import io.millrace.harness.ledger.SampleHash;
import io.millrace.harness.ledger.SamplePlace;
import io.millrace.harness.meter.OriginOperation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two jobs at once in one TaskManager read the same dataset; in memory only. */
@Tag("it")
class TwoJobsITCase {

  private static final Path DATASET = Path.of("../examples/src/main/data/fashion-mnist-2k");
  private static final int EPOCHS = 3;

  @TempDir private Path directory;

  private FaultyOrigin origin;

  @BeforeEach
  void open() {
    origin = FaultyOrigin.file("two-jobs", DATASET, 1);
    Rendezvous.reset();
  }

  @AfterEach
  void close() {
    origin.close();
  }

  /** The connector comes from the cluster's class path, as it does from {@code lib/}. */
  @Test
  void shareACacheIfTheConnectorIsTheClusters() throws Exception {
    runBoth(jar().build());

    assertThat(Rendezvous.connectors()).isEqualTo(1);
    assertThat(shardBytesFromOrigin()).isEqualTo(shardBytes());
  }

  /** Each has static fields of its own, and so a cache of its own. */
  @Test
  void haveACacheEachIfTheyBringTheConnector() throws Exception {
    runBoth(jar().library(Path.of(System.getProperty("millrace.sql.jar"))).build());

    assertThat(Rendezvous.connectors()).isEqualTo(2);
    assertThat(shardBytesFromOrigin()).isEqualTo(2 * shardBytes());
  }

  private static JobJar.Builder jar() {
    return JobJar.builder(PairedJob.class)
        .classes(Ledger.class, LedgerEntry.class, LedgerLine.class)
        .classes(SampleHash.class, SamplePlace.class);
  }

  private void runBoth(JobJar jar) throws Exception {
    Path file = directory.resolve("job.jar");
    jar.writeTo(file);
    List<Ledger> ledgers = new ArrayList<>();
    MiniClusterConfiguration settings =
        new MiniClusterConfiguration.Builder()
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(4)
            .build();
    try (MiniCluster cluster = new MiniCluster(settings)) {
      cluster.start();
      List<JobID> jobs = new ArrayList<>();
      for (String name : List.of("left", "right")) {
        Ledger ledger = Ledger.at(directory.resolve(name));
        ledgers.add(ledger);
        jobs.add(submit(cluster, file, ledger, name));
      }
      for (JobID job : jobs) {
        cluster.requestJobResult(job).get();
        assertThat(cluster.getJobStatus(job).get()).isEqualTo(JobStatus.FINISHED);
      }
    }
    Expected expected = Expected.reading(DATASET, EPOCHS);
    for (Ledger ledger : ledgers) {
      expected.compare(ledger.entries()).check();
    }
  }

  /** Its libraries are there only as long as the program is open. */
  private JobID submit(MiniCluster cluster, Path jar, Ledger ledger, String name) throws Exception {
    Configuration configuration = new Configuration();
    try (PackagedProgram program =
        PackagedProgram.newBuilder()
            .setJarFile(jar.toFile())
            .setEntryPointClassName(PairedJob.class.getName())
            .setConfiguration(configuration)
            .setArguments(origin.uri(""), ledger.uri(), String.valueOf(EPOCHS), name)
            .build()) {
      JobGraph job =
          PackagedProgramUtils.createJobGraph(
              program, configuration, 2, /* suppressOutput= */ false);
      return cluster.submitJob(job).get().getJobID();
    }
  }

  private long shardBytesFromOrigin() {
    return origin
        .meter()
        .snapshot()
        .of(OriginOperation.GET)
        .where(key -> key.object().contains(".mds"))
        .total()
        .bytesRead();
  }

  private static long shardBytes() throws Exception {
    long bytes = 0;
    try (Stream<Path> files = Files.list(DATASET)) {
      for (Path file : files.filter(f -> f.toString().contains(".mds")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
