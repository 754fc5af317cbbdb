// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class RuntimesTest {

  @Test
  void saysHowToMakeWhatIsMissing() {
    assertThatThrownBy(() -> Runtimes.directory("absent"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot find the jars of absent: ")
        .hasMessageContaining(Runtimes.PROPERTY)
        .hasMessageEndingWith("mvn -pl integration-tests/runtimes/absent verify");
  }

  @Test
  void listsJarsAlone(@TempDir Path directory) throws IOException {
    Path jar = Files.createFile(directory.resolve("b.jar"));
    Path first = Files.createFile(directory.resolve("a.jar"));
    Files.createFile(directory.resolve("c.txt"));

    assertThat(Runtimes.jars(directory)).containsExactly(first, jar);
  }

  @Test
  void refusesADirectoryWithoutJars(@TempDir Path directory) {
    assertThatThrownBy(() -> Runtimes.jars(directory)).hasMessage("No jar in " + directory);
  }
}
