// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The channels that a decoded image is to have; names and conversions are PIL's. */
enum ImageMode {
  /** Those that the image has; colours of a palette count as such. */
  UNCHANGED(0),
  /** Grey. */
  L(1),
  RGB(3),
  RGBA(4);

  private static final int OPAQUE = 255;

  private final int channels;

  ImageMode(int channels) {
    this.channels = channels;
  }

  /** Returns the mode of a name in either case. */
  static Optional<ImageMode> of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(mode -> mode.name().equals(upper)).findFirst();
  }

  /** Returns the channels of an image that has {@code own}. */
  int channels(int own) {
    return this == UNCHANGED ? own : channels;
  }

  /**
   * Writes one row.
   *
   * @param row samples of 8 bits, the channels of a pixel together
   * @param own channels of the row: grey, grey and alpha, RGB, or RGBA
   * @param pixels how many there are
   */
  void write(int[] row, int own, int pixels, byte[] out, int position) {
    if (this == UNCHANGED || channels == own) {
      for (int i = 0; i < pixels * own; i++) {
        out[position + i] = (byte) row[i];
      }
      return;
    }
    boolean coloured = own >= 3;
    int to = position;
    for (int from = 0; from < pixels * own; from += own) {
      int red = row[from];
      int green = coloured ? row[from + 1] : red;
      int blue = coloured ? row[from + 2] : red;
      if (this == L) {
        out[to] = (byte) (coloured ? grey(red, green, blue) : red);
      } else {
        out[to] = (byte) red;
        out[to + 1] = (byte) green;
        out[to + 2] = (byte) blue;
      }
      if (this == RGBA) {
        out[to + 3] = (byte) (own % 2 == 0 ? row[from + own - 1] : OPAQUE);
      }
      to += channels;
    }
  }

  /** ITU-R 601-2, in 16 bits of fraction, as PIL rounds it. */
  private static int grey(int red, int green, int blue) {
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
}
