// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class RootMappingTest {

  @ParameterizedTest
  @CsvSource({
    "hdfs://nn/data, s3://bucket/copy, hdfs://nn/data/a/b.mds, s3://bucket/copy/a/b.mds",
    "hdfs://nn/data, s3://bucket, hdfs://nn/data/x, s3://bucket/x",
    "s3://bucket, file:/, s3://bucket/a/x, file:/a/x",
    "file:/, s3://bucket, file:/a/x, s3://bucket/a/x",
    "file:/a, file:/b, file:/a, file:/b",
    "file:/a, file:/b, file:/a/a%20b#?c d, file:/b/a%20b#?c d",
    "file:/a, file:/b, file:/a/a\\b, file:/b/a\\b",
    "file:/a, file:/a, file:/a/x, file:/a/x",
    "file:/a, file:/a/copy, file:/a/x, file:/a/copy/x"
  })
  void movesALocationToTheSamePlaceBelowTheOtherRoot(
      String from, String to, String location, String expected) {
    RootMapping mapping = new RootMapping(ObjectLocation.of(from), ObjectLocation.of(to));

    assertThat(mapping.map(ObjectLocation.of(location))).isEqualTo(ObjectLocation.of(expected));
    assertThat(new RootMapping(mapping.to(), mapping.from()).map(ObjectLocation.of(expected)).uri())
        .isEqualTo(location);
  }

  @Test
  void refusesALocationThatIsElsewhere() {
    RootMapping mapping =
        new RootMapping(
            ObjectLocation.of("s3://key:secret@b/data"), ObjectLocation.of("file:/copy"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> mapping.map(ObjectLocation.of("s3://key:secret@b/data-2/x")))
        .withMessage("Cannot find s3://b/data-2/x below file:/copy: it is not below s3://b/data");
  }
}
