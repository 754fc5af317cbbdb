// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster that outlives its JobManager. */
@Tag("it")
@Tag("cluster")
final class JobManagerFailoverITCase {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension
  final FlinkClusterExtension flink =
      new FlinkClusterExtension(
          () -> FlinkCluster.builder().taskManagers(2).slots(1).highAvailability());

  @Test
  void goesOnWithAJobWhenTheJobManagerWasKilled() {
    FlinkCluster cluster = flink.cluster();
    Stopwatch.print("start of ZooKeeper, JobManager and 2 TaskManagers", cluster.startDuration());
    RunningJob job =
        cluster
            .job(CountingJobs.jar())
            .args(CountingJobs.arguments(8, 1000))
            .parallelism(2)
            .submit();
    job.awaitCheckpoints(2, LIMIT);
    long killed = cluster.jobManagerPid();

    Stopwatch recovery = new Stopwatch("recovery from kill -9 of the JobManager");
    cluster.killJobManager();
    assertThatThrownBy(job::status).isInstanceOf(FlinkRestException.class);
    cluster.startJobManager();
    job.awaitRunning(LIMIT);
    recovery.print();

    assertThat(ProcessHandle.of(killed)).isEmpty();
    assertThat(job.checkpoints().restored()).isEqualTo(1);
    assertThat(cluster.taskManagers()).allMatch(TaskManager::isAlive);
    job.awaitFinished(LIMIT);
    assertThat(job.accumulators()).containsEntry(CountingJob.SAMPLES, "16000");
  }
}
