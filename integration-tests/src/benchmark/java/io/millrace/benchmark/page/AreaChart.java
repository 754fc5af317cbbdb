// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts of a whole, one on top of the other.
 *
 * @param title what it shows
 * @param x across
 * @param y upwards
 * @param layers from the bottom on, each with a value at the same places
 * @param references lines to compare the sum with
 */
public record AreaChart(String title, Axis x, Axis y, List<Series> layers, List<Series> references)
    implements Chart {

  private static final double MARKER = 3;

  public AreaChart {
    layers = List.copyOf(layers);
    references = List.copyOf(references);
  }

  @Override
  public String svg(int width) {
    List<String> names = new ArrayList<>();
    layers.forEach(layer -> names.add(layer.name()));
    references.forEach(line -> names.add(line.name()));
    Plot plot = new Plot(title, x, y, width, names);
    plot.drawAxes();
    List<Plot.Name> placed = new ArrayList<>();
    double[] below = new double[layers.get(0).points().size()];
    for (Series layer : layers) {
      double[] above = add(below, layer);
      plot.path("area " + layer.colour().cssClass(), outline(plot, layer, below, above));
      int last = above.length - 1;
      double middle = (below[last] + above[last]) / 2;
      placed.add(new Plot.Name(layer.name(), layer.colour(), plot.y(middle)));
      below = above;
    }
    drawSpots(plot);
    for (Series line : references) {
      plot.path(
          "line dashed " + line.colour().cssClass(),
          "M%s %sL%s %s"
              .formatted(
                  Html.coordinate(plot.x(line.points().get(0).x())),
                  Html.coordinate(plot.y(line.points().get(0).y())),
                  Html.coordinate(plot.x(line.last().x())),
                  Html.coordinate(plot.y(line.last().y()))));
      placed.add(new Plot.Name(line.name(), line.colour(), plot.y(line.last().y())));
    }
    plot.drawNames(placed);
    return plot.svg();
  }

  private static double[] add(double[] below, Series layer) {
    double[] above = below.clone();
    for (int i = 0; i < above.length; i++) {
      above[i] += layer.points().get(i).y();
    }
    return above;
  }

  private static String outline(Plot plot, Series layer, double[] below, double[] above) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < above.length; i++) {
      append(path, plot, layer.points().get(i).x(), above[i]);
    }
    for (int i = above.length - 1; i >= 0; i--) {
      append(path, plot, layer.points().get(i).x(), below[i]);
    }
    return path.append('z').toString();
  }

  private static void append(StringBuilder path, Plot plot, double x, double y) {
    path.append(path.isEmpty() ? 'M' : 'L')
        .append(Html.coordinate(plot.x(x)))
        .append(' ')
        .append(Html.coordinate(plot.y(y)));
  }

  /** One for each place, at the top: it tells all the parts, and the references. */
  private void drawSpots(Plot plot) {
    for (int i = 0; i < layers.get(0).points().size(); i++) {
      double sum = 0;
      StringBuilder hover = new StringBuilder();
      for (Series layer : layers) {
        Point point = layer.points().get(i);
        sum += point.y();
        hover.append(hover.isEmpty() ? "" : "\n").append(point.hover());
      }
      references.forEach(line -> hover.append('\n').append(line.points().get(0).hover()));
      double atX = plot.x(layers.get(0).points().get(i).x());
      double atY = plot.y(sum);
      plot.spot("c-ink unmarked", Colour.INK.marker(atX, atY, MARKER), atX, atY, hover.toString());
    }
  }

  @Override
  public String legend() {
    StringBuilder legend = new StringBuilder();
    layers.forEach(layer -> legend.append(Legend.area(layer.name(), layer.colour())));
    references.forEach(line -> legend.append(Legend.entry(line.name(), line.colour(), true)));
    return legend.toString();
  }
}
