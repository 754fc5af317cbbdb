// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
final class JavaProcessITCase {

  static final List<Path> CLASSES = List.of(codeSource());

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern READY = Pattern.compile("^ready(.*)$");

  @TempDir private Path directory;

  @Test
  void awaitsALineAndHasNoInput() {
    try (JavaProcess process = start("wait", "a", "b c")) {
      assertThat(process.awaitLine(READY, LIMIT).group(1)).isEqualTo(" a,b c");
      assertThat(process.awaitLine(Pattern.compile("^input (.*)"), LIMIT).group(1)).isEqualTo("-1");
      assertThat(process.findLine(READY)).isPresent();
      assertThat(process.findLine(Pattern.compile("absent"))).isEmpty();
      assertThat(process.isAlive()).isTrue();
      assertThat(process.threadDump()).contains("\"main\"", "harness-parent-watch");
    }
  }

  @Test
  void leavesNothingBesideItsLogWhenKilled() throws IOException {
    JavaProcess process = start("wait");
    process.awaitLine(READY, LIMIT);
    assertThat(process.threadDump()).isNotEmpty();

    process.kill();

    assertThat(process.isAlive()).isFalse();
    assertThat(ProcessHandle.of(process.pid())).isEmpty();
    assertThat(process.threadDump()).isEmpty();
    assertThat(process.log()).content().contains("ready").doesNotContain("hook has run");
    assertThat(Path.of("/tmp", ".java_pid" + process.pid())).doesNotExist();
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(process.log());
    }
    process.kill();
    process.close();
  }

  @Test
  void runsShutdownHooksWhenTerminated() {
    JavaProcess process = start("wait");
    process.awaitLine(READY, LIMIT);

    process.terminate(LIMIT);

    assertThat(process.isAlive()).isFalse();
    assertThat(process.log()).content().contains("hook has run");
  }

  @Test
  void killsWhatDoesNotHeedSigterm() {
    JavaProcess process = start("ignore SIGTERM");
    process.awaitLine(READY, LIMIT);

    process.terminate(Duration.ofMillis(200));

    assertThat(ProcessHandle.of(process.pid())).isEmpty();
  }

  @Test
  void saysWhyAProcessDied() {
    try (JavaProcess process = start("fail")) {
      assertThatThrownBy(() -> process.awaitLine(READY, LIMIT))
          .isInstanceOf(ProcessFailedException.class)
          .hasMessageContaining("fail (process " + process.pid() + ") ended with status 1, awaited")
          .hasMessageContaining("java.io.IOException: no such luck")
          .hasMessageContaining(process.log().toString());
    }
  }

  @Test
  void saysWhatItWaitedFor() {
    try (JavaProcess process = start("wait")) {
      process.awaitLine(READY, LIMIT);
      assertThatThrownBy(() -> process.awaitLine(Pattern.compile("absent"), Duration.ofMillis(50)))
          .isInstanceOf(ProcessFailedException.class)
          .hasMessageContaining("printed no such line in PT0.05S, awaited: absent")
          .hasMessageContaining("ready");
    }
  }

  @Test
  void tellsTheExitStatus() {
    try (JavaProcess process = start("exit", "7")) {
      assertThat(process.awaitExit(LIMIT)).isEqualTo(7);
    }
  }

  @Test
  void readsOnlyItsOwnLinesOfALogThatIsContinued() throws IOException {
    Files.writeString(directory.resolve("exit.log"), "ready before\n");
    try (JavaProcess process = start("exit", "0")) {
      assertThatThrownBy(() -> process.awaitLine(READY, LIMIT)).hasMessageContaining("status 0");
      assertThat(process.log()).content().contains("ready before");
    }
  }

  @Test
  void diesWithItsParentAndDeletesWhatNobodyElseWill() throws IOException {
    Path orphaned = Files.createDirectories(directory.resolve("orphaned/nested")).getParent();
    long child;
    try (JavaProcess parent = start("parent", orphaned.toString())) {
      child = Long.parseLong(parent.awaitLine(Pattern.compile("^child (.*)"), LIMIT).group(1));
      assertThat(ProcessHandle.of(child)).isPresent();
      assertThat(orphaned.resolve("grandchild.log")).exists();
      parent.kill();
    }

    assertThat(Poll.within(LIMIT, () -> ended(child))).as("process %d ends", child).isPresent();
    assertThat(orphaned).doesNotExist();
  }

  private static Optional<Boolean> ended(long pid) {
    return ProcessHandle.of(pid).isPresent() ? Optional.empty() : Optional.of(true);
  }

  private JavaProcess start(String... args) {
    return JavaProcess.builder(args[0])
        .classpath(CLASSES)
        .jvmArgs("-Xmx32m")
        .mainClass(ChildMain.class.getName())
        .args(args)
        .log(directory.resolve(args[0] + ".log"))
        .start();
  }

  private static Path codeSource() {
    try {
      return Path.of(JavaProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
