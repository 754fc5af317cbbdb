// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.List;

/**
 * A part of a page.
 *
 * @param title what it is about
 * @param lead what is seen, and how it was measured: one paragraph
 * @param charts side by side where there is room
 * @param tables of the same values; beneath charts they are folded
 */
public record Section(String title, String lead, List<Chart> charts, List<Table> tables) {

  private static final int WIDE = 560;
  private static final int NARROW = 340;

  public Section {
    charts = List.copyOf(charts);
    tables = List.copyOf(tables);
  }

  String html() {
    StringBuilder html = new StringBuilder("<section><h2>").append(Html.escape(title));
    html.append("</h2>\n<p>").append(Html.escape(lead)).append("</p>\n");
    if (!charts.isEmpty()) {
      html.append("<div class=\"charts\">\n");
      charts.forEach(chart -> html.append(figure(chart)));
      html.append("</div>\n");
    }
    for (Table table : tables) {
      html.append(charts.isEmpty() ? table.html() : folded(table));
    }
    return html.append("</section>\n").toString();
  }

  private static String figure(Chart chart) {
    return """
    <figure><figcaption>%s</figcaption>
    <div class="wide">%s</div>
    <div class="narrow"><div class="legend">%s</div>%s</div></figure>
    """
        .formatted(Html.escape(chart.title()), chart.svg(WIDE), chart.legend(), chart.svg(NARROW));
  }

  private static String folded(Table table) {
    return "<details><summary>Values: %s</summary>%s</details>\n"
        .formatted(Html.escape(table.caption()), table.html());
  }
}
