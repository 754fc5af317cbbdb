// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where a JVM's own classes come from. */
final class ClassPath {

  private ClassPath() {}

  /** The entries of a class path and the JVM's own modules, as descriptors name them. */
  static Set<String> of(String classPath, String javaHome) {
    Set<String> files = new TreeSet<>();
    Stream.concat(
            Stream.of(classPath.split(File.pathSeparator)), Stream.of(javaHome + "/lib/modules"))
        .filter(entry -> !entry.isEmpty())
        .forEach(entry -> files.add(real(Path.of(entry))));
    return files;
  }

  /** Descriptors lead to what links lead to. */
  private static String real(Path path) {
    try {
      return path.toRealPath().toString();
    } catch (IOException e) {
      return path.toAbsolutePath().toString(); // a class path may name what is not there
    }
  }
}
