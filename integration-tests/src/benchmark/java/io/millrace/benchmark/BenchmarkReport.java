// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.benchmark.page.Page;
import io.millrace.benchmark.page.Section;
import io.millrace.benchmark.page.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a page of result files: of each benchmark the newest in a directory, and of the parts that
 * this run of the cache's left out, the newest that has them. It can be made again as long as they
 * are there.
 */
public final class BenchmarkReport {

  private static final String PAGE = "benchmarks.html";

  private BenchmarkReport() {}

  /** Takes the directory from the system property {@code benchmark.results}. */
  public static void main(String[] arguments) throws IOException {
    run(new BenchmarkProperties(System.getProperties()).results(), System.out);
  }

  /** Makes {@code benchmarks.html} of all results in a directory, and returns it. */
  static Path run(Path directory, PrintStream out) throws IOException {
    Path page = directory.resolve(PAGE);
    page(directory, newestOfCache(directory)).write(page);
    out.printf("Page: %s%n", page.toAbsolutePath());
    return page;
  }

  /**
   * Makes the page of one run, beside the newest results of the other benchmarks in a directory.
   *
   * @param cacheFile its result file; the page has its name with another ending
   */
  static Path write(Path directory, Path cacheFile) throws IOException {
    String name = cacheFile.getFileName().toString().replaceFirst("\\.json$", "");
    Path page = directory.resolve(name + ".html");
    page(directory, List.of(CacheResult.read(cacheFile))).write(page);
    return page;
  }

  /** Newest first, until every part is there. */
  private static List<CacheResult> newestOfCache(Path directory) throws IOException {
    List<CacheResult> results = new ArrayList<>();
    for (Path file : newestFirst(directory, CacheResult.NAME)) {
      if (together(results).map(CacheResult::isComplete).orElse(false)) {
        break;
      }
      results.add(CacheResult.read(file));
    }
    return results;
  }

  private static Optional<CacheResult> together(List<CacheResult> newestFirst) {
    return newestFirst.stream().reduce(CacheResult::completedBy);
  }

  private static Page page(Path directory, List<CacheResult> ofCache) throws IOException {
    List<List<String>> aims = new ArrayList<>();
    List<Section> sections = new ArrayList<>();
    List<Section> sources = new ArrayList<>();
    Optional<CacheResult> cache = together(ofCache);
    if (cache.isPresent()) {
      CacheFigures.aims(cache.get()).forEach(aim -> aims.add(row(aim)));
      sections.addAll(sections(cache.get()));
      ofCache.forEach(
          run -> sources.add(source(run.benchmark(), run.time(), run.machine(), run.settings())));
    }
    for (String benchmark : List.of("latency", "throughput")) {
      Optional<Path> file = newestFirst(directory, benchmark).stream().findFirst();
      if (file.isPresent()) {
        SavedThroughput saved = SavedThroughput.read(file.get());
        saved.aims().forEach(aim -> aims.add(row(aim)));
        LatencySection.of(saved)
            .ifPresent(section -> sections.add(Math.min(1, sections.size()), section));
        EarlierResult result = saved.result();
        sources.add(source(benchmark, result.time(), result.machine(), result.settings()));
      }
    }
    if (sources.isEmpty()) {
      throw new IOException(
          "Cannot make a page: " + directory + " has no result files; set benchmark.results");
    }
    List<Section> all = new ArrayList<>();
    all.add(
        new Section(
            "Aims",
            "Every figure that has an aim beside it, as measured in this run.",
            List.of(),
            List.of(
                new Table(
                    "what was measured, and what it should be",
                    List.of("figure", "measured", "aim", "result"),
                    aims))));
    all.addAll(sections);
    all.addAll(sources);
    return new Page(
        "Millrace benchmarks",
        "Figures of one machine, and of the load that it had; all of them are in the result files"
            + " beside this page.",
        all);
  }

  private static List<Section> sections(CacheResult cache) {
    List<Section> sections = new ArrayList<>();
    if (!cache.hitRates().isEmpty()) {
      sections.add(CacheSections.hitRates(cache.hitRates()));
      sections.add(CacheSections.alongEpoch(cache.hitRates()));
    }
    if (!cache.latencies().isEmpty()) {
      sections.add(MemorySections.latencies(cache.latencies()));
    }
    MemoryTimeline memory = cache.memory();
    if (memory != null) {
      sections.add(MemorySections.memory(memory));
    }
    if (!cache.heaps().isEmpty()) {
      sections.add(MemorySections.heaps(cache.heaps()));
    }
    return sections;
  }

  private static List<String> row(Aim aim) {
    return List.of(
        aim.id(), aim.shown(), aim.wanted(), aim.reached() ? Table.REACHED : Table.MISSED);
  }

  private static Section source(
      String benchmark, String time, Map<String, String> machine, Map<String, Double> settings) {
    List<List<String>> rows = new ArrayList<>();
    machine.forEach((name, value) -> rows.add(List.of(name, value)));
    settings.forEach((name, value) -> rows.add(List.of(name, Numbers.plain(value))));
    return new Section(
        "Machine and settings of " + benchmark,
        "Measured at " + time + ".",
        List.of(),
        List.of(new Table("what the figures depend on", List.of("", "value"), rows)));
  }

  /** Names of result files end with the time. */
  private static List<Path> newestFirst(Path directory, String benchmark) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(benchmark + "-\\w+\\.json"))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }
}
