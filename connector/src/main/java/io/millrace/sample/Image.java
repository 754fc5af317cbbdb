// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import java.util.Locale;

/**
 * A decoded image as the Python Imaging Library stores it: the pixels are what {@code tobytes()}
 * gives, rows from the top, no padding between them but for mode {@code 1}, whose rows are packed
 * bits padded to whole bytes. {@code I;16} is little-endian, {@code I} and {@code F} are
 * little-endian 32-bit integers and floats, {@code P} are indices of a palette that is not kept.
 *
 * @param mode PIL's name of the pixel format, such as {@code RGB}
 * @param width pixels a row
 * @param height rows
 * @param pixels the raw content, of the length that mode, width and height imply where the mode is
 *     one that this class knows
 */
public record Image(String mode, int width, int height, Bytes pixels) {
  /**
   * Checks the dimensions and, where the mode is known, the length of the pixels.
   *
   * @throws IllegalArgumentException if they don't fit together
   */
  public Image {
    if (mode.isEmpty() || width < 0 || height < 0) {
      throw new IllegalArgumentException(
          "Cannot make an image of mode '" + mode + "', " + width + " x " + height);
    }
    int bits = bitsPerPixel(mode);
    if (bits > 0) {
      long rowBytes = ((long) width * bits + 7) / 8;
      boolean small = rowBytes == 0 || height <= Integer.MAX_VALUE / rowBytes;
      if (!small || rowBytes * height != pixels.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot make an image of mode '%s', %d x %d, from %d bytes: it needs %d a row",
                mode,
                width,
                height,
                pixels.size(),
                rowBytes));
      }
    }
  }

  /** Returns 0 for a mode that this class doesn't know. */
  private static int bitsPerPixel(String mode) {
    return switch (mode) {
      case "1" -> 1;
      case "L", "P" -> 8;
      case "LA", "La", "PA", "I;16", "I;16L", "I;16B", "I;16N" -> 16;
      case "RGB", "YCbCr", "LAB", "HSV" -> 24;
      case "RGBA", "RGBa", "RGBX", "CMYK", "I", "F" -> 32;
      default -> 0;
    };
  }

  @Override
  public String toString() {
    return "Image[" + mode + ", " + width + " x " + height + "]";
  }
}
