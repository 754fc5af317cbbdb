// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.process.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a cluster of the harness can do, shown on one cluster. */
@Tag("it")
@Tag("cluster")
final class FlinkClusterITCase {

  @RegisterExtension
  static final FlinkClusterExtension FLINK =
      new FlinkClusterExtension(() -> FlinkCluster.builder().taskManagers(2));

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JobJar JAR = CountingJobs.jar();

  @Test
  void runsAUserJarAndTellsOfItsMetricsAndAccumulators(FlinkCluster cluster) {
    Stopwatch.print("start of JobManager and 2 TaskManagers", cluster.startDuration());
    Stopwatch submit = new Stopwatch("submit, with the upload of the jar, until all tasks run");
    RunningJob job = submitCounting(cluster, 3, 2000);
    job.awaitRunning(LIMIT);
    submit.print();

    Metric bytes =
        await(
            () ->
                job.metric(CountingJob.SOURCE, "millrace.originBytes")
                    .filter(metric -> metric.max() > 0));
    assertThat(bytes.sum()).isGreaterThanOrEqualTo(bytes.max());
    assertThat(job.metric(CountingJob.SOURCE, "millrace.noSuchMetric")).isEmpty();
    assertThat(job.metric("no such vertex", "millrace.originBytes")).isEmpty();
    job.awaitFinished(LIMIT);

    assertThat(job.accumulators()).containsEntry(CountingJob.SAMPLES, "6000");
    assertThat(job.failure()).isEmpty();
    assertThat(job.restarts()).isZero();
    assertThat(cluster.jobs()).extracting(RunningJob::id).contains(job.id());
  }

  @Test
  void goesOnFromASavepoint(FlinkCluster cluster) {
    RunningJob first = submitCounting(cluster, 5, 1000);
    first.awaitCheckpoints(1, LIMIT);
    String copy = first.savepoint(cluster.directory().resolve("copies").toUri());
    assertThat(first.status()).isEqualTo(JobStatus.RUNNING);

    String stopped = first.stopWithSavepoint(cluster.directory().resolve("stopped").toUri());

    assertThat(first.status()).isEqualTo(JobStatus.FINISHED);
    long before = Long.parseLong(first.accumulators().get(CountingJob.SAMPLES));
    assertThat(before).isBetween(1L, 9_999L);
    assertThat(Path.of(URI.create(stopped))).isDirectory().isNotEqualTo(Path.of(copy));
    RunningJob second =
        cluster.job(JAR).args(arguments(5, 0)).parallelism(4).from(stopped).submit();
    second.awaitFinished(LIMIT);
    assertThat(second.accumulators()).containsEntry(CountingJob.SAMPLES, "10000");
    assertThat(second.checkpoints().restored()).isEqualTo(1);
  }

  @Test
  void finishesAJobAlthoughATaskManagerIsKilled(FlinkCluster cluster) {
    // Longer than Flink may wait for metrics of the dead process before it shows others.
    RunningJob job = submitCounting(cluster, 5, 2500);
    job.awaitCheckpoints(2, LIMIT);
    Checkpoints before = job.checkpoints();
    assertThat(before.latestId()).isPositive();
    TaskManager victim = cluster.taskManager(job.taskManagers(CountingJob.SOURCE).get(0));
    long pid = victim.pid();

    Stopwatch recovery = new Stopwatch("recovery from kill -9 of a TaskManager");
    victim.kill();
    await(() -> Optional.of(true).filter(x -> job.checkpoints().restored() > 0));
    job.awaitRunning(LIMIT);
    recovery.print();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    // More than one if the dead process's slots are tried before its death is known.
    await(() -> Optional.of(job.restarts()).filter(restarts -> restarts > 0));
    assertThat(job.failure()).get().asString().contains("TaskManager");
    Stopwatch restart = new Stopwatch("start of one more TaskManager");
    victim.restart();
    restart.print();
    assertThat(victim.pid()).isNotEqualTo(pid);
    job.awaitFinished(LIMIT);
    assertThat(job.accumulators()).containsEntry(CountingJob.SAMPLES, "10000");
  }

  @Test
  void tellsWhyAJobDidNotDoWhatWasAwaited(FlinkCluster cluster) {
    RunningJob job = submitCounting(cluster, 50, 10_000);
    job.awaitRunning(LIMIT);
    assertThatThrownBy(() -> job.awaitFinished(Duration.ofMillis(100)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("Job %s: awaited for PT0.1S: FINISHED; is RUNNING. Failure: none", job.id());

    job.cancel(LIMIT);

    assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
    assertThatThrownBy(() -> job.awaitFinished(LIMIT)).hasMessageContaining("is CANCELED");
    assertThatThrownBy(() -> cluster.submit(JAR, "/no/such/dataset", "1", "0"))
        .isInstanceOf(FlinkRestException.class)
        .hasMessageContaining("/no/such/dataset");
  }

  @Test
  void runsSqlScripts(FlinkCluster cluster) throws IOException {
    Path table = cluster.directory().resolve("table");
    Stopwatch script = new Stopwatch("SQL client with two jobs");
    SqlResult result =
        cluster.runSql(
            """
            SELECT 40 + 2 AS answer;
            CREATE TABLE names (name STRING)
              WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'raw');
            INSERT INTO names VALUES ('one'), ('two');
            """
                .formatted(table.toUri()));
    script.print();

    assertThat(result.output()).contains("answer").containsPattern("\\b42\\b");
    assertThat(result.failed()).as(result.output()).isFalse();
    try (Stream<Path> files = Files.list(table)) {
      List<String> lines =
          files
              .map(FlinkClusterITCase::read)
              .flatMap(String::lines)
              .sorted()
              .collect(Collectors.toList());
      assertThat(lines).containsExactly("one", "two");
    }
  }

  @Test
  void tellsOfSqlThatFails(FlinkCluster cluster) {
    SqlResult result = cluster.runSql("SELECT * FROM missing;\nSELECT 'not' || ' reached';\n");

    assertThat(result.failed()).isTrue();
    assertThat(result.output())
        .contains("Object 'missing' not found")
        .doesNotContain("not reached");
  }

  @Test
  void growsAndShrinksByATaskManager(FlinkCluster cluster) {
    TaskManager added = cluster.addTaskManager();

    assertThat(cluster.taskManagers()).hasSize(3).last().isSameAs(added);
    RunningJob job = cluster.job(JAR).args(arguments(50, 10_000)).parallelism(6).submit();
    job.awaitRunning(LIMIT);
    assertThat(job.taskManagers(CountingJob.SOURCE)).hasSize(3).contains(added.id());
    job.cancel(LIMIT);

    cluster.removeTaskManager(added);
    assertThat(added.isAlive()).isFalse();
    assertThat(cluster.taskManagers()).hasSize(2).doesNotContain(added);
  }

  @Test
  void keepsLogsAndThreadDumpsOfAFailedTest(FlinkCluster cluster, TestInfo test)
      throws IOException {
    AssertionError failure = new AssertionError("as if this test had failed");
    Path kept =
        Path.of(System.getProperty(FlinkClusterExtension.FAILURES_PROPERTY))
            .resolve("FlinkClusterITCase.keepsLogsAndThreadDumpsOfAFailedTest");

    FLINK.afterEach(context(test, failure));

    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessage("Logs and thread dumps of the cluster are in " + kept);
    assertThat(kept.resolve("logs/jobmanager-1.log")).content().contains("Rest endpoint");
    assertThat(kept.resolve("threads-jobmanager-1.txt")).content().contains("\"main\"");
    assertThat(kept.resolve("conf/config.yaml")).exists();
    assertThat(cluster.jobs()).as("still answers").isNotNull();
    try (Stream<Path> files = Files.walk(kept)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The context of a test that failed, as far as the extension asks for it. */
  private static ExtensionContext context(TestInfo test, Throwable failure) {
    return (ExtensionContext)
        Proxy.newProxyInstance(
            FlinkClusterITCase.class.getClassLoader(),
            new Class<?>[] {ExtensionContext.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "getExecutionException" -> Optional.of(failure);
                  case "getRequiredTestClass" -> test.getTestClass().orElseThrow();
                  case "getTestMethod" -> test.getTestMethod();
                  case "getDisplayName" -> test.getDisplayName();
                  case "publishReportEntry" -> null;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private static RunningJob submitCounting(FlinkCluster cluster, int epochs, int pauseMicros) {
    return cluster.job(JAR).args(arguments(epochs, pauseMicros)).parallelism(2).submit();
  }

  private static String[] arguments(int epochs, int pauseMicros) {
    return CountingJobs.arguments(epochs, pauseMicros);
  }

  private static <T> T await(Supplier<Optional<T>> look) {
    return Poll.within(LIMIT, look).orElseThrow(() -> new AssertionError("not in " + LIMIT));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
