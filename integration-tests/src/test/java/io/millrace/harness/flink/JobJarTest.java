// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class JobJarTest {

  private static final String PACKAGE = "io/millrace/harness/flink/";

  @TempDir private Path directory;

  @Test
  void holdsClassesWithWhatIsNestedInThemAndNothingElse() throws IOException {
    Path file = directory.resolve("job.jar");
    JobJar jar = JobJar.builder(Outer.Entry.class).classes(Stopwatch.class).build();

    jar.writeTo(file);

    assertThat(jar.entryClass()).isEqualTo(Outer.Entry.class.getName());
    String test = PACKAGE + "JobJarTest";
    assertThat(names(file))
        .containsExactlyInAnyOrder(
            test + ".class",
            test + "$Outer.class",
            test + "$Outer$Entry.class",
            PACKAGE + "Stopwatch.class");
  }

  @Test
  void takesClassesOutOfJars() throws Exception {
    Path file = directory.resolve("job.jar");

    // Nested classes of a library, which is a jar on this class path.
    JobJar.builder(Assertions.class).build().writeTo(file);

    assertThat(names(file)).containsExactly("org/assertj/core/api/Assertions.class");
    try (URLClassLoader alone = new URLClassLoader(new URL[] {file.toUri().toURL()}, null)) {
      assertThat(alone.getResource("org/assertj/core/api/Assertions.class")).isNotNull();
    }
  }

  @Test
  void bringsLibrariesAlong() throws IOException {
    Path library = Files.writeString(directory.resolve("library.jar"), "content");
    Path file = directory.resolve("job.jar");

    JobJar.builder(Stopwatch.class).library(library).build().writeTo(file);

    assertThat(names(file)).containsExactly(PACKAGE + "Stopwatch.class", "lib/library.jar");
    try (JarFile jar = new JarFile(file.toFile())) {
      assertThat(jar.getInputStream(jar.getEntry("lib/library.jar"))).hasContent("content");
    }
    assertThatThrownBy(() -> JobJar.builder(Stopwatch.class).build().writeTo(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void refusesWhatCannotBeInAJar() {
    assertThatThrownBy(() -> JobJar.builder(int[].class))
        .hasMessage("Cannot put into a jar: class [I");
    assertThatThrownBy(() -> JobJar.builder(String.class))
        .hasMessage("Cannot put into a jar: class java.lang.String");
    assertThatThrownBy(
            () -> JobJar.builder(Stopwatch.class).library(directory.resolve("absent.jar")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("absent.jar: library of a job's jar");
  }

  private static List<String> names(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      return jar.stream().map(JarEntry::getName).toList();
    }
  }

  /** Has something nested. */
  private static final class Outer {
    /** Would have a main method. */
    private static final class Entry {}
  }
}
