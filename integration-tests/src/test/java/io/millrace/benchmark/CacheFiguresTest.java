// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class CacheFiguresTest {

  @Test
  void comparesHitsAndOriginWithTheBound() {
    HitRate rate = rate("plan", 400, 0.39, 3_480);

    assertThat(rate.bound()).isEqualTo(0.4);
    assertThat(rate.ratio()).isCloseTo(0.975, within(1e-9));
    assertThat(rate.originBytesAtBound()).isCloseTo(3_400, within(1e-9));
    assertThat(rate.originRatio()).isCloseTo(1.0235, within(1e-4));
    assertThat(rate.id()).isEqualTo("plan shuffled 1 reader, 40 %");
  }

  @Test
  void judgesByTheWorstJob() {
    List<HitRate> rates =
        List.of(
            rate("plan", 400, 0.4, 3_400),
            rate("plan", 600, 0.3, 3_000),
            rate("lru", 400, 0, 5_000));

    List<Aim> aims = CacheFigures.aims(result(rates, List.of(), List.of()));

    assertThat(aims)
        .extracting(Aim::id, Aim::shown, Aim::wanted, Aim::reached)
        .containsExactly(
            tuple("plan: hit rate / bound, lowest of 2 jobs", "0.5", "≥ 0.97", false),
            tuple(
                "plan: origin bytes / expected, highest (lowest 1.000)", "1.15", "≤ 1.03", false));
  }

  @Test
  void takesPercentilesOfAllDraws() {
    HitLatency latency =
        HitLatency.of(
            "memory", 100, 100, LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray());

    assertThat(latency.micros(0)).isEqualTo(0.001);
    assertThat(latency.micros(50)).isEqualTo(0.5);
    assertThat(latency.micros(99)).isEqualTo(0.99);
    assertThat(latency.micros(99.9)).isEqualTo(0.999);
    assertThat(latency.micros(100)).isEqualTo(1);
  }

  @Test
  void findsTheLargestPartOfAHeapThatFits() {
    List<HeapFill> heaps =
        List.of(
            new HeapFill(1L << 30, 0.5, 11, 0.999, 0, "", List.of(1_000L, 1_010L)),
            new HeapFill(1L << 30, 0.6, 3, 0.99, 0, "", List.of()),
            new HeapFill(1L << 30, 0.7, 3, 0.99, 2, "", List.of()));

    assertThat(CacheFigures.largestShare(heaps, 1L << 30)).isEqualTo(0.6);
    assertThat(CacheFigures.aims(result(List.of(), List.of(), heaps)))
        .extracting(Aim::id, Aim::shown, Aim::reached)
        .containsExactly(
            tuple("heap of 1 GB: bound filled without a full collection", "99 %", true),
            tuple("heap of 1 GB: live bytes after epoch 10 against epoch 2", "1 %", true));
  }

  private static HitRate rate(String policy, long retainable, double hitRate, long originBytes) {
    return new HitRate(
        policy,
        true,
        1,
        5,
        1_000,
        retainable,
        10,
        9,
        hitRate,
        List.of(),
        List.of(),
        originBytes,
        originBytes,
        1,
        1);
  }

  private static CacheResult result(
      List<HitRate> rates, List<HitLatency> latencies, List<HeapFill> heaps) {
    return new CacheResult(
        CacheResult.NAME, "", Map.of(), Map.of(), Map.of(), rates, latencies, null, heaps);
  }
}
