// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cache.compression.CompressionData;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark in a small form, so that it does not rot; its speeds mean nothing here. */
@Tag("it")
final class CompressionBenchmarkITCase {

  @TempDir private Path directory;

  @Test
  void measuresEveryKindOfData() throws Exception {
    JsonNode kinds = run(null);

    assertThat(kinds).hasSize(CompressionData.TENSORS.size() + 3);
    for (JsonNode kind : kinds) {
      String name = kind.get("kind").asText();
      double zstd = kind.get("zstd-3").get("ratio").asDouble();
      double auto = kind.get("auto").get("ratio").asDouble();
      assertThat(auto).as(name).isGreaterThan(zstd > 1.05 ? 0.99 * zstd : 0.99);
      assertThat(kind.get("auto").get("decompressMegabytesPerSecond").get("values"))
          .as(name)
          .hasSize(1);
    }
  }

  @Test
  void measuresFilesOfADirectory() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.write(data.resolve("b.bin"), CompressionData.tensor("tokens-int64"));
    Files.write(data.resolve("a.txt"), CompressionData.text(5000));

    JsonNode kinds = run(data);
    assertThat(kinds).hasSize(2);
    assertThat(kinds.get(0).get("kind").asText()).isEqualTo("a.txt");
    assertThat(kinds.get(1).get("bytes").asLong()).isEqualTo(32_890);
  }

  private JsonNode run(Path data) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Path file =
        CompressionBenchmark.run(
            new CompressionBenchmark.Settings(data, directory.resolve("results"), 0, 1, 1),
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertThat(result.get("machine").get("zstd-jni").asText()).isNotEmpty();
    JsonNode kinds = result.get("kinds");
    assertThat(printed.toString(StandardCharsets.UTF_8).lines().filter(l -> l.startsWith("| ")))
        .hasSize(kinds.size() + 2);
    return kinds;
  }
}
