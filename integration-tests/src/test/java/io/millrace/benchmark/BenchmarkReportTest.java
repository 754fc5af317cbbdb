// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class BenchmarkReportTest {

  private static final String LATENCY =
      """
      {"benchmark": "latency", "time": "2026-11-29T10:00:00Z", "figures": {"a": 1},
       "ratios": [
         {"id": "delayed.5ms-prefetch / bound", "aim": 0.9, "ratio": {"median": 0.8}},
         {"id": "delayed.50ms-prefetch / bound", "aim": 0.9, "ratio": {"median": 0.95}},
         {"id": "delayed.5ms-slow-tail-unhedged / bound", "aim": 0, "ratio": {"median": 0.5}}],
       "variants": [
         {"id": "delayed.local", "megabytesPerSecond": {"median": 2500}},
         {"id": "delayed.5ms-prefetch", "megabytesPerSecond": {"median": 2000}},
         {"id": "delayed.50ms-prefetch", "megabytesPerSecond": {"median": 1900}},
         {"id": "delayed-part.5ms-no-prefetch", "megabytesPerSecond": {"median": 400}},
         {"id": "delayed-part.50ms-no-prefetch", "megabytesPerSecond": {"median": 70}}]}
      """;

  @TempDir private Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void writeResult() throws IOException {
    result().write(directory.resolve("cache-20261129T100000Z.json"));
  }

  @Test
  void showsEverythingThatWasMeasured() throws IOException {
    String page = report();

    assertThat(page)
        .contains("<h2>Aims", "Hit rate against cache size", "Hit rate along the epoch")
        .contains("Latency of a sample", "Memory by part", "Heaps under G1")
        .contains("Machine and settings of cache", "a processor")
        .contains("plan, cache of 50.0 %: 49.0 % hits", "memory, p99: 142 µs")
        .contains("retained: 500.0 MB", "bound: 600.0 MB")
        .contains("heap of 1 GB", "java.lang.OutOfMemoryError")
        .contains("<td class=\"reached\">", "<td class=\"missed\">");
    assertThat(page).as("nothing of what is not there").doesNotContain("against latency", "lru,");
  }

  @Test
  void drawsTheResultsOfOtherBenchmarks() throws IOException {
    Files.writeString(directory.resolve("latency-20261129T100000Z.json"), LATENCY);

    assertThat(report())
        .contains("Throughput against latency", "prefetch, 50 ms: 1,900 MB/s")
        .contains("no prefetch, 5 ms: 400 MB/s")
        .contains("bound, 5 ms: 2,500 MB/s", "bound, 50 ms: 2,000 MB/s")
        .contains("latency: delayed.5ms-prefetch / bound")
        .as("what nothing is expected of is no aim")
        .doesNotContain("unhedged");
  }

  @Test
  void takesTheNewestResult() throws IOException {
    Files.writeString(directory.resolve("cache-20261128T100000Z.json"), "not to be read");

    assertThat(report()).contains("Hit rate against cache size");
  }

  @Test
  void takesPartsThatTheNewestLeftOutFromTheOneBefore() throws IOException {
    CacheResult full = result();
    new CacheResult(
            CacheResult.NAME,
            "2026-11-30T10:00:00Z",
            Map.of("processor", "another processor"),
            full.settings(),
            Map.of(),
            List.of(),
            List.of(
                new HitLatency(
                    "memory", 100_000, 1_000, 100, List.of(50.0, 99.0), List.of(20.0, 43.0))),
            null,
            List.of())
        .write(directory.resolve("cache-20261130T100000Z.json"));

    assertThat(report())
        .contains("Hit rate against cache size", "memory, p99: 43 µs", "Heaps under G1")
        .contains("a processor", "another processor")
        .doesNotContain("142 µs");
  }

  @Test
  void refusesADirectoryWithoutResults(@TempDir Path empty) {
    assertThatThrownBy(() -> BenchmarkReport.run(empty, System.out))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot make a page: " + empty + " has no result files; set benchmark.results");
  }

  private String report() throws IOException {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Path page = BenchmarkReport.run(directory, out);
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Page: " + page);
    return Files.readString(page);
  }

  private static CacheResult result() {
    HitRate rate =
        new HitRate(
            "plan",
            true,
            1,
            5,
            1_000_000_000,
            500_000_000,
            90_000_000,
            88_000_000,
            0.49,
            List.of(0.0, 0.49, 0.49, 0.49, 0.49),
            List.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.4),
            3_040_000_000L,
            3_040_000_000L,
            800,
            12);
    HitLatency latency =
        new HitLatency(
            "memory", 100_000, 1_000, 100, List.of(50.0, 99.0, 99.9), List.of(20.0, 142.0, 300.0));
    MemoryTimeline memory =
        new MemoryTimeline(
            600_000_000,
            1_000_000_000,
            4,
            40_000_000,
            List.of(
                new MemoryPoint(0.2, 100_000_000, 80_000_000, 0, 85_000_000, 1_000_000),
                new MemoryPoint(10, 500_000_000, 80_000_000, 5_000_000, 85_000_000, 2_000_000)));
    List<HeapFill> heaps =
        List.of(
            new HeapFill(1L << 30, 0.5, 11, 0.999, 0, "", List.of(600_000_000L, 600_100_000L)),
            new HeapFill(
                1L << 30, 0.9, 3, 0, 0, "java.lang.OutOfMemoryError: Java heap space", List.of()));
    List<HitRate> rates = List.of(rate);
    List<HitLatency> latencies = List.of(latency);
    return new CacheResult(
        CacheResult.NAME,
        "2026-11-29T10:00:00Z",
        Map.of("processor", "a processor"),
        Map.of("scale", 1.0),
        CacheFigures.all(rates, latencies, memory, heaps),
        rates,
        latencies,
        memory,
        heaps);
  }
}
