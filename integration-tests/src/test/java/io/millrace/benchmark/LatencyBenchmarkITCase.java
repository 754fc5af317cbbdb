// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark in a small form, so that it does not rot. Of its figures only that reading ahead
 * helps means something here.
 */
@Tag("it")
final class LatencyBenchmarkITCase {

  @TempDir private Path results;

  @Test
  void readingAheadHidesLatency() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Path file =
        LatencyBenchmark.run(
            new BenchmarkSettings(0.1, 0, 1, 3, null, results, null),
            List.of(20),
            HiddenLatency.VARIANTS,
            new PrintStream(printed, true, StandardCharsets.UTF_8));

    EarlierResult result = EarlierResult.read(file);
    assertThat(file.getFileName().toString()).startsWith("latency-");
    assertThat(result.figures())
        .containsKeys(
            "delayed.local MB/s",
            "delayed.local-throttled MB/s",
            "delayed.20ms-prefetch / bound",
            "delayed.20ms-slow-tail / bound",
            "delayed.20ms-slow-tail-unhedged / bound",
            "delayed.20ms-throttled / local-throttled",
            "delayed.20ms-slow-tail-throttled / local-throttled");
    assertThat(result.figures().values()).allMatch(figure -> figure > 0);
    assertThat(result.figures().get("delayed.20ms-prefetch / no-prefetch"))
        .as(() -> printed.toString(StandardCharsets.UTF_8))
        .isGreaterThan(1.5);
  }
}
