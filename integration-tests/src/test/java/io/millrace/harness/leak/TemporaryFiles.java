// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.leak;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists files while others make and delete them. */
final class TemporaryFiles {

  /**
   * Where to look for names.
   *
   * @param directory such as {@code java.io.tmpdir}
   * @param names the whole of the names that matter, directly in it
   */
  record Named(Path directory, Pattern names) {}

  private TemporaryFiles() {}

  /** All files and directories below some directories, and those of one that have such names. */
  static Set<Path> list(List<Path> directories, Optional<Named> named) throws IOException {
    Set<Path> found = new TreeSet<>();
    for (Path directory : directories) {
      Files.walkFileTree(directory, new Collector(found, directory, Pattern.compile("(?s).*")));
    }
    if (named.isPresent()) {
      Path directory = named.get().directory();
      Files.walkFileTree(directory, new Collector(found, directory, named.get().names()));
    }
    return found;
  }

  /** Takes what vanishes while it is looked at for gone. */
  private static final class Collector extends SimpleFileVisitor<Path> {

    private final Set<Path> found;
    private final Path root;
    private final Pattern names;

    Collector(Set<Path> found, Path root, Pattern names) {
      this.found = found;
      this.root = root;
      this.names = names;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      if (!matters(directory)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      found.add(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (matters(file)) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean matters(Path path) {
      return names.matcher(root.relativize(path).getName(0).toString()).matches();
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
