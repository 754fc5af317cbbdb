// SPDX-License-Identifier: Apache-2.0
package io.millrace.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.mds.MdsWriter;
import io.millrace.harness.leak.LeakCheck;
import io.millrace.harness.leak.LeakReport;
import io.millrace.leak.UserJob.End;
import io.millrace.storage.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs from a user jar, one after the other in a cluster that goes on: none leaves anything. {@code
 * -Dmillrace.leak.cycles} sets how many.
 */
@Tag("it")
@Tag("slow")
class UserJarLeakITCase {

  private static final int CYCLES = Integer.getInteger("millrace.leak.cycles", 50);
  private static final List<End> ENDS = List.of(End.FINISHED, End.FAILED, End.CANCELED);
  private static final int SHARDS = 8;
  private static final int SAMPLES_PER_SHARD = 50;

  @TempDir Path directory;

  private Path jar;
  private Path dataset;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void jobsThatFinishFailOrAreCancelledLeaveNothing() throws Exception {
    prepare();
    Path temporary = Files.createDirectories(directory.resolve("flink"));
    Configuration configuration = new Configuration();
    configuration.setString("io.tmp.dirs", temporary.toString());
    configuration.setString("blob.storage.directory", temporary.toString());
    configuration.setString("process.working-dir", temporary.toString());
    // Else Flink keeps jars for an hour after their job.
    configuration.setString("blob.service.cleanup.interval", "1");
    // What a cluster keeps of jobs that have ended is not looked for here.
    configuration.setString("jobstore.max-capacity", "3");
    configuration.setString("web.history", "3");
    MiniClusterConfiguration settings =
        new MiniClusterConfiguration.Builder()
            .setConfiguration(configuration)
            .setNumTaskManagers(2)
            .setNumSlotsPerTaskManager(2)
            .build();
    try (MiniCluster cluster = new MiniCluster(settings)) {
      cluster.start();
      for (int i = 0; i < 2 * ENDS.size(); i++) {
        run(cluster, ENDS.get(i % ENDS.size()), loader -> {});
      }
      LeakCheck check =
          LeakCheck.ofThisJvm()
              .directory(temporary)
              .temporaryFiles(Pattern.compile("libzstd.*|millrace.*|flink-(?!rpc-akka).*|blob.*"))
              .limit(Duration.ofSeconds(60))
              .begin();
      List<End> ends = new ArrayList<>();
      for (int i = 0; i < CYCLES; i++) {
        End end = ENDS.get(i % ENDS.size());
        String name = "class loader of job " + i + ", " + end;
        ends.add(run(cluster, end, loader -> check.track(loader, name)));
      }

      LeakReport report = check.end();
      report.check();
      assertThat(report.unchecked()).isEmpty();
      assertThat(ends).hasSize(CYCLES).containsAll(ENDS);
      assertThat(UserJobSignals.wrong()).as("classes that are not the jar's").isEmpty();
    }
  }

  private void prepare() throws Exception {
    jar = directory.resolve("user.jar");
    List<Class<?>> program = new ArrayList<>(List.of(UserJob.class));
    program.addAll(Arrays.asList(UserJob.class.getDeclaredClasses()));
    UserJar.write(jar, Path.of(System.getProperty("millrace.sql.jar")), program);
    dataset = directory.resolve("dataset");
    try (MdsWriter writer =
        new MdsWriter(dataset, Map.of("id", "int", "data", "bytes"))
            .compression("zstd")
            .hashes("xxh64")) {
      for (int i = 0; i < SHARDS * SAMPLES_PER_SHARD; i++) {
        writer.write(Map.of("id", (long) i, "data", new byte[10_000]));
        if (i % SAMPLES_PER_SHARD == SAMPLES_PER_SHARD - 1) {
          writer.endShard();
        }
      }
    }
  }

  /** Runs a job from its program to its end. */
  private End run(MiniCluster cluster, End end, Consumer<ClassLoader> loaders) throws Exception {
    UserJobSignals.reset(loaders);
    JobGraph job = jobGraph(end, loaders);
    cluster.submitJob(job).get();
    if (end == End.CANCELED) {
      Await.until(
          "the job is in its midst", () -> UserJobSignals.samples() >= UserJobSignals.ENOUGH);
      cluster.cancelJob(job.getJobID()).get();
    }
    cluster.requestJobResult(job.getJobID()).get();
    assertThat(cluster.getJobStatus(job.getJobID()).get()).isEqualTo(JobStatus.valueOf(end.name()));
    UserJobSignals.reset(loader -> {});
    return end;
  }

  /** As Flink's client does: the program's {@code main} runs in a class loader of its own. */
  private JobGraph jobGraph(End end, Consumer<ClassLoader> loaders) throws Exception {
    Configuration configuration = new Configuration();
    try (PackagedProgram program =
        PackagedProgram.newBuilder()
            .setJarFile(jar.toFile())
            .setEntryPointClassName(UserJob.class.getName())
            .setConfiguration(configuration)
            .setArguments(dataset.toUri().toString(), end.name())
            .build()) {
      loaders.accept(program.getUserCodeClassLoader());
      return PackagedProgramUtils.createJobGraph(
          program, configuration, 4, /* suppressOutput= */ false);
    }
  }
}
