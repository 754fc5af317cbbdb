// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.Locale;

/**
 * Colours of series, which differ for people who see colours otherwise, too; each has a marker of
 * its own besides. {@link PageStyle} has their values for light and dark.
 */
public enum Colour {
  BLUE,
  ORANGE,
  PURPLE,
  GREEN,
  GREY,
  INK;

  /** The class of what has this colour. */
  String cssClass() {
    return "c-" + name().toLowerCase(Locale.ROOT);
  }

  /** The marker of this colour, as a path about a point. */
  String marker(double x, double y, double size) {
    return switch (this) {
      case BLUE -> circle(x, y, size);
      case ORANGE -> polygon(x, y, size, -0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9);
      case PURPLE -> polygon(x, y, size, 0, -1.2, 1.1, 0.8, -1.1, 0.8);
      case GREEN -> polygon(x, y, size, 0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0);
      case GREY -> polygon(x, y, size, -1.1, -0.8, 1.1, -0.8, 0, 1.2);
      case INK -> circle(x, y, size * 0.7);
    };
  }

  private static String circle(double x, double y, double size) {
    return "M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 %s 0z"
        .formatted(
            Html.coordinate(x - size),
            Html.coordinate(y),
            Html.coordinate(size),
            Html.coordinate(size),
            Html.coordinate(2 * size),
            Html.coordinate(size),
            Html.coordinate(size),
            Html.coordinate(-2 * size));
  }

  private static String polygon(double x, double y, double size, double... corners) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L')
          .append(Html.coordinate(x + corners[i] * size))
          .append(' ')
          .append(Html.coordinate(y + corners[i + 1] * size));
    }
    return path.append('z').toString();
  }
}
