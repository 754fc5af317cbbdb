// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.benchmark.page.AreaChart;
import io.millrace.benchmark.page.Axis;
import io.millrace.benchmark.page.Chart;
import io.millrace.benchmark.page.Colour;
import io.millrace.benchmark.page.LineChart;
import io.millrace.benchmark.page.Point;
import io.millrace.benchmark.page.Section;
import io.millrace.benchmark.page.Series;
import io.millrace.benchmark.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What a hit costs, and what the cache takes of the heap, as parts of a page. */
final class MemorySections {

  private static final List<Colour> COLOURS =
      List.of(Colour.BLUE, Colour.ORANGE, Colour.PURPLE, Colour.GREEN);

  private MemorySections() {}

  /** The distribution of the time that a sample takes. */
  static Section latencies(List<HitLatency> latencies) {
    HitLatency any = latencies.get(0);
    String lead =
        String.format(
            Locale.ROOT,
            "Time to get one sample of %,d bytes at the cache: its extent of 4 MB is pinned, the"
                + " sample copied out of it, and the extent released. One thread, samples drawn at"
                + " random. From disk and with a miss from a local file the whole extent is read; where"
                + " each file holds one sample, the extent is that sample.",
            any.sampleBytes());
    return new Section(
        "Latency of a sample",
        lead,
        List.of(latencyChart(latencies)),
        List.of(latencyTable(latencies)));
  }

  private static Chart latencyChart(List<HitLatency> latencies) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    List<Series> series = new ArrayList<>();
    for (HitLatency latency : latencies) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < latency.percentiles().size(); i++) {
        double percentile = latency.percentiles().get(i);
        if (percentile >= 50 && percentile < 100) {
          double micros = latency.micros().get(i);
          least = Math.min(least, micros);
          most = Math.max(most, micros);
          points.add(
              new Point(
                  percentile,
                  micros,
                  "%s, p%s: %s µs"
                      .formatted(
                          latency.tier(), Numbers.plain(percentile), Numbers.rounded(micros))));
        }
      }
      series.add(
          Series.measured(latency.tier(), COLOURS.get(series.size() % COLOURS.size()), points));
    }
    return new LineChart(
        "Time that so many of 100 samples took at most",
        nines(),
        Axis.powersOfTen("µs", least, most, Numbers::rounded),
        series);
  }

  /** Each nine takes as much room as the one before it. */
  private static Axis nines() {
    List<Axis.Tick> ticks = new ArrayList<>();
    for (double percentile : new double[] {50, 90, 99, 99.9, 99.99}) {
      ticks.add(new Axis.Tick(percentile, Numbers.plain(percentile)));
    }
    return new Axis("percentile", ticks, percentile -> -Math.log10(1 - percentile / 100));
  }

  private static Table latencyTable(List<HitLatency> latencies) {
    List<String> headers = new ArrayList<>(List.of("from"));
    for (double percentile : latencies.get(0).percentiles()) {
      headers.add(
          percentile == 0
              ? "least, µs"
              : percentile == 100 ? "most" : "p" + Numbers.plain(percentile));
    }
    headers.add("samples");
    List<List<String>> rows = new ArrayList<>();
    for (HitLatency latency : latencies) {
      List<String> row = new ArrayList<>(List.of(latency.tier()));
      latency.micros().forEach(micros -> row.add(Numbers.rounded(micros)));
      row.add(String.format(Locale.ROOT, "%,d", latency.draws()));
      rows.add(row);
    }
    return new Table("latency of a sample, in µs", headers, rows);
  }

  /** The heap by part over time. */
  static Section memory(MemoryTimeline memory) {
    String lead =
        String.format(
            Locale.ROOT,
            "What is alive on the heap over ten epochs of a shuffled job of %d readers, less what"
                + " was there before the job: after a full collection each time, while the job goes"
                + " on. The bound is cache.memory.size, %s MB, of which half of a dataset of %s MB"
                + " is retained. Beside what the cache accounts for the job has at most %s of the"
                + " bound.",
            memory.readers(),
            megabytes(memory.boundBytes()),
            megabytes(memory.datasetBytes()),
            Numbers.percent(memory.highestOther()));
    return new Section(
        "Memory by part", lead, List.of(memoryChart(memory)), List.of(memoryTable(memory)));
  }

  private static Chart memoryChart(MemoryTimeline memory) {
    List<MemoryPoint> points = memory.points();
    double highest = points.stream().mapToLong(MemoryPoint::allBytes).max().orElse(0) / 1e6;
    double bound = memory.boundBytes() / 1e6;
    double last = points.get(points.size() - 1).epoch();
    String hover = "bound: " + megabytes(memory.boundBytes()) + " MB";
    return new AreaChart(
        "Live heap over ten epochs",
        Axis.linear("epochs read", Numbers::plain, 0, 2, 4, 6, 8, 10),
        Axis.upTo("MB", Math.max(highest, bound), Numbers::rounded),
        List.of(
            layer("retained", Colour.BLUE, points, MemoryPoint::retainedBytes),
            layer("in use", Colour.ORANGE, points, MemoryPoint::usedBytes),
            layer("pooled", Colour.PURPLE, points, MemoryPoint::pooledBytes),
            layer("other", Colour.GREY, points, point -> Math.max(0, point.otherBytes()))),
        List.of(
            Series.reference(
                "bound",
                List.of(
                    new Point(points.get(0).epoch(), bound, hover),
                    new Point(last, bound, hover)))));
  }

  private static Series layer(
      String name, Colour colour, List<MemoryPoint> points, ToLongFunction<MemoryPoint> part) {
    return Series.measured(
        name,
        colour,
        points.stream()
            .map(
                point -> {
                  long bytes = part.applyAsLong(point);
                  return new Point(
                      point.epoch(), bytes / 1e6, "%s: %s MB".formatted(name, megabytes(bytes)));
                })
            .toList());
  }

  private static Table memoryTable(MemoryTimeline memory) {
    return new Table(
        "live heap by part, in MB",
        List.of("epochs read", "retained", "in use", "pooled", "other", "all", "reserved"),
        memory.points().stream()
            .map(
                point ->
                    List.of(
                        String.format(Locale.ROOT, "%.1f", point.epoch()),
                        megabytes(point.retainedBytes()),
                        megabytes(point.usedBytes()),
                        megabytes(point.pooledBytes()),
                        megabytes(point.otherBytes()),
                        megabytes(point.allBytes()),
                        megabytes(point.reservedBytes())))
            .toList());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / 1e6);
  }

  /** How much of each heap the cache may have. */
  static Section heaps(List<HeapFill> heaps) {
    List<List<String>> largest = new ArrayList<>();
    for (long heapBytes : CacheFigures.heapSizes(heaps)) {
      largest.add(
          List.of(
              CacheFigures.heapName(heapBytes),
              Numbers.percent(CacheFigures.largestShare(heaps, heapBytes))));
    }
    return new Section(
        "Heaps under G1",
        "Processes with these heaps, in which a job fills a cache that may take a part of the heap,"
            + " over a dataset as large as the heap. A part fits if the cache comes to hold more"
            + " than 98 % of it and the heap needs no full collection. One process a heap reads"
            + " eleven epochs: what is alive after ten is compared with what was after two.",
        List.of(),
        List.of(
            new Table(
                "largest part of those that were tried that fits",
                List.of("heap", "cache.memory.size, of the heap"),
                largest),
            new Table(
                "every process",
                List.of(
                    "heap",
                    "for the cache",
                    "epochs",
                    "filled",
                    "full collections",
                    "alive, MB",
                    "outcome"),
                heaps.stream().map(MemorySections::heapRow).toList())));
  }

  private static List<String> heapRow(HeapFill fill) {
    boolean steady = !fill.liveBytesByEpoch().isEmpty();
    return List.of(
        CacheFigures.heapName(fill.heapBytes()),
        Numbers.percent(fill.share()),
        String.valueOf(fill.epochs()),
        fill.failure().isEmpty() ? Numbers.percent(fill.filled()) : "",
        fill.failure().isEmpty() ? String.valueOf(fill.fullCollections()) : "",
        String.join(
            " → ", fill.liveBytesByEpoch().stream().map(MemorySections::megabytes).toList()),
        !fill.failure().isEmpty()
            ? fill.failure()
            : steady
                ? String.format(Locale.ROOT, "%+.2f %%", 100 * fill.growth())
                : fill.fits() ? "fits" : "does not fit");
  }
}
