// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ContactSheetTest {

  @TempDir Path directory;

  private static List<Thumbnail> thumbnails(boolean grey) {
    Random random = new Random(5);
    List<Thumbnail> thumbnails = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      byte[] rgb = new byte[3 * 12 * 10];
      random.nextBytes(rgb);
      for (int pixel = 0; grey && pixel < rgb.length; pixel += 3) {
        rgb[pixel + 1] = rgb[pixel];
        rgb[pixel + 2] = rgb[pixel];
      }
      thumbnails.add(new Thumbnail(i % 3, i, 12, 10, rgb));
    }
    return thumbnails;
  }

  @Test
  void writesEachPixelOfEachPicture() throws IOException {
    for (boolean grey : new boolean[] {true, false}) {
      ContactSheet sheet = ContactSheet.of(thumbnails(grey));
      Path png = directory.resolve("new").resolve(grey + ".png");
      sheet.write(png);
      BufferedImage written = ImageIO.read(png.toFile());
      assertThat(written.getRaster().getNumBands()).isEqualTo(grey ? 1 : 3);
      assertThat(sheet.rows()).hasSize(3).allMatch(row -> row.size() == 10);
      assertThat(sheet.scale()).isEqualTo(4);
      assertShows(written.getRaster(), sheet);
    }
  }

  /** Asserts that each pixel of each thumbnail is a square of its colour. */
  static void assertShows(Raster raster, ContactSheet sheet) {
    int scale = sheet.scale();
    for (int row = 0; row < sheet.rows().size(); row++) {
      for (int column = 0; column < sheet.rows().get(row).size(); column++) {
        Thumbnail thumbnail = sheet.rows().get(row).get(column);
        Point corner = sheet.corner(row, column);
        for (int y = 0; y < thumbnail.height() * scale; y++) {
          for (int x = 0; x < thumbnail.width() * scale; x++) {
            assertThat(rgb(raster, corner.x + x, corner.y + y))
                .isEqualTo(thumbnail.pixel(x / scale, y / scale));
          }
        }
      }
    }
  }

  private static int rgb(Raster raster, int x, int y) {
    int red = raster.getSample(x, y, 0);
    return raster.getNumBands() == 1
        ? red * 0x010101
        : red << 16 | raster.getSample(x, y, 1) << 8 | raster.getSample(x, y, 2);
  }

  @Test
  void drawsALabelBeforeEachRow() {
    ContactSheet sheet = ContactSheet.of(thumbnails(true));
    Raster raster = sheet.draw().getRaster();
    for (int row = 0; row < 3; row++) {
      Point corner = sheet.corner(row, 0);
      boolean ink = false;
      for (int y = corner.y; y < corner.y + 40; y++) {
        for (int x = 0; x < corner.x; x++) {
          ink |= raster.getSample(x, y, 0) == 0x40;
        }
      }
      assertThat(ink).as("row %d", row).isTrue();
    }
  }

  @Test
  void takesNoPlaceForLabelsWhereThereAreNone() {
    Thumbnail thumbnail = new Thumbnail(Thumbnail.NO_LABEL, 0, 8, 8, new byte[192]);
    ContactSheet sheet = ContactSheet.of(List.of(thumbnail));
    assertThat(sheet.corner(0, 0)).isEqualTo(new Point(4, 4));
    assertThat(sheet.draw().getWidth()).isEqualTo(4 + 56 + 4);
  }

  @Test
  void refusesNoPictures() {
    assertThatThrownBy(() -> ContactSheet.of(List.of()))
        .hasMessage("Cannot make a contact sheet of no pictures");
  }
}
