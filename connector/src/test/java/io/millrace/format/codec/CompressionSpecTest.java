// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class CompressionSpecTest {

  @ParameterizedTest
  @CsvSource({
    "zstd, ZSTD, 3, zstd:3, .zstd",
    "zstd:1, ZSTD, 1, zstd:1, .zstd",
    "zstd:22, ZSTD, 22, zstd:22, .zstd",
    "gz, GZIP, 9, gz:9, .gz",
    "gz:0, GZIP, 0, gz:0, .gz",
    "gz:1, GZIP, 1, gz:1, .gz",
    "br, BROTLI, 11, br:11, .br",
    "br:0, BROTLI, 0, br:0, .br",
    "bz2, BZIP2, 9, bz2:9, .bz2",
    "bz2:1, BZIP2, 1, bz2:1, .bz2",
    "snappy, SNAPPY, 0, snappy, .snappy",
  })
  void readsNamesWithAndWithoutLevels(
      String text, Compression compression, int level, String written, String suffix) {
    CompressionSpec spec = CompressionSpec.parse(text);
    assertThat(spec).isEqualTo(new CompressionSpec(compression, level));
    assertThat(spec).hasToString(written);
    assertThat(CompressionSpec.parse(spec.toString())).isEqualTo(spec);
    assertThat(compression.suffix()).isEqualTo(suffix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zstd:0 | Cannot use level 0 of compression zstd: levels are 1 to 22",
        "zstd:23 | Cannot use level 23 of compression zstd: levels are 1 to 22",
        "gz:10 | Cannot use level 10 of compression gz: levels are 0 to 9",
        "br:12 | Cannot use level 12 of compression br: levels are 0 to 11",
        "bz2:0 | Cannot use level 0 of compression bz2: levels are 1 to 9",
        "zstd: | Cannot use compression \"zstd:\": its level is not a number",
        "zstd:+3 | Cannot use compression \"zstd:+3\": its level is not a number",
        "zstd:-1 | Cannot use compression \"zstd:-1\": its level is not a number",
        "zstd:3:4 | Cannot use compression \"zstd:3:4\": its level is not a number",
        "zstd:99999999999 | Cannot use compression \"zstd:99999999999\": its level is not a number",
        "snappy:1 | Cannot use compression \"snappy:1\": snappy has no levels",
        "lz4 | Cannot use compression \"lz4\": known compressions are zstd, gz, br, bz2, snappy",
        "ZSTD | Cannot use compression \"ZSTD\": known compressions are zstd, gz, br, bz2, snappy",
      })
  void refusesWhatIsNone(String text, String message) {
    assertThatThrownBy(() -> CompressionSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void findsFamiliesByTheirNames() {
    for (Compression compression : Compression.values()) {
      assertThat(Compression.named(compression.mdsName())).contains(compression);
    }
    assertThat(Compression.named("")).isEmpty();
  }
}
