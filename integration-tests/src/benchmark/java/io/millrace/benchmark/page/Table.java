// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

import java.util.List;

/**
 * Values as text. The first column names the row, the others are numbers, set flush right.
 *
 * @param caption what it shows
 * @param headers one a column
 * @param rows cells of each; those of a row that begin with {@link #REACHED} or {@link #MISSED} are
 *     marked
 */
public record Table(String caption, List<String> headers, List<List<String>> rows) {

  /** An aim that was reached. */
  public static final String REACHED = "✓ reached";

  /** An aim that was not. */
  public static final String MISSED = "✗ missed";

  public Table {
    headers = List.copyOf(headers);
    rows = List.copyOf(rows);
    for (List<String> row : rows) {
      if (row.size() != headers.size()) {
        throw new IllegalArgumentException(
            "Cannot write the row %s under %d headers".formatted(row, headers.size()));
      }
    }
  }

  String html() {
    StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><caption>");
    html.append(Html.escape(caption)).append("</caption><thead><tr>");
    headers.forEach(
        header -> html.append("<th scope=\"col\">").append(Html.escape(header)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr><th scope=\"row\">").append(Html.escape(row.get(0))).append("</th>");
      row.stream().skip(1).forEach(cell -> html.append(cell(cell)));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String cell(String text) {
    String cssClass =
        text.startsWith(REACHED)
            ? " class=\"reached\""
            : text.startsWith(MISSED) ? " class=\"missed\"" : "";
    return "<td" + cssClass + ">" + Html.escape(text) + "</td>";
  }
}
