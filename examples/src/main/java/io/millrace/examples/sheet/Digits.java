// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

/** Whole numbers as squares: fonts are not there on every machine that has Java. */
final class Digits {

  private static final int SQUARE = 3;
  private static final int COLUMNS = 3;
  private static final int ROWS = 5;
  private static final String KNOWN = "0123456789-";

  /** Row by row, three bits each, the highest on the left. */
  private static final int[] GLYPHS = {
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_111_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_010_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111,
    0b000_000_111_000_000,
  };

  private Digits() {}

  static int width(String number) {
    return number.length() * (COLUMNS + 1) * SQUARE - SQUARE;
  }

  static int height() {
    return ROWS * SQUARE;
  }

  /** Draws a number from (0, 0) on. */
  static void draw(String number, Ink ink) {
    for (int i = 0; i < number.length(); i++) {
      int glyph = GLYPHS[KNOWN.indexOf(number.charAt(i))];
      for (int bit = 0; bit < ROWS * COLUMNS; bit++) {
        if ((glyph >> (ROWS * COLUMNS - 1 - bit) & 1) == 1) {
          int column = i * (COLUMNS + 1) + bit % COLUMNS;
          ink.square(column * SQUARE, bit / COLUMNS * SQUARE, SQUARE);
        }
      }
    }
  }

  /** Where squares are drawn. */
  interface Ink {
    void square(int x, int y, int size);
  }
}
