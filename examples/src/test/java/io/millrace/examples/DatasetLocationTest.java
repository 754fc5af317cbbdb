// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class DatasetLocationTest {

  @TempDir Path directory;

  @Test
  void findsLocalDirectories() throws Exception {
    Path spaced = Files.createDirectory(directory.resolve("a b"));
    for (String form : new String[] {"" + spaced, "file:" + spaced, "file://" + spaced}) {
      DatasetLocation location = DatasetLocation.of(form);
      assertThat(location.uri()).isEqualTo("file://" + spaced);
      assertThat(location.local()).contains(spaced);
      assertThat(location).hasToString(spaced.toString());
    }
    assertThat(DatasetLocation.of("src").local()).contains(Path.of("src").toAbsolutePath());
  }

  @Test
  void escapesWhatWouldSeparateReplicas() throws Exception {
    Path directory = Files.createDirectory(this.directory.resolve("a;b"));
    DatasetLocation location = DatasetLocation.of(directory.toString());
    assertThat(location.uri()).isEqualTo("file://" + this.directory + "/a\\;b");
    assertThat(location.local()).contains(directory);
    assertThat(location).hasToString(directory.toString());
  }

  @Test
  void leavesOtherSchemesToFlink() {
    DatasetLocation location = DatasetLocation.of("s3://bucket/train");
    assertThat(location.uri()).isEqualTo("s3://bucket/train");
    assertThat(location.local()).isEmpty();
    assertThat(location).hasToString("s3://bucket/train");
  }

  @Test
  void refusesWhatIsNoDirectory() throws Exception {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> DatasetLocation.of(missing.toString()))
        .hasMessage("Cannot read the dataset at " + missing + ": there is no such directory");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DatasetLocation.of("file:" + file))
        .hasMessage("Cannot read the dataset at " + file + ": it is not a directory");
    assertThatThrownBy(() -> DatasetLocation.of("a\0b")).hasMessageContaining("Nul character");
  }
}
