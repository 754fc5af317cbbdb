// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The frame of a chart: axes, lines and where values lie. Collects the picture as it is drawn. */
final class Plot {

  /** Below this width names stand above a chart rather than beside it. */
  private static final int ROOM_FOR_NAMES = 480;

  private static final double CHARACTER = 6.7;
  private static final double TOP = 30;
  private static final double BOTTOM = 44;
  private static final double EDGE = 14;
  private static final double NAME_HEIGHT = 15;

  private final String title;
  private final Axis x;
  private final Axis y;
  private final int width;
  private final int height;
  private final double left;
  private final double right;
  private final StringBuilder svg = new StringBuilder();

  /**
   * @param names those that stand at the right, where there is room
   */
  Plot(String title, Axis x, Axis y, int width, List<String> names) {
    this.title = title;
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = Math.max(230, Math.round(width * 0.56f));
    int longestTick = y.ticks().stream().mapToInt(tick -> tick.text().length()).max().orElse(0);
    this.left = 14 + CHARACTER * longestTick;
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    this.right = hasRoomForNames() ? 14 + CHARACTER * longest : EDGE;
  }

  boolean hasRoomForNames() {
    return width >= ROOM_FOR_NAMES;
  }

  double x(double value) {
    return left + x.place(value) * (width - left - right);
  }

  double y(double value) {
    double place = Math.max(0, Math.min(1, y.place(value)));
    return height - BOTTOM - place * (height - TOP - BOTTOM);
  }

  double bottom() {
    return height - BOTTOM;
  }

  private double end() {
    return width - right;
  }

  /** Grid and labels; drawn first, so that they lie beneath. */
  void drawAxes() {
    text(4, 14, "axis", "start", y.label());
    for (Axis.Tick tick : y.ticks()) {
      double at = y(tick.value());
      line("grid", left, at, end(), at);
      text(left - 7, at + 4, "tick", "end", tick.text());
    }
    double freeFrom = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : x.ticks()) {
      double at = x(tick.value());
      double half = CHARACTER * tick.text().length() / 2;
      line("axisline", at, bottom(), at, bottom() + 5);
      if (at - half >= freeFrom) {
        text(at, bottom() + 18, "tick", "middle", tick.text());
        freeFrom = at + half + CHARACTER;
      }
    }
    line("axisline", left, bottom(), end(), bottom());
    text((left + end()) / 2, height - 6, "axis", "middle", x.label());
  }

  /** Names at the right, each as near to its height as the others let it. */
  void drawNames(List<Name> names) {
    if (!hasRoomForNames()) {
      return;
    }
    List<Name> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparingDouble(Name::y));
    double[] at = sorted.stream().mapToDouble(Name::y).toArray();
    for (int i = 1; i < at.length; i++) {
      at[i] = Math.max(at[i], at[i - 1] + NAME_HEIGHT);
    }
    double beyond = at.length == 0 ? 0 : Math.max(0, at[at.length - 1] - bottom());
    for (int i = at.length - 1; i >= 0 && beyond > 0; i--) {
      double moved = at[i] - beyond;
      at[i] = moved;
      beyond = i == 0 ? 0 : Math.max(0, at[i - 1] + NAME_HEIGHT - moved);
    }
    for (int i = 0; i < at.length; i++) {
      Name name = sorted.get(i);
      text(end() + 8, at[i] + 4, "name " + name.colour().cssClass(), "start", name.text());
    }
  }

  /** A name at a height. */
  record Name(String text, Colour colour, double y) {}

  void line(String cssClass, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
            .formatted(
                cssClass,
                Html.coordinate(x1),
                Html.coordinate(y1),
                Html.coordinate(x2),
                Html.coordinate(y2)));
  }

  void path(String cssClass, String path) {
    svg.append("<path class=\"%s\" d=\"%s\"/>".formatted(cssClass, path));
  }

  /** A path that tells its value where the pointer is near. */
  void spot(String cssClass, String path, double x, double y, String hover) {
    svg.append(
        "<path class=\"%s spot\" d=\"%s\" data-x=\"%s\" data-y=\"%s\"><title>%s</title></path>"
            .formatted(cssClass, path, Html.coordinate(x), Html.coordinate(y), Html.escape(hover)));
  }

  private void text(double x, double y, String cssClass, String anchor, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
            .formatted(
                cssClass, Html.coordinate(x), Html.coordinate(y), anchor, Html.escape(text)));
  }

  /** The whole picture. */
  String svg() {
    return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%s</svg>"
        .formatted(width, height, Html.escape(title), svg);
  }
}
