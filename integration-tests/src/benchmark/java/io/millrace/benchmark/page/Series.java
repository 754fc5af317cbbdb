// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.List;

/**
 * Points that belong together, by ascending x.
 *
 * @param name as short as it can be: it stands at the line's end
 * @param colour of line and markers
 * @param dashed whether the line is a reference rather than a measurement, which has no markers
 * @param points at least one
 */
public record Series(String name, Colour colour, boolean dashed, List<Point> points) {

  public Series {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("Cannot draw " + name + ": it has no points");
    }
    points = List.copyOf(points);
  }

  /** What was measured. */
  public static Series measured(String name, Colour colour, List<Point> points) {
    return new Series(name, colour, false, points);
  }

  /** What measurements are compared with. */
  public static Series reference(String name, List<Point> points) {
    return new Series(name, Colour.INK, true, points);
  }

  Point last() {
    return points.get(points.size() - 1);
  }
}
