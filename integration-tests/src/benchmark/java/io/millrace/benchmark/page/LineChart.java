// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines with a marker at each value. References lie above the lines of what was measured, which may
 * be the same, and beneath their markers.
 *
 * @param title what it shows
 * @param x across
 * @param y upwards
 * @param series what is drawn; of lines of a kind earlier ones lie above
 */
public record LineChart(String title, Axis x, Axis y, List<Series> series) implements Chart {

  private static final double MARKER = 3.6;

  public LineChart {
    series = List.copyOf(series);
  }

  @Override
  public String svg(int width) {
    Plot plot = new Plot(title, x, y, width, series.stream().map(Series::name).toList());
    plot.drawAxes();
    drawLines(plot, false);
    drawLines(plot, true);
    backwards().forEach(line -> drawSpots(plot, line));
    plot.drawNames(
        series.stream()
            .map(line -> new Plot.Name(line.name(), line.colour(), plot.y(line.last().y())))
            .toList());
    return plot.svg();
  }

  private void drawLines(Plot plot, boolean dashed) {
    for (Series line : backwards()) {
      if (line.dashed() == dashed) {
        plot.path("line " + line.colour().cssClass() + (dashed ? " dashed" : ""), path(plot, line));
      }
    }
  }

  private List<Series> backwards() {
    List<Series> reversed = new ArrayList<>(series);
    Collections.reverse(reversed);
    return reversed;
  }

  private static String path(Plot plot, Series line) {
    StringBuilder path = new StringBuilder();
    for (Point point : line.points()) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(Html.coordinate(plot.x(point.x())))
          .append(' ')
          .append(Html.coordinate(plot.y(point.y())));
    }
    return path.toString();
  }

  private static void drawSpots(Plot plot, Series line) {
    String cssClass = line.colour().cssClass() + (line.dashed() ? " unmarked" : "");
    for (Point point : line.points()) {
      double atX = plot.x(point.x());
      double atY = plot.y(point.y());
      plot.spot(cssClass, line.colour().marker(atX, atY, MARKER), atX, atY, point.hover());
    }
  }

  @Override
  public String legend() {
    return series.stream()
        .map(line -> Legend.entry(line.name(), line.colour(), line.dashed()))
        .collect(Collectors.joining());
  }
}
