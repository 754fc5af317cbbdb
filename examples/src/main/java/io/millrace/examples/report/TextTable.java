// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, each as wide as its widest cell and aligned to the right. */
final class TextTable {

  private static final String GAP = "   ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> headers) {
    rows.add(List.copyOf(headers));
  }

  void add(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "Cannot add " + cells.size() + " cells to a table of " + rows.get(0).size() + " columns");
    }
    rows.add(List.copyOf(cells));
  }

  /** The lines, headers first, none with spaces at its end. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(column == 0 ? "" : GAP).append(" ".repeat(width(column) - cell.length()));
        line.append(cell);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
