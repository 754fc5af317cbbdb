// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own that ends when this one does, however this one ends: by {@link #close}, by exit
 * or by {@code kill -9}.
 *
 * <p>What it prints, standard error too, is appended to its log. It gets no standard input. It
 * writes no performance data, so that nothing of it is left in the temporary directory. Safe for
 * use by several threads.
 */
public final class JavaProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration DUMP_LIMIT = Duration.ofSeconds(15);
  private static final Path JAVA_BIN = Path.of(System.getProperty("java.home"), "bin");

  private final String name;
  private final Process process;
  private final LogFile log;
  private final Path launcher;

  private JavaProcess(String name, Process process, LogFile log, Path launcher) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.launcher = launcher;
  }

  /** A process to be started; the name stands in messages. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Where its output is; belongs to the caller, who also deletes it. */
  public Path log() {
    return log.path();
  }

  /** The log's last lines. */
  public String logTail() {
    return log.tail();
  }

  /**
   * Blocks until this process has printed a line in which the pattern occurs.
   *
   * @return the matcher of the first such line
   * @throws ProcessFailedException if the process ends without it, or if the limit passes
   */
  public Matcher awaitLine(Pattern pattern, Duration limit) {
    LogFile.Lines lines = log.lines();
    Optional<Matcher> line =
        Poll.within(
            limit,
            () -> {
              boolean ended = !process.isAlive(); // before reading: what it wrote last counts
              Optional<Matcher> found = lines.find(pattern, ended);
              if (found.isEmpty() && ended) {
                throw failure("ended with status " + process.exitValue(), pattern);
              }
              return found;
            });
    return line.orElseThrow(() -> failure("printed no such line in " + limit, pattern));
  }

  /** The first line that this process has printed until now in which the pattern occurs. */
  public Optional<Matcher> findLine(Pattern pattern) {
    return log.lines().find(pattern, true);
  }

  /**
   * Blocks until the process has ended by itself.
   *
   * @return its exit status
   * @throws ProcessFailedException if the limit passes
   */
  public int awaitExit(Duration limit) {
    return Poll.within(
            limit,
            () -> process.isAlive() ? Optional.<Integer>empty() : Optional.of(process.exitValue()))
        .orElseThrow(() -> failure("still runs after " + limit, null));
  }

  /** Ends it at once (SIGKILL) and blocks until it is gone. Does nothing if it has ended. */
  public void kill() {
    process.destroyForcibly();
    if (!ends(PATIENCE)) {
      throw failure("still runs " + PATIENCE + " after SIGKILL", null);
    }
    Children.remove(process);
    try {
      // Attaching to a JVM leaves this file behind if it is killed; its place is fixed in HotSpot.
      Files.deleteIfExists(Path.of("/tmp", ".java_pid" + process.pid()));
      Launchers.delete(launcher);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete what " + name + " left behind", e);
    }
  }

  /**
   * Asks it to end (SIGTERM), kills it when the limit has passed, and blocks until it is gone. Does
   * nothing if it has ended.
   */
  public void terminate(Duration limit) {
    // Process.destroy would also close its standard input, at which it ends without its hooks.
    process.toHandle().destroy();
    ends(limit);
    kill();
  }

  /**
   * What its threads do now. Blocks for at most some seconds.
   *
   * @return empty if it is not alive; the reason if it does not answer
   */
  public String threadDump() {
    if (!process.isAlive()) {
      return "";
    }
    Path output = log.path().resolveSibling(log.path().getFileName() + ".threads");
    try {
      Process jcmd =
          new ProcessBuilder(
                  JAVA_BIN.resolve("jcmd").toString(),
                  "-J-XX:-UsePerfData",
                  String.valueOf(process.pid()),
                  "Thread.print",
                  "-l")
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        boolean answered = jcmd.waitFor(DUMP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return (answered ? "" : "(no complete answer in " + DUMP_LIMIT + ")\n")
            + Files.readString(output);
      } finally {
        jcmd.destroyForcibly();
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return "(Cannot take a thread dump of " + name + ": " + e + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "(Interrupted while taking a thread dump of " + name + ")";
    }
  }

  /** Terminates it, and kills it if it has not ended some seconds later. */
  @Override
  public void close() {
    terminate(PATIENCE);
  }

  /** Whether it ended in time. Not given up when interrupted: the end is what cleans up. */
  private boolean ends(Duration limit) {
    long begin = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = limit.toNanos() - (System.nanoTime() - begin);
          return process.waitFor(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ProcessFailedException failure(String what, @Nullable Pattern awaited) {
    return new ProcessFailedException(
        String.format(
            "%s (process %d) %s%s. End of its log %s:%n%s",
            name,
            process.pid(),
            what,
            awaited == null ? "" : ", awaited: " + awaited,
            log.path(),
            log.tail()));
  }

  /** Says what to start. {@link #mainClass} and {@link #log} are needed. */
  public static final class Builder {

    private final String name;
    private final List<Path> classpath = new ArrayList<>();
    private final List<String> jvmArgs = new ArrayList<>();
    private final List<String> args = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String mainClass;
    private @Nullable Path directory;
    private @Nullable Path log;
    private @Nullable Path orphaned;

    private Builder(String name) {
      this.name = name;
    }

    /** Adds jars and class directories, in this order; nothing of this JVM's own is inherited. */
    public Builder classpath(Collection<Path> entries) {
      classpath.addAll(entries);
      return this;
    }

    /** Adds options of the JVM. */
    public Builder jvmArgs(String... added) {
      jvmArgs.addAll(List.of(added));
      return this;
    }

    public Builder mainClass(String className) {
      mainClass = className;
      return this;
    }

    /** Adds arguments of the main class. */
    public Builder args(String... added) {
      args.addAll(List.of(added));
      return this;
    }

    /** Sets a variable of the environment, which is this JVM's otherwise. */
    public Builder env(String key, String value) {
      environment.put(key, value);
      return this;
    }

    /** The working directory; without this the directory of the log. */
    public Builder directory(Path working) {
      directory = working;
      return this;
    }

    /** The file that the output is appended to; its directory must be there. */
    public Builder log(Path file) {
      log = file.toAbsolutePath();
      return this;
    }

    /** A directory that the process deletes if this JVM dies before it has ended. */
    public Builder deleteWhenOrphaned(Path left) {
      orphaned = left.toAbsolutePath();
      return this;
    }

    /**
     * Starts it, without waiting for anything.
     *
     * @throws UncheckedIOException if there can be no such process, or no log
     */
    public JavaProcess start() {
      Path output = Objects.requireNonNull(log, "log of " + name);
      Path launcher = output.resolveSibling(output.getFileName() + ".launcher");
      try {
        LogFile lines = LogFile.endOf(output);
        Launchers.write(launcher);
        ProcessBuilder builder =
            new ProcessBuilder(command(launcher))
                .directory((directory == null ? output.getParent() : directory).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        return new JavaProcess(name, Children.start(builder), lines, launcher);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot start " + name + " with the log " + output, e);
      }
    }

    private List<String> command(Path launcher) {
      List<String> command = new ArrayList<>();
      command.add(JAVA_BIN.resolve("java").toString());
      command.add("-XX:-UsePerfData");
      command.addAll(jvmArgs);
      command.add("-D" + Launcher.DIRECTORY + "=" + launcher);
      if (orphaned != null) {
        command.add("-D" + Launcher.ORPHANED + "=" + orphaned);
      }
      command.add("-cp");
      command.add(
          Stream.concat(classpath.stream(), Stream.of(launcher))
              .map(entry -> entry.toAbsolutePath().toString())
              .collect(Collectors.joining(File.pathSeparator)));
      command.add(Launcher.class.getName());
      command.add(Objects.requireNonNull(mainClass, "main class of " + name));
      command.addAll(args);
      return command;
    }
  }

  /** The directory with the launcher alone: the child shall not see the harness's other classes. */
  private static final class Launchers {

    private static final String FILE = Launcher.class.getName().replace('.', '/') + ".class";

    static void write(Path directory) throws IOException {
      Path target = directory.resolve(FILE);
      Files.createDirectories(target.getParent());
      ClassLoader loader = Launcher.class.getClassLoader();
      try (InputStream content = loader.getResourceAsStream(FILE)) {
        Files.copy(Objects.requireNonNull(content, FILE), target);
      }
    }

    /** Normally the launcher has done so. */
    static void delete(Path directory) throws IOException {
      for (Path place = directory.resolve(FILE);
          place.startsWith(directory);
          place = place.getParent()) {
        Files.deleteIfExists(place);
      }
    }
  }
}
