// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.millrace.storage.ByteChunks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What is promised of ratios, on pieces of real files; docs/compression.md has those of whole ones.
 */
@Tag("unit")
final class CompressionRatioTest {

  @ParameterizedTest
  @FieldSource("io.millrace.cache.compression.CompressionData#TENSORS")
  void isNeverWorseThanZstd(String kind) throws Exception {
    byte[] bytes = CompressionData.tensor(kind);
    assertThat(ratio(bytes)).isGreaterThan(0.99 * zstdRatio(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "weights-f32, 1.05",
    "weights-bf16, 1.05",
    "weights-bf16-in-f32, 1.2",
    "activations-relu-f32, 1.05",
    "activations-linear-f32, 1.03",
    "activations-linear-f16, 1.04",
    "gradients-f32, 1.05",
    "noise-f32, 1.05",
    "tokens-int64, 1.1"
  })
  void isBetterThanZstdOnNumbers(String kind, double least) throws Exception {
    byte[] bytes = CompressionData.tensor(kind);
    assertThat(ratio(bytes)).isGreaterThan(least * zstdRatio(bytes));
  }

  @ParameterizedTest
  @CsvSource({"weights-bf16-in-f32", "tokens-int64", "tokens-int32"})
  void isAbove2point3(String kind) throws Exception {
    assertThat(ratio(CompressionData.tensor(kind))).isGreaterThan(2.3);
  }

  /** A frame over all bytes, so that what repeats is found as far away as zstd alone finds it. */
  @Test
  void isNoWorseThanZstdOnTextLongerThanAChunk() {
    byte[] text = CompressionData.text(1_500_000);
    System.arraycopy(text, 0, text, 1_000_000, 400_000);
    assertThat(ratio(text)).isGreaterThan(0.99 * zstdRatio(text));
  }

  @Test
  void doesNotHideNumbersBehindText() {
    byte[] mixed =
        CompressionData.concatenated(
            CompressionData.text(150_000), CompressionData.floats(400_000, 1));
    assertThat(ratio(mixed)).isGreaterThan(1.05 * zstdRatio(mixed));
  }

  private static double zstdRatio(byte[] bytes) {
    return (double) bytes.length / Zstd.compress(bytes, StoredFormat.ZSTD_LEVEL).length;
  }

  private static double ratio(byte[] bytes) {
    try (ExtentCompression auto = new ExtentCompression(CompressionMode.AUTO)) {
      return auto.compress(CompressionData.chunks(bytes), ChunkSource.ON_HEAP)
          .map(ByteChunks::length)
          .map(length -> (double) bytes.length / length)
          .orElse(1.0);
    }
  }
}
