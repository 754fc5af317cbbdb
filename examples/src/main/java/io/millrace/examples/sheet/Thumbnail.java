// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A picture of at most {@value #LARGEST_SIDE} pixels a side, and which sample it is of. Public and
 * plain so that Flink serialises it by its components.
 *
 * @param label class of the sample; {@link #NO_LABEL} if the dataset has none
 * @param position the sample's place in its epoch, by which pictures are put in order
 * @param width pixels a row
 * @param height rows
 * @param rgb three bytes a pixel, red first, rows from the top; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by content below.
public record Thumbnail(long label, long position, int width, int height, byte[] rgb) {

  /** Longest side; larger pictures are made smaller. */
  public static final int LARGEST_SIDE = 96;

  /** Label of samples without one. */
  public static final long NO_LABEL = Long.MIN_VALUE;

  /** Makes a thumbnail of a picture in {@link BufferedImage#TYPE_INT_RGB}. */
  static Thumbnail of(long label, long position, BufferedImage picture) {
    BufferedImage small = shrink(picture);
    byte[] rgb = new byte[3 * small.getWidth() * small.getHeight()];
    int next = 0;
    for (int y = 0; y < small.getHeight(); y++) {
      for (int x = 0; x < small.getWidth(); x++) {
        int pixel = small.getRGB(x, y);
        rgb[next++] = (byte) (pixel >> 16);
        rgb[next++] = (byte) (pixel >> 8);
        rgb[next++] = (byte) pixel;
      }
    }
    return new Thumbnail(label, position, small.getWidth(), small.getHeight(), rgb);
  }

  private static BufferedImage shrink(BufferedImage picture) {
    int side = Math.max(picture.getWidth(), picture.getHeight());
    if (side <= LARGEST_SIDE) {
      return picture;
    }
    int width = Math.max(1, picture.getWidth() * LARGEST_SIDE / side);
    int height = Math.max(1, picture.getHeight() * LARGEST_SIDE / side);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }

  /** A pixel as 0xRRGGBB. */
  int pixel(int x, int y) {
    int index = 3 * (y * width + x);
    return (rgb[index] & 0xff) << 16 | (rgb[index + 1] & 0xff) << 8 | (rgb[index + 2] & 0xff);
  }

  boolean isGrey() {
    for (int i = 0; i < rgb.length; i += 3) {
      if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Thumbnail that
        && label == that.label
        && position == that.position
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(label) + Long.hashCode(position);
  }

  @Override
  public String toString() {
    return "Thumbnail[label "
        + label
        + ", position "
        + position
        + ", "
        + width
        + " x "
        + height
        + "]";
  }
}
