// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark in a small form, so that it does not rot; its figures mean nothing here. */
@Tag("it")
final class ThroughputBenchmarkITCase {

  @TempDir private Path results;

  @Test
  void measuresEveryVariantAndLeavesNothingButTheResult() throws Exception {
    Set<Path> before = temporaryData();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Path file =
        ThroughputBenchmark.run(
            new BenchmarkSettings(0.005, 0, 1, 3, null, results, null),
            new PrintStream(printed, true, StandardCharsets.UTF_8));

    EarlierResult result = EarlierResult.read(file);
    for (String dataset : List.of("100kb", "1kb")) {
      assertThat(result.figures())
          .containsKeys(
              dataset + ".millrace-raw MB/s",
              dataset + ".millrace-raw-cached MB/s",
              dataset + ".millrace-zstd MB/s",
              dataset + ".millrace-zstd-cached MB/s",
              dataset + ".file-source job MB/s",
              dataset + ".copy-alone MB/s",
              dataset + ".zstd-alone MB/s",
              dataset + ".millrace-raw / file-source",
              dataset + ".millrace-zstd-cached / zstd-alone");
    }
    assertThat(result.figures())
        .containsKeys("pt-100kb.millrace-torch / plain-read", "pt-100kb.plain-read MB/s")
        .containsKeys("sql.sql-label / sql-all", "sql.sql-label-cached / sql-all-cached");
    assertThat(result.figures().values()).allMatch(figure -> figure > 0);
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text.lines().filter(line -> line.startsWith("round "))).hasSize(21);
    assertThat(text.lines().filter(line -> line.contains("100 %")))
        .as("variants whose cache held everything")
        .hasSize(7);
    assertThat(text)
        .containsPattern("COUNT\\(\\*\\) = 20 in .* origin: 0 bytes of samples, \\d+ of");
    assertThat(temporaryData()).isEqualTo(before);
  }

  private static Set<Path> temporaryData() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("millrace-throughput-"))
          .collect(Collectors.toSet());
    }
  }
}
