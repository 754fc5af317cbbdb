// SPDX-License-Identifier: Apache-2.0
package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class PackageInfoTest {

  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() throws IOException {
    try (Stream<Path> tree = Files.walk(SOURCES)) {
      List<Path> packages =
          tree.filter(path -> path.toString().endsWith(".java")).map(Path::getParent).toList();
      assertThat(packages)
          .as("packages whose package-info.java lacks a comment or @NullMarked")
          .allSatisfy(
              folder -> {
                Path info = folder.resolve("package-info.java");
                assertThat(info).exists();
                assertThat(read(info)).contains("/**", "@NullMarked");
              });
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
