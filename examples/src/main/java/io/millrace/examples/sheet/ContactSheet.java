// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * One picture of many: a row a class, its label before it, small pictures enlarged by whole factors
 * so that each of their pixels is seen as it is.
 */
public final class ContactSheet {

  /** Most pictures of a class. */
  public static final int COLUMNS = 16;

  /** Most classes. */
  public static final int MOST_ROWS = 20;

  private static final int ENLARGED_SIDE = 56;
  private static final int GAP = 4;
  private static final int BACKGROUND = 0xffffff;
  private static final int INK = 0x404040;

  private final List<List<Thumbnail>> rows;
  private final int scale;
  private final int cell;
  private final int labelWidth;

  private ContactSheet(List<List<Thumbnail>> rows, int side, int labelWidth) {
    this.rows = rows;
    this.scale = Math.max(1, ENLARGED_SIDE / side);
    this.cell = side * scale + GAP;
    this.labelWidth = labelWidth;
  }

  /**
   * Lays out the first samples of each class.
   *
   * @param thumbnails in any order, of as many samples as wanted
   * @throws IllegalArgumentException if there is none
   */
  public static ContactSheet of(List<Thumbnail> thumbnails) {
    if (thumbnails.isEmpty()) {
      throw new IllegalArgumentException("Cannot make a contact sheet of no pictures");
    }
    Map<Long, List<Thumbnail>> byLabel =
        choose(thumbnails).stream()
            .collect(Collectors.groupingBy(Thumbnail::label, TreeMap::new, Collectors.toList()));
    List<List<Thumbnail>> rows = new ArrayList<>(byLabel.values());
    int side =
        rows.stream()
            .flatMap(List::stream)
            .mapToInt(thumbnail -> Math.max(thumbnail.width(), thumbnail.height()))
            .max()
            .orElseThrow();
    int labelWidth = byLabel.keySet().stream().mapToInt(ContactSheet::labelWidth).max().orElse(0);
    return new ContactSheet(rows, side, labelWidth);
  }

  /** Those that a sheet shows, by label and position. */
  public static List<Thumbnail> choose(List<Thumbnail> thumbnails) {
    return FirstOfEachClass.of(thumbnails, MOST_ROWS, COLUMNS);
  }

  private static int labelWidth(long label) {
    return label == Thumbnail.NO_LABEL ? 0 : Digits.width(text(label)) + 2 * GAP;
  }

  private static String text(long label) {
    return Long.toString(label);
  }

  /** The classes, smallest label first, each with its pictures in the order of the epoch. */
  public List<List<Thumbnail>> rows() {
    return rows;
  }

  /** Edge of the square that a pixel of the samples takes. */
  int scale() {
    return scale;
  }

  /** Upper left corner of a picture. */
  Point corner(int row, int column) {
    return new Point(GAP + labelWidth + column * cell, GAP + row * cell);
  }

  /** Draws the sheet, in grey if all its pictures are. */
  public BufferedImage draw() {
    int columns = rows.stream().mapToInt(List::size).max().orElseThrow();
    boolean grey = rows.stream().flatMap(List::stream).allMatch(Thumbnail::isGrey);
    BufferedImage sheet =
        new BufferedImage(
            corner(0, columns).x,
            corner(rows.size(), 0).y,
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    Canvas canvas = new Canvas(sheet.getRaster());
    canvas.fill(0, 0, sheet.getWidth(), sheet.getHeight(), BACKGROUND);
    for (int row = 0; row < rows.size(); row++) {
      drawLabel(canvas, row);
      for (int column = 0; column < rows.get(row).size(); column++) {
        drawThumbnail(canvas, rows.get(row).get(column), corner(row, column));
      }
    }
    return sheet;
  }

  private void drawLabel(Canvas canvas, int row) {
    long label = rows.get(row).get(0).label();
    if (label != Thumbnail.NO_LABEL) {
      String text = text(label);
      Point corner = corner(row, 0);
      int x = corner.x - 2 * GAP - Digits.width(text);
      int y = corner.y + (cell - GAP - Digits.height()) / 2;
      Digits.draw(text, (dx, dy, size) -> canvas.fill(x + dx, y + dy, size, size, INK));
    }
  }

  private void drawThumbnail(Canvas canvas, Thumbnail thumbnail, Point corner) {
    for (int y = 0; y < thumbnail.height(); y++) {
      for (int x = 0; x < thumbnail.width(); x++) {
        canvas.fill(
            corner.x + x * scale, corner.y + y * scale, scale, scale, thumbnail.pixel(x, y));
      }
    }
  }

  /**
   * Writes the sheet as a PNG, and its directory if there is none.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path png) throws IOException {
    Files.createDirectories(png.toAbsolutePath().getParent());
    if (!ImageIO.write(draw(), "png", png.toFile())) {
      throw new IOException("Cannot write " + png + ": this Java has no writer for PNG");
    }
  }

  /** Sets samples rather than colours, which Java would convert when the sheet is grey. */
  private record Canvas(WritableRaster raster) {
    void fill(int left, int top, int width, int height, int rgb) {
      for (int y = top; y < top + height; y++) {
        for (int x = left; x < left + width; x++) {
          for (int band = 0; band < raster.getNumBands(); band++) {
            raster.setSample(x, y, band, rgb >> (16 - 8 * band) & 0xff);
          }
        }
      }
    }
  }
}
