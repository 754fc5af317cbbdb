// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.benchmark.DelayedVariant.Conditions;
import io.millrace.harness.fault.FaultyOrigin;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How much of an origin's latency is hidden: whole jobs of parallelism 1 over files each request for
 * which takes a set time, with prefetch and without, with some requests much slower than the others,
 * and with a consumer that takes a set number of bytes a second. All in one process and in turn;
 * {@code docs/testing.md} says how to run it.
 */
public final class LatencyBenchmark {

  private static final int THROTTLE = 200;

  /** Thrice what may be held ahead: of less, the next epoch would be there before it begins. */
  private static final int FULL_SAMPLES = 12_000;

  /** Without prefetch a request follows the other: less of them tells as much. */
  private static final int FULL_SAMPLES_IN_TURN = 640;

  private static final double MEMORY_SHARE = 0.2;

  private LatencyBenchmark() {}

  /** Takes its settings from the system properties {@code benchmark.*}. */
  @SuppressWarnings("CatchAndPrintStackTrace") // The JVM would print it, too, but ends first.
  public static void main(String[] arguments) {
    int status = 1;
    try {
      run(
          BenchmarkSettings.from(System.getProperties()),
          latencies(System.getProperty("benchmark.latencies", "")),
          new BenchmarkProperties(System.getProperties())
              .words("variants", HiddenLatency.VARIANTS),
          System.out);
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      // Without it a fetcher that Flink has lost (FLINK-40660) keeps the process alive for ever.
      System.exit(status);
    }
  }

  private static List<Integer> latencies(String given) {
    String list = given.isBlank() ? "5,50,200" : given;
    return Arrays.stream(list.split(",")).map(text -> Integer.valueOf(text.strip())).toList();
  }

  /**
   * Measures, prints, and returns the result file.
   *
   * @param latencies milliseconds that a request takes
   * @param chosen of {@link HiddenLatency#VARIANTS}
   */
  static Path run(
      BenchmarkSettings settings, List<Integer> latencies, List<String> chosen, PrintStream out)
      throws Exception {
    EarlierResult earlier =
        settings.compare() == null ? null : EarlierResult.read(settings.compare());
    Map<String, String> machine = Machine.describe();
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    long memoryBytes = (long) (Runtime.getRuntime().maxMemory() * MEMORY_SHARE);
    List<VariantResult> variants = measure(settings, latencies, chosen, memoryBytes, out);
    Throughput result =
        new Throughput(
            time,
            machine,
            settings,
            variants,
            new HiddenLatency(variants, memoryBytes / 2).ratios(latencies));
    Path file = ThroughputJson.write("latency", result);
    ThroughputTable.print(result, out);
    if (earlier != null) {
      earlier.printChanges(result, out);
    }
    out.printf("%nEvery value: %s%n", file.toAbsolutePath());
    return file;
  }

  private static List<VariantResult> measure(
      BenchmarkSettings settings,
      List<Integer> latencies,
      List<String> chosen,
      long memoryBytes,
      PrintStream out)
      throws Exception {
    try (BenchmarkData data = BenchmarkData.create();
        BenchmarkCluster cluster = BenchmarkCluster.start();
        FaultyOrigin origin = FaultyOrigin.file("latency-benchmark", data.directory(), 1)) {
      DelayedDataset all =
          DelayedDataset.write(
              data.directory(), HiddenLatency.ALL, samples(FULL_SAMPLES, settings.scale()));
      DelayedDataset some =
          DelayedDataset.write(
              data.directory(), HiddenLatency.SOME, samples(FULL_SAMPLES_IN_TURN, settings.scale()));
      out.printf(
          Locale.ROOT,
          "%,d bytes in %,d samples; budget %,d bytes%n",
          all.payloadBytes(),
          all.samples(),
          memoryBytes / 2);
      DelayedVariant.Run run = new DelayedVariant.Run(cluster, origin, memoryBytes);
      List<Variant> variants = new ArrayList<>();
      Conditions local = Conditions.prefetching(0);
      variants.add(new DelayedVariant(all, HiddenLatency.LOCAL, run, local));
      if (chosen.stream().anyMatch(HiddenLatency::isThrottled)) {
        variants.add(
            new DelayedVariant(
                all, HiddenLatency.LOCAL_THROTTLED, run, local.throttledTo(THROTTLE)));
      }
      for (int latency : latencies) {
        for (String variant : chosen) {
          DelayedDataset dataset = variant.equals(HiddenLatency.IN_TURN) ? some : all;
          variants.add(
              new DelayedVariant(
                  dataset, latency + "ms-" + variant, run, conditions(variant, latency)));
        }
      }
      return new Rounds(variants, settings, out).run();
    }
  }

  private static Conditions conditions(String variant, int latency) {
    Conditions delayed = Conditions.prefetching(latency);
    return switch (variant) {
      case HiddenLatency.PREFETCH -> delayed;
      case HiddenLatency.IN_TURN -> delayed.withoutPrefetch();
      case HiddenLatency.SLOW_TAIL -> delayed.withSlowTail();
      case HiddenLatency.SLOW_TAIL_UNHEDGED -> delayed.withSlowTail().withoutHedging();
      case HiddenLatency.THROTTLED -> delayed.throttledTo(THROTTLE);
      case HiddenLatency.SLOW_TAIL_THROTTLED -> delayed.withSlowTail().throttledTo(THROTTLE);
      default -> throw new IllegalArgumentException("Cannot measure variant " + variant);
    };
  }

  private static int samples(int full, double scale) {
    return (int) Math.max(2, Math.round(full * scale));
  }
}
