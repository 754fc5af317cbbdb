// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void refusesWhatIsNoPath() {
    assertThatThrownBy(() -> DatasetPath.qualified("a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use path = ");
  }
}
