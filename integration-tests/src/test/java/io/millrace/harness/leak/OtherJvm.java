// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A JVM of the same user on this machine, asked by the {@code jcmd} of the JVM that asks. */
final class OtherJvm implements JvmProbe {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final long pid;

  OtherJvm(long pid) {
    this.pid = pid;
  }

  @Override
  public List<ThreadState> threads() throws IOException {
    return ThreadPrint.parse(jcmd("Thread.print"));
  }

  @Override
  public Optional<Map<String, Integer>> descriptors() throws IOException {
    return Descriptors.of(pid);
  }

  @Override
  public Set<String> classPath() throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(jcmd("VM.system_properties")));
    return ClassPath.of(
        properties.getProperty("java.class.path", ""), properties.getProperty("java.home", ""));
  }

  @Override
  public Map<String, Long> instances() throws IOException {
    jcmd("GC.run");
    return Histogram.parse(jcmd("GC.class_histogram"));
  }

  private String jcmd(String... command) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(String.valueOf(pid));
    line.addAll(List.of(command));
    // Into a file: a pipe would fill up before the process ends.
    Path output = Files.createTempFile("jcmd", ".txt");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(output.toFile())
              .start();
      boolean ended;
      try {
        ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while asking process " + pid, e);
      } finally {
        process.destroyForcibly();
      }
      String text = Files.readString(output, UTF_8);
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "Cannot ask process "
                + pid
                + " ("
                + String.join(" ", command)
                + "): "
                + (ended ? text.strip() : "no answer in " + LIMIT.toSeconds() + " s"));
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
