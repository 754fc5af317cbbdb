// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.benchmark.page.Axis;
import io.millrace.benchmark.page.Chart;
import io.millrace.benchmark.page.Colour;
import io.millrace.benchmark.page.LineChart;
import io.millrace.benchmark.page.Point;
import io.millrace.benchmark.page.Section;
import io.millrace.benchmark.page.Series;
import io.millrace.benchmark.page.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What jobs took from the cache, as parts of a page. */
final class CacheSections {

  private static final double[] PERCENTS = {0, 25, 50, 75, 100};

  /** The size of the cache at which hits are shown along the epoch. */
  private static final double SHOWN_BOUND = 0.5;

  private CacheSections() {}

  /** Hit rate and origin bytes by size of the cache. */
  static Section hitRates(List<HitRate> rates) {
    Map<String, List<HitRate>> jobs = new LinkedHashMap<>();
    rates.forEach(rate -> jobs.computeIfAbsent(jobName(rate), name -> new ArrayList<>()).add(rate));
    List<Chart> charts = new ArrayList<>();
    jobs.forEach((name, ofJob) -> charts.add(hitRateChart(name, ofJob)));
    HitRate any = rates.get(0);
    String lead =
        String.format(
            Locale.ROOT,
            "Share of the bytes of epochs 2 to %d that were in the cache, by what the cache can"
                + " retain beside the memory that its readers work with. Where everything is read"
                + " once an epoch no policy gets more than the bound: as much of the dataset as can"
                + " be retained. Real Flink jobs over %s GB of raw MDS without compression of what"
                + " is cached; expected of the origin are dataset × (1 + (epochs − 1) × (1 −"
                + " bound)) bytes, counted there. It may send a little less: what readers work with"
                + " when an epoch ends is a hit of the next one, too.",
            any.epochs(),
            Numbers.rounded(any.datasetBytes() / 1e9));
    return new Section("Hit rate against cache size", lead, charts, List.of(hitRateTable(rates)));
  }

  private static String jobName(HitRate rate) {
    return (rate.shuffled() ? "Shuffled" : "In order")
        + ", "
        + rate.readers()
        + (rate.readers() == 1 ? " reader" : " readers");
  }

  private static Chart hitRateChart(String name, List<HitRate> rates) {
    List<Series> series = new ArrayList<>();
    series.add(
        Series.reference(
            "bound",
            List.of(
                new Point(0, 0, "bound: 0 % of 0 %"),
                new Point(100, 100, "bound: 100 % of 100 %"))));
    for (String policy : List.of("plan", "lru", "none")) {
      List<Point> points =
          rates.stream()
              .filter(rate -> rate.policy().equals(policy))
              .sorted(Comparator.comparingDouble(HitRate::bound))
              .flatMap(rate -> hitRatePoints(rate).stream())
              .toList();
      if (!points.isEmpty()) {
        series.add(Series.measured(policy, colour(policy), points));
      }
    }
    return new LineChart(
        name,
        Axis.linear("cache size, % of the dataset", CacheSections::whole, PERCENTS),
        Axis.linear("hit rate, %", CacheSections::whole, PERCENTS),
        series);
  }

  /** Where nothing is kept, the size makes no difference. */
  private static List<Point> hitRatePoints(HitRate rate) {
    double hits = 100 * rate.hitRate();
    String shown = Numbers.percent(rate.hitRate()) + " hits";
    if (rate.policy().equals("none")) {
      return List.of(new Point(0, hits, "none: " + shown), new Point(100, hits, "none: " + shown));
    }
    String hover =
        "%s, cache of %s: %s".formatted(rate.policy(), Numbers.percent(rate.bound()), shown);
    return List.of(new Point(100 * rate.bound(), hits, hover));
  }

  private static Colour colour(String policy) {
    return switch (policy) {
      case "plan" -> Colour.BLUE;
      case "lru" -> Colour.ORANGE;
      default -> Colour.PURPLE;
    };
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static Table hitRateTable(Collection<HitRate> rates) {
    return new Table(
        "hit rate and origin bytes of each job",
        List.of(
            "job",
            "policy",
            "bound",
            "hit rate",
            "hit rate / bound",
            "origin GB",
            "/ expected",
            "origin reads",
            "retainable MB",
            "working MB, most"),
        rates.stream().map(CacheSections::hitRateRow).toList());
  }

  private static List<String> hitRateRow(HitRate rate) {
    return List.of(
        jobName(rate),
        rate.policy(),
        Numbers.percent(rate.bound()),
        Numbers.percent(rate.hitRate()),
        rate.bound() == 0 ? "" : String.format(Locale.ROOT, "%.3f", rate.ratio()),
        String.format(Locale.ROOT, "%.2f", rate.originBytes() / 1e9),
        String.format(Locale.ROOT, "%.3f", rate.originRatio()),
        String.format(Locale.ROOT, "%,d", rate.originRequests()),
        Numbers.rounded(rate.retainableBytes() / 1e6),
        Numbers.rounded(rate.highestWorkingBytes() / 1e6));
  }

  /** Where in an epoch the hits are, at the size of the cache that is nearest to a half. */
  static Section alongEpoch(List<HitRate> rates) {
    List<HitRate> shown =
        rates.stream()
            .filter(rate -> !rate.policy().equals("none"))
            .filter(rate -> Math.abs(rate.bound() - nearestBound(rates)) < 1e-3)
            .toList();
    Map<String, List<HitRate>> jobs = new LinkedHashMap<>();
    shown.forEach(rate -> jobs.computeIfAbsent(jobName(rate), name -> new ArrayList<>()).add(rate));
    List<Chart> charts = new ArrayList<>();
    jobs.forEach((name, ofJob) -> charts.add(alongEpochChart(name, ofJob)));
    String lead =
        String.format(
            Locale.ROOT,
            "Hit rate in each tenth of an epoch, by the order in which its bytes are touched, on"
                + " average over all epochs but the first; the cache retains %s of the dataset."
                + " Hits that are spread evenly leave the origin the same work all the time.",
            Numbers.percent(nearestBound(rates)));
    return new Section("Hit rate along the epoch", lead, charts, List.of(alongEpochTable(shown)));
  }

  private static double nearestBound(List<HitRate> rates) {
    return rates.stream()
        .filter(rate -> !rate.policy().equals("none"))
        .map(HitRate::bound)
        .min(Comparator.comparingDouble(bound -> Math.abs(bound - SHOWN_BOUND)))
        .orElse(SHOWN_BOUND);
  }

  private static Chart alongEpochChart(String name, List<HitRate> rates) {
    double bound = 100 * rates.get(0).bound();
    List<Series> series = new ArrayList<>();
    String hover = "bound: " + Numbers.plain(bound) + " %";
    series.add(
        Series.reference(
            "bound", List.of(new Point(0, bound, hover), new Point(10, bound, hover))));
    for (HitRate rate : rates) {
      List<Point> points = new ArrayList<>();
      for (int part = 0; part < rate.alongEpoch().size(); part++) {
        double hits = rate.alongEpoch().get(part);
        points.add(
            new Point(
                part + 0.5,
                100 * hits,
                "%s, tenth %d: %s hits".formatted(rate.policy(), part + 1, Numbers.percent(hits))));
      }
      series.add(Series.measured(rate.policy(), colour(rate.policy()), points));
    }
    return new LineChart(
        name,
        Axis.linear("tenths of an epoch", CacheSections::whole, 0, 2, 4, 6, 8, 10),
        Axis.linear("hit rate, %", CacheSections::whole, PERCENTS),
        series);
  }

  private static Table alongEpochTable(List<HitRate> rates) {
    List<String> headers = new ArrayList<>(List.of("job", "policy"));
    for (int part = 1; part <= EpochProfile.PARTS; part++) {
      headers.add("tenth " + part);
    }
    List<List<String>> rows = new ArrayList<>();
    for (HitRate rate : rates) {
      List<String> row = new ArrayList<>(List.of(jobName(rate), rate.policy()));
      rate.alongEpoch().forEach(hits -> row.add(Numbers.percent(hits)));
      rows.add(row);
    }
    return new Table("hit rate by tenths of an epoch", headers, rows);
  }
}
