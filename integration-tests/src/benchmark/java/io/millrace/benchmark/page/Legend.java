// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

/** Names beside samples of their colours. */
final class Legend {

  private Legend() {}

  /** A part that is drawn as a line, with its marker unless it is dashed. */
  static String entry(String name, Colour colour, boolean dashed) {
    String marker =
        dashed
            ? ""
            : "<path class=\"%s\" d=\"%s\"/>"
                .formatted(colour.cssClass(), colour.marker(11, 6, 3.6));
    return entry(
        name,
        "<path class=\"line %s%s\" d=\"M0 6L22 6\"/>%s"
            .formatted(colour.cssClass(), dashed ? " dashed" : "", marker));
  }

  /** A part that is drawn as an area. */
  static String area(String name, Colour colour) {
    return entry(
        name, "<path class=\"area %s\" d=\"M0 1H22V11H0z\"/>".formatted(colour.cssClass()));
  }

  private static String entry(String name, String sample) {
    return "<span class=\"key\"><svg viewBox=\"0 0 22 12\" aria-hidden=\"true\">%s</svg>%s</span>"
        .formatted(sample, Html.escape(name));
  }
}
