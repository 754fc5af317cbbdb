// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
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

/**
 * The benchmark in a small form: what does not depend on time holds at every scale. The pages are
 * looked at by {@code PageTest}; here they must be complete.
 */
@Tag("it")
final class CacheBenchmarkITCase {

  @TempDir private Path results;

  @Test
  void keepsThePromisesThatDoNotDependOnTime() throws Exception {
    Set<Path> before = temporaryData();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Path file =
        CacheBenchmark.run(settings(), new PrintStream(printed, true, StandardCharsets.UTF_8));

    CacheResult result = CacheResult.read(file);
    for (HitRate rate : of(result, "plan")) {
      assertThat(rate.bound()).isCloseTo(0.5, within(0.001));
      assertThat(rate.ratio()).as("%s: hit rate / bound", rate.id()).isGreaterThan(0.97);
      assertThat(rate.originRatio()).as("%s: origin / expected", rate.id()).isLessThan(1.03);
      assertThat(rate.highestWorkingBytes()).isLessThanOrEqualTo(rate.workingBytes());
      assertThat(rate.alongEpoch()).hasSize(EpochProfile.PARTS).allMatch(hits -> hits > 0.25);
    }
    for (HitRate rate : of(result, "lru")) {
      // At this scale a job keeps nothing in its last epoch, which is good for what was there.
      assertThat(rate.byEpoch().get(1))
          .as("%s: hit rate", rate.id())
          .isLessThan(0.9 * rate.bound());
    }
    assertThat(result.hitRates())
        .hasSize(4)
        .allSatisfy(
            rate ->
                assertThat(rate.countedOriginBytes())
                    .as("%s: what the source counts is what the origin sent", rate.id())
                    .isEqualTo(rate.originBytes()));
    assertThat(result.latencies())
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(latency -> assertThat(latency.micros()).isSorted());
    assertThat(EarlierResult.read(file).figures()).isEqualTo(result.figures());
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("plan: hit rate / bound, lowest of 2 jobs");
    checkPage(Files.readString(page(file)));
    assertThat(temporaryData()).isEqualTo(before);
  }

  private CacheBenchmarkSettings settings() {
    return new CacheBenchmarkSettings(
        0.04,
        3,
        List.of(50.0),
        List.of(1, 4),
        List.of("plan", "lru"),
        List.of(CacheBenchmarkSettings.SHUFFLED),
        List.of(),
        Set.of(CacheBenchmarkSettings.HIT_RATE, CacheBenchmarkSettings.LATENCY),
        results,
        null);
  }

  private static List<HitRate> of(CacheResult result, String policy) {
    List<HitRate> rates =
        result.hitRates().stream().filter(rate -> rate.policy().equals(policy)).toList();
    assertThat(rates).as(policy).hasSize(2);
    return rates;
  }

  private void checkPage(String page) throws Exception {
    assertThat(page)
        .contains("Hit rate against cache size", "Hit rate along the epoch")
        .contains("Shuffled, 1 reader", "Shuffled, 4 readers", "Latency of a sample")
        .contains("p99 of a 100 KB sample, memory");
    Path again =
        BenchmarkReport.run(
            results,
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    assertThat(Files.readString(again)).as("made again from the result file").isEqualTo(page);
  }

  private static Path page(Path file) {
    return file.resolveSibling(file.getFileName().toString().replace(".json", ".html"));
  }

  private static Set<Path> temporaryData() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().matches("millrace-(cache|heap)-.*"))
          .collect(Collectors.toSet());
    }
  }
}
