// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.benchmark.page.Axis;
import io.millrace.benchmark.page.Colour;
import io.millrace.benchmark.page.LineChart;
import io.millrace.benchmark.page.Point;
import io.millrace.benchmark.page.Section;
import io.millrace.benchmark.page.Series;
import io.millrace.benchmark.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Throughput against the origin's latency, from a result file of the benchmark of latency. */
final class LatencySection {

  /** What the variants are called: {@code delayed.50ms-prefetch}. */
  private static final Pattern VARIANT = Pattern.compile("delayed(?:-part)?\\.(\\d+)ms-(.+)");

  private static final String LOCAL = "delayed.local";
  private static final String BOUND = "bound";

  /** Those that are shown, by the names in the file. */
  private static final List<Shown> SHOWN =
      List.of(
          new Shown("prefetch", "prefetch", Colour.BLUE),
          new Shown("slow-tail", "1 % slow", Colour.GREEN),
          new Shown("no-prefetch", "no prefetch", Colour.ORANGE));

  private record Shown(String variant, String name, Colour colour) {}

  private LatencySection() {}

  /** Empty if the file has no such figures. */
  static Optional<Section> of(SavedThroughput latency) {
    Map<String, TreeMap<Integer, Double>> speeds = speeds(latency);
    List<Series> series = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    TreeMap<Integer, Double> bound = bound(latency);
    if (!bound.isEmpty()) {
      series.add(Series.reference(BOUND, points(BOUND, bound)));
      rows.add(row(BOUND, bound));
    }
    for (Shown shown : SHOWN) {
      TreeMap<Integer, Double> measured = speeds.getOrDefault(shown.variant(), new TreeMap<>());
      if (!measured.isEmpty()) {
        series.add(Series.measured(shown.name(), shown.colour(), points(shown.name(), measured)));
        rows.add(row(shown.name(), measured));
      }
    }
    TreeMap<Integer, Double> prefetch = speeds.getOrDefault("prefetch", new TreeMap<>());
    if (prefetch.size() < 2) {
      return Optional.empty();
    }
    List<String> headers = new ArrayList<>(List.of("MB/s"));
    prefetch.keySet().forEach(millis -> headers.add(millis + " ms"));
    rows.removeIf(row -> row.size() != headers.size());
    return Optional.of(
        new Section(
            "Throughput against latency",
            "Jobs of one reader over files each request for which takes a set time, without a"
                + " cache: what is read ahead hides it. The bound is the least of local speed,"
                + " bytes that may be held ahead per latency, and requests × extent per latency."
                + " Once with one of 100 requests 20 times as slow. Local speed: "
                + Numbers.rounded(latency.megabytesPerSecond().getOrDefault(LOCAL, 0.0))
                + " MB/s.",
            List.of(chart(series, prefetch)),
            List.of(new Table("throughput by latency of a request", headers, rows))));
  }

  private static LineChart chart(List<Series> series, TreeMap<Integer, Double> latencies) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (Series line : series) {
      for (Point point : line.points()) {
        least = Math.min(least, point.y());
        most = Math.max(most, point.y());
      }
    }
    List<Axis.Tick> ticks = new ArrayList<>();
    latencies.keySet().forEach(millis -> ticks.add(new Axis.Tick(millis, millis.toString())));
    return new LineChart(
        "With prefetch and without",
        new Axis("latency of a request, ms", ticks, Math::log10),
        Axis.powersOfTen("MB/s", least, most, Numbers::rounded),
        series);
  }

  private static Map<String, TreeMap<Integer, Double>> speeds(SavedThroughput latency) {
    Map<String, TreeMap<Integer, Double>> speeds = new TreeMap<>();
    latency
        .megabytesPerSecond()
        .forEach(
            (id, speed) -> {
              Matcher variant = VARIANT.matcher(id);
              if (variant.matches() && speed > 0) {
                speeds
                    .computeIfAbsent(variant.group(2), name -> new TreeMap<>())
                    .put(Integer.valueOf(variant.group(1)), speed);
              }
            });
    return speeds;
  }

  /** What is possible, from what was reached of it. */
  private static TreeMap<Integer, Double> bound(SavedThroughput latency) {
    TreeMap<Integer, Double> bound = new TreeMap<>();
    speeds(latency)
        .getOrDefault("prefetch", new TreeMap<>())
        .forEach(
            (millis, speed) ->
                latency.ratios().stream()
                    .filter(
                        ratio -> ratio.id().equals("delayed." + millis + "ms-prefetch / " + BOUND))
                    .filter(ratio -> ratio.value() > 0)
                    .findFirst()
                    .ifPresent(ratio -> bound.put(millis, speed / ratio.value())));
    return bound;
  }

  private static List<Point> points(String name, TreeMap<Integer, Double> speeds) {
    List<Point> points = new ArrayList<>();
    speeds.forEach(
        (millis, speed) ->
            points.add(
                new Point(
                    millis,
                    speed,
                    "%s, %d ms: %s MB/s".formatted(name, millis, Numbers.rounded(speed)))));
    return points;
  }

  private static List<String> row(String name, TreeMap<Integer, Double> speeds) {
    List<String> row = new ArrayList<>(List.of(name));
    speeds.values().forEach(speed -> row.add(Numbers.rounded(speed)));
    return row;
  }
}
