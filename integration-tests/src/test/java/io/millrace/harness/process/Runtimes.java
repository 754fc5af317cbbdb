// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the jars of the programs are that the harness starts as processes: each is a Maven module
 * that copies its dependencies.
 */
public final class Runtimes {

  /** Names the directory that holds the modules; without it the working directory decides. */
  public static final String PROPERTY = "millrace.harness.runtimes";

  /** Names the modules' build directory; a build for another Flink has one of its own. */
  public static final String BUILD_PROPERTY = "millrace.harness.build";

  private Runtimes() {}

  /**
   * The build directory of a module, for example {@code flink}.
   *
   * @throws IllegalStateException if it is not there; the message says how to make it
   */
  public static Path directory(String module) {
    String build = System.getProperty(BUILD_PROPERTY, "target");
    String property = System.getProperty(PROPERTY);
    Path directory =
        property == null
            ? search(Path.of("").toAbsolutePath(), module, build)
            : Path.of(property, module).resolve(build).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new IllegalStateException(
          "Cannot find the jars of "
              + module
              + ": "
              + directory
              + " is not there. System property "
              + PROPERTY
              + (property == null ? " is not set" : " is " + property)
              + ". The jars are copied by mvn -pl integration-tests/runtimes/"
              + module
              + " verify");
    }
    return directory;
  }

  /**
   * The jars in a directory, sorted by name.
   *
   * @throws IllegalStateException if there is none
   */
  public static List<Path> jars(Path directory) {
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the jars in " + directory, e);
    }
    if (jars.isEmpty()) {
      throw new IllegalStateException("No jar in " + directory);
    }
    return jars;
  }

  private static Path search(Path from, String module, String build) {
    for (Path place = from; place != null; place = place.getParent()) {
      for (String runtimes : List.of("runtimes", "integration-tests/runtimes")) {
        Path directory = place.resolve(runtimes).resolve(module);
        if (Files.isDirectory(directory)) {
          return directory.resolve(build);
        }
      }
    }
    return from.resolve("integration-tests/runtimes").resolve(module).resolve(build);
  }
}
