// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import io.millrace.harness.process.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All files of a cluster, in one temporary directory. */
final class ClusterDirectory {

  private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c - %m%n";

  private static final Pattern CREDENTIAL =
      Pattern.compile("(?im)^(\\S*(?:secret|password|token|access[-.]?key)\\S*: ).*$");

  private final Path root;

  private ClusterDirectory(Path root) {
    this.root = root;
  }

  static ClusterDirectory create(List<String> plugins) {
    try {
      ClusterDirectory directory =
          new ClusterDirectory(Files.createTempDirectory("millrace-flink-").toRealPath());
      for (String part : List.of("conf", "logs", "tmp", "jars", "plugins", "upload")) {
        Files.createDirectory(directory.root.resolve(part));
      }
      Path available = Runtimes.directory("flink").resolve("plugins");
      for (String plugin : plugins) {
        Path jars = available.resolve(plugin);
        Runtimes.jars(jars);
        Files.createSymbolicLink(directory.root.resolve("plugins").resolve(plugin), jars);
      }
      directory.writeLogging("conf", "Console", "follow = true");
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a directory for a Flink cluster", e);
    }
  }

  Path root() {
    return root;
  }

  Path conf() {
    return root.resolve("conf");
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path plugins() {
    return root.resolve("plugins");
  }

  Path temporary() {
    return root.resolve("tmp");
  }

  Path jars() {
    return root.resolve("jars");
  }

  String uri(String part) {
    return root.resolve(part).toUri().toString();
  }

  /**
   * Writes Flink's {@code config.yaml} and returns the directory it is in.
   *
   * @param name of the directory, which is made if it is not there
   */
  Path writeConfiguration(String name, Map<String, String> values) {
    Path directory = root.resolve(name);
    try {
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve("config.yaml"),
          new TreeMap<>(values)
              .entrySet().stream()
                  .map(e -> e.getKey() + ": '" + e.getValue().replace("'", "''") + "'\n")
                  .collect(Collectors.joining()));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write Flink's configuration in " + directory, e);
    }
  }

  /**
   * Writes the configuration of the log into a directory that is there.
   *
   * @param appender the kind of Log4j's appender
   * @param property what the appender needs beside
   */
  void writeLogging(String name, String appender, String property) {
    Path file = logging(root.resolve(name));
    try {
      Files.writeString(
          file,
          String.join(
              "\n",
              "status = error",
              "rootLogger.level = info",
              "rootLogger.appenderRef.log.ref = log",
              "appender.log.name = log",
              "appender.log.type = " + appender,
              "appender.log." + property,
              "appender.log.layout.type = PatternLayout",
              "appender.log.layout.pattern = " + PATTERN,
              ""));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** The configuration of the log beside Flink's. */
  static Path logging(Path conf) {
    return conf.resolve("log4j.properties");
  }

  /** Copies what tells of the cluster: logs and configurations. */
  void copyEvidence(Path target) throws IOException {
    try (Stream<Path> parts = Files.list(root)) {
      for (Path part : parts.toList()) {
        String name = part.getFileName().toString();
        if (name.equals("logs") || name.startsWith("conf")) {
          copyFiles(part, Files.createDirectories(target.resolve(name)), name.startsWith("conf"));
        }
      }
    }
  }

  private static void copyFiles(Path from, Path to, boolean masked) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(file.getFileName());
        if (masked) {
          String text = CREDENTIAL.matcher(Files.readString(file)).replaceAll("$1******");
          Files.writeString(copy, text);
        } else {
          Files.write(copy, Files.readAllBytes(file)); // not Files.copy: a log may grow meanwhile
        }
      }
    }
  }

  /** Deletes everything; nobody may be writing here any more. Links are not followed. */
  void delete() {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Deleted already.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + root, e);
    }
  }
}
