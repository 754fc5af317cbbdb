// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory for datasets. It is deleted when this is closed, and also when the process
 * is interrupted or ends otherwise before that.
 */
final class BenchmarkData implements AutoCloseable {

  private final Path directory;
  private final Thread hook;

  private BenchmarkData(Path directory) {
    this.directory = directory;
    this.hook = new Thread(() -> delete(directory), "delete-benchmark-data");
  }

  static BenchmarkData create() throws IOException {
    return create("throughput");
  }

  /**
   * Makes the directory.
   *
   * @param benchmark stands in its name
   */
  static BenchmarkData create(String benchmark) throws IOException {
    BenchmarkData data =
        new BenchmarkData(
            Files.createTempDirectory("millrace-" + benchmark + "-").toAbsolutePath());
    Runtime.getRuntime().addShutdownHook(data.hook);
    return data;
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    delete(directory);
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + directory + ": " + e.getMessage(), e);
    }
  }
}
