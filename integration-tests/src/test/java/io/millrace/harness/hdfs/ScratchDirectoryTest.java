// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ScratchDirectoryTest {

  @TempDir Path parent;

  @Test
  void removesWhatLiesInIt() throws IOException {
    try (ScratchDirectory directory = ScratchDirectory.create(parent, "test-")) {
      Files.createDirectories(directory.path().resolve("a/b"));
      Files.writeString(directory.path().resolve("a/b/c"), "content");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void removesWhatAProcessLeftThatIsGone() throws IOException {
    Files.createFile(parent.resolve("test-17.lock"));
    Files.createDirectories(parent.resolve("test-17/a"));
    Files.createDirectories(parent.resolve("other"));

    ScratchDirectory.create(parent, "test-").close();

    assertThat(parent).isDirectoryNotContaining("glob:**test-17*").isNotEmptyDirectory();
  }

  @Test
  void leavesWhatIsInUse() throws IOException {
    try (ScratchDirectory first = ScratchDirectory.create(parent, "test-");
        ScratchDirectory second = ScratchDirectory.create(parent, "test-")) {
      assertThat(first.path()).isDirectory();
      assertThat(second.path()).isDirectory().isNotEqualTo(first.path());
    }
    assertThat(parent).isEmptyDirectory();
  }
}
