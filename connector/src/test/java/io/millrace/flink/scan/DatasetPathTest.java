// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("sets Flink's default file system")
class DatasetPathTest {

  @ParameterizedTest
  @ValueSource(strings = {"file:/data/x", "file:///data/x", "s3://bucket/x", "hdfs://nn:8020/a b"})
  void leavesUrisAlone(String uri) {
    assertThat(DatasetPath.qualified(uri)).isEqualTo(uri);
  }

  @Test
  void takesPlainPathsForLocalFiles() {
    assertThat(DatasetPath.qualified("/data/my set")).isEqualTo("file:/data/my set");
    assertThat(DatasetPath.qualified("data/./x"))
        .isEqualTo("file:" + Path.of("").toAbsolutePath().resolve("data/x"));
  }

  @Test
  void takesFurtherRootsAfterSemicolons() {
    assertThat(DatasetPath.roots("s3://a/x; hdfs://nn/x"))
        .containsExactly("s3://a/x", "hdfs://nn/x");
    assertThat(DatasetPath.roots("/data/a\\;b;/c")).containsExactly("file:/data/a;b", "file:/c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3://k:secret@a/x; | there is nothing before or after a semicolon",
        ";s3://k:secret@a/x | there is nothing before or after a semicolon",
        "s3://k:secret@a/x;s3://k:secret@a/x | a root is named twice",
      })
  void refusesListsOfRootsThatAreNone(String path, String problem) {
    assertThatThrownBy(() -> DatasetPath.roots(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("Cannot use path = .*s3://a/x.*: " + problem)
        .hasMessageNotContaining("secret");
  }

  @Test
  void showsNoCredentialsOfTheDefaultFileSystem() {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.DEFAULT_FILESYSTEM_SCHEME, "s3://key:hidden@bucket/");
    FileSystem.initialize(configuration, null);
    try {
      assertThatThrownBy(() -> DatasetPath.qualified("data/x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot use path = data/x: it is relative, and Flink's default file system is s3://bucket");
    } finally {
      FileSystem.initialize(new Configuration(), null);
    }
  }

  @Test
  void refusesWhatIsNoPath() {
    assertThatThrownBy(() -> DatasetPath.qualified("a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use path = ");
  }
}
