// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("sets Flink's default file system")
@Tag("unit")
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://KEY:se;cret@bucket/x",
        "s3://KEY:;secret@bucket/x",
        "s3://KEY:se/c;ret@bucket/x",
        "s3://KEY;secret:secret@bucket/x",
        "s3://KEY;x;cret@bucket/x",
        "s3://KEY:a@b;cret@bucket/x",
        " s3://KEY:se;cret@bucket/x;hdfs://nn/x",
        "s3://KEY:se;;cret@bucket/x",
        "hdfs://nn/x;s3://KEY:se;cret@bucket/x",
        "https://KEY/x?sig=se;cret",
      })
  void refusesToSplitASecretAndShowsNothingOfIt(String path) {
    assertThatThrownBy(() -> DatasetPath.roots(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot use path: what stands before semicolon [12] seems to end within credentials,"
                + " in a user information or a query; write \\\\; for a semicolon that does not"
                + " separate roots")
        .hasMessageNotContainingAny("KEY", "se;", "cret@", "sig", "bucket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://nn:8020/x;/y",
        "hdfs://[::1]:8020/x;hdfs://[::1]/y",
        "alluxio://h1:19998,h2:19998/x;/y",
        "s3://k:secret@a/x;s3://k:secret@b/x",
        "s3://k:se/cret@a/x;s3://b/x@2",
        "abfss://container@account/x;abfss://container@other/x",
        "hdfs://nn/what?;file:/what?",
        "file:///a:b;/c@d",
      })
  void splitsWhatEndsBeforeTheSemicolon(String path) {
    assertThat(DatasetPath.roots(path)).hasSize(2);
  }

  @Test
  void takesASecretWithAnEscapedSemicolon() {
    assertThat(DatasetPath.roots("s3://KEY:se\\;cret@bucket/x;hdfs://nn/x"))
        .containsExactly("s3://KEY:se;cret@bucket/x", "hdfs://nn/x");
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
