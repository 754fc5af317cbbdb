// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.harness.leak.Leak.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaks planted in another JVM. */
@Tag("it")
class OtherJvmITCase {

  @TempDir Path directory;

  /** A JVM that does as it is told by lines, and ends with its input. */
  private static final class Planted implements AutoCloseable {

    private final Process process;
    private final OutputStream commands;
    private final BufferedReader answers;

    Planted(Path file) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LeakingMain.class.getName(),
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      commands = process.getOutputStream();
      answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      assertThat(answers.readLine()).isEqualTo("ready");
    }

    void tell(String command) throws IOException {
      commands.write((command + "\n").getBytes(UTF_8));
      commands.flush();
      assertThat(answers.readLine()).isEqualTo("done " + command);
    }

    long pid() {
      return process.pid();
    }

    @Override
    public void close() throws IOException {
      try (commands;
          answers) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void namesThreadsDescriptorsFilesAndUserClassLoaders() throws Exception {
    Path file = directory.resolve("file");
    try (Planted other = new Planted(file)) {
      LeakCheck check =
          LeakCheck.ofJvm(other.pid()).directory(directory).limit(Duration.ZERO).begin();
      check.end().check();
      other.tell("leak");

      List<Leak> leaks = check.end().leaks();

      assertThat(leaks)
          .contains(
              new Leak(Kind.DESCRIPTOR, "1 more of " + file),
              new Leak(Kind.FILE, file.toString()),
              new Leak(
                  Kind.CLASS_LOADER,
                  "1 more of org.apache.flink.util.FlinkUserCodeClassLoaders"
                      + "$ParentFirstClassLoader"))
          .anySatisfy(
              leak ->
                  assertThat(leak.toString())
                      .startsWith("THREAD \"planted\"")
                      .contains("LeakingMain.await"));
      assertThat(leaks).hasSize(4);

      other.tell("mend");
      Files.delete(file);
      check.end().check();
    }
  }

  @Test
  void saysThatAProcessIsGone() throws Exception {
    Planted other = new Planted(directory.resolve("file"));
    LeakCheck check = LeakCheck.ofJvm(other.pid()).begin();
    other.close();
    assertThat(other.process.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(check::end)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot ask process " + other.pid() + " (GC.run): ");
  }
}
