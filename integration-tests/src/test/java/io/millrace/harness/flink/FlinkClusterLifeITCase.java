// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.process.JavaProcess;
import io.millrace.harness.process.Poll;
import io.millrace.harness.process.ProcessFailedException;
import io.millrace.harness.process.Runtimes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How clusters begin and end. Alone, because it looks at what others might leave. */
@Isolated
@Tag("it")
@Tag("cluster")
final class FlinkClusterLifeITCase {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void leavesNothing(@TempDir Path evidence) throws IOException {
    FlinkCluster cluster =
        FlinkCluster.builder().configuration("s3.secret-key", "confidential").start();
    List<Long> pids;
    try (cluster) {
      pids = List.of(cluster.jobManagerPid(), cluster.taskManagers().get(0).pid());
      assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isPresent());
      cluster.keepEvidence(evidence);
    }

    assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    assertThat(cluster.directory()).doesNotExist();
    cluster.close();
    assertThat(names(evidence))
        .containsExactly("conf", "logs", "threads-jobmanager-1.txt", "threads-taskmanager-1-1.txt");
    assertThat(evidence.resolve("threads-taskmanager-1-1.txt")).content().contains("\"main\"");
    assertThat(evidence.resolve("conf/config.yaml"))
        .content()
        .contains("s3.secret-key: ******", "heartbeat.interval: '500 ms'")
        .doesNotContain("confidential");
    assertThat(evidence.resolve("logs/jobmanager-1.log")).content().doesNotContain("confidential");
    assertThat(names(evidence.resolve("logs")))
        .containsExactly("jobmanager-1.log", "taskmanager-1-1.log");
  }

  @Test
  void endsWithTheJvmThatStartedIt(@TempDir Path logs) {
    Path directory;
    List<Long> pids;
    try (JavaProcess parent =
        JavaProcess.builder("parent")
            .classpath(
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .toList())
            .jvmArgs("-XX:TieredStopAtLevel=1")
            .jvmArgs(properties(Runtimes.PROPERTY, Runtimes.BUILD_PROPERTY))
            .mainClass(ClusterMain.class.getName())
            .log(logs.resolve("parent.log"))
            .start()) {
      Matcher started = parent.awaitLine(ClusterMain.STARTED, LIMIT);
      directory = Path.of(started.group(1));
      pids = Stream.of(started.group(2).split(",")).map(Long::valueOf).toList();
      assertThat(directory.resolve("logs")).isDirectory();
      assertThat(pids).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());

      parent.kill();
    }

    assertThat(Poll.within(LIMIT, () -> gone(pids))).as("%s end", pids).isPresent();
    assertThat(directory).doesNotExist();
  }

  /** Those of this JVM that are set. */
  private static String[] properties(String... names) {
    return Stream.of(names)
        .filter(name -> System.getProperty(name) != null)
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .toArray(String[]::new);
  }

  private static Optional<Boolean> gone(List<Long> pids) {
    return pids.stream().allMatch(pid -> ProcessHandle.of(pid).isEmpty())
        ? Optional.of(true)
        : Optional.empty();
  }

  @Test
  void saysWhyAClusterDidNotStartAndLeavesNothing(@TempDir Path evidence) throws IOException {
    List<String> before = directories();

    assertThatThrownBy(
            () ->
                FlinkCluster.builder()
                    .configuration("jobmanager.rpc.port", "none")
                    .evidence(evidence)
                    .start())
        .isInstanceOf(ProcessFailedException.class)
        .hasMessageContaining("jobmanager.rpc.port");

    assertThat(evidence.resolve("logs/jobmanager-1.log")).content().contains("jobmanager.rpc.port");
    assertThat(directories()).isEqualTo(before);
  }

  private static List<String> directories() throws IOException {
    return names(Path.of(System.getProperty("java.io.tmpdir"))).stream()
        .filter(name -> name.startsWith("millrace-flink-"))
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
