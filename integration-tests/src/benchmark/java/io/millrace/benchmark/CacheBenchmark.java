// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cache against what it promises: hit rate and origin bytes of real jobs beside the bound, the
 * time that a hit takes, memory by part, and heaps that are filled. What it writes is deleted, but
 * for the result file and its page. {@code docs/testing.md} says how to run it.
 */
public final class CacheBenchmark {

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'cache-'yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final CacheBenchmarkSettings settings;
  private final PrintStream out;

  private CacheBenchmark(CacheBenchmarkSettings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /** Takes its settings from the system properties {@code benchmark.*}. */
  @SuppressWarnings("CatchAndPrintStackTrace") // The JVM would print it, too, but ends first.
  public static void main(String[] arguments) {
    int status = 1;
    try {
      run(CacheBenchmarkSettings.from(System.getProperties()), System.out);
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      // As in ThroughputBenchmark: nothing that Flink has lost keeps the process alive.
      System.exit(status);
    }
  }

  /** Measures, prints, and returns the result file; the page has its name with another ending. */
  static Path run(CacheBenchmarkSettings settings, PrintStream out) throws Exception {
    EarlierResult earlier =
        settings.compare() == null ? null : EarlierResult.read(settings.compare());
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    CacheResult result = new CacheBenchmark(settings, out).measure(time);
    Path directory = Files.createDirectories(settings.results());
    Path file = directory.resolve(NAME.format(time) + ".json");
    result.write(file);
    print(result, out);
    if (earlier != null) {
      earlier.printChanges(result, out);
    }
    Path page = BenchmarkReport.write(directory, file);
    out.printf("%nEvery value: %s%nPage: %s%n", file.toAbsolutePath(), page.toAbsolutePath());
    return file;
  }

  /** First what needs memory for other processes, last what leaves this one's heap large. */
  private CacheResult measure(Instant time) throws Exception {
    Map<String, String> machine = Machine.describe();
    try (BenchmarkData data = BenchmarkData.create(CacheResult.NAME)) {
      List<HeapFill> heaps =
          settings.includes(CacheBenchmarkSettings.HEAP)
              ? new HeapFills(data.directory(), out).measure(settings.heaps())
              : List.of();
      List<HitLatency> latencies =
          settings.includes(CacheBenchmarkSettings.LATENCY) ? latencies(data) : List.of();
      List<HitRate> rates = List.of();
      MemoryTimeline memory = null;
      if (settings.includes(CacheBenchmarkSettings.HIT_RATE)
          || settings.includes(CacheBenchmarkSettings.MEMORY)) {
        SparseDataset dataset =
            SparseDataset.write(data.directory().resolve("dataset"), settings.scale());
        print(dataset);
        try (BenchmarkCluster cluster = BenchmarkCluster.start(CacheBenchmarkSettings.MAX_READERS);
            CacheJob job = CacheJob.over(dataset, cluster)) {
          if (settings.includes(CacheBenchmarkSettings.HIT_RATE)) {
            rates = new HitRates(job, settings, out).measure();
          }
          if (settings.includes(CacheBenchmarkSettings.MEMORY)) {
            memory = MemoryTimeline.measure(job, CacheBenchmarkSettings.MAX_READERS);
          }
        }
      }
      return result(time, machine, rates, latencies, memory, heaps);
    }
  }

  private List<HitLatency> latencies(BenchmarkData data) throws IOException, InterruptedException {
    return new HitLatencies(data.directory().resolve("latency"), settings.scale()).measure();
  }

  private CacheResult result(
      Instant time,
      Map<String, String> machine,
      List<HitRate> rates,
      List<HitLatency> latencies,
      @Nullable MemoryTimeline memory,
      List<HeapFill> heaps) {
    Map<String, Double> measured = new LinkedHashMap<>();
    measured.put("scale", settings.scale());
    measured.put("epochs", (double) settings.epochs());
    return new CacheResult(
        CacheResult.NAME,
        time.toString(),
        machine,
        measured,
        CacheFigures.all(rates, latencies, memory, heaps),
        rates,
        latencies,
        memory,
        heaps);
  }

  private void print(SparseDataset dataset) {
    out.printf(
        Locale.ROOT,
        "dataset: %,d bytes in %d shards, %,d samples of %,d bytes%n",
        dataset.storedBytes(),
        dataset.shards(),
        dataset.samples(),
        dataset.zerosPerSample());
  }

  private static void print(CacheResult result, PrintStream out) {
    out.println();
    result.machine().forEach((key, value) -> out.printf("  %s: %s%n", key, value));
    out.printf(Locale.ROOT, "%n%-62s %14s %16s%n", "", "measured", "aim");
    for (Aim aim : CacheFigures.aims(result)) {
      out.printf(
          Locale.ROOT,
          "%-62s %14s %16s  %s%n",
          aim.id(),
          aim.shown(),
          aim.wanted(),
          aim.reached() ? "reached" : "missed");
    }
  }
}
