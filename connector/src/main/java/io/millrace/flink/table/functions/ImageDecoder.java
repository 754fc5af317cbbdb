// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes PNG and JPEG with Java's own readers. They are lenient and read much that says nothing
 * about pixels, so they never see a file as it came: {@link PngFile} and {@link JpegFile} check it
 * first and pass on what pixels depend on.
 *
 * <p>Values are the stored ones: colour profiles, gamma and orientation are not applied. Of 16 bits
 * the upper 8 are kept.
 */
final class ImageDecoder {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private ImageDecoder() {}

  /**
   * Returns uint8 [height, width, channels].
   *
   * @param maxPixels the most that the image may have; looked at before memory is allocated
   * @throws IOException naming the reason, if the bytes are no image that can be decoded whole
   */
  static Tensor decode(byte[] image, ImageMode mode, long maxPixels) throws IOException {
    boolean png = PngFile.is(image);
    if (!png && !JpegFile.is(image)) {
      String start = HexFormat.of().formatHex(image, 0, Math.min(image.length, 8));
      throw new IOException(
          "Neither PNG nor JPEG: " + image.length + " bytes that begin with '" + start + "'");
    }
    byte[] essential = png ? PngFile.essence(image) : JpegFile.essence(image);
    ImageReader reader = (png ? JdkImageReader.PNG : JdkImageReader.JPEG).open();
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(essential))) {
      reader.setInput(in, true, true);
      return decode(reader, mode, maxPixels, png && PngFile.isGrey(image));
    } catch (RuntimeException e) {
      // The readers meet damage with whatever it leads to.
      throw new IOException("Damaged " + (png ? "PNG: " : "JPEG: ") + e, e);
    } finally {
      reader.dispose();
    }
  }

  private static Tensor decode(ImageReader reader, ImageMode mode, long maxPixels, boolean grey)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > maxPixels) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The image has %d x %d pixels, more than %d; a third argument allows more",
              width,
              height,
              maxPixels));
    }
    AtomicReference<@Nullable String> warning = new AtomicReference<>();
    reader.addIIOReadWarningListener((source, text) -> warning.compareAndSet(null, text));
    BufferedImage image = reader.read(0);
    @Nullable String warned = warning.get();
    if (warned != null && warned.toLowerCase(Locale.ROOT).contains("premature end")) {
      throw new IOException("Damaged image: " + warned);
    }
    return tensor(image, mode, grey);
  }

  private static Tensor tensor(BufferedImage image, ImageMode mode, boolean grey)
      throws IOException {
    Raster raster = image.getRaster();
    @Nullable IndexColorModel palette =
        image.getColorModel() instanceof IndexColorModel model ? model : null;
    int bands = raster.getNumBands();
    int own = palette == null ? bands : grey ? 1 : palette.hasAlpha() ? 4 : 3;
    int channels = mode.channels(own);
    int width = image.getWidth();
    int height = image.getHeight();
    long size = (long) width * height * channels;
    if (own > 4 || size > MAX_BYTES) {
      throw new IOException(
          width + " x " + height + " pixels of " + own + " channels are too many");
    }
    int shift = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
    byte[] bytes = new byte[(int) size];
    int[] row = new int[width * Math.max(bands, own)];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      if (palette != null) {
        look(palette, row, width, own);
      } else if (shift > 0) {
        narrow(row, width * bands, shift);
      }
      mode.write(row, own, width, bytes, y * width * channels);
    }
    return new Tensor(DType.UINT8, new long[] {height, width, channels}, Bytes.wrap(bytes));
  }

  private static void narrow(int[] row, int samples, int shift) {
    for (int i = 0; i < samples; i++) {
      row[i] >>>= shift;
    }
  }

  /** Replaces the indexes of a row by the colours that they mean. */
  private static void look(IndexColorModel palette, int[] row, int width, int own) {
    int[] indexes = Arrays.copyOf(row, width);
    for (int x = 0; x < width; x++) {
      int colour = palette.getRGB(indexes[x]);
      row[x * own] = colour >> 16 & 0xff;
      if (own >= 3) {
        row[x * own + 1] = colour >> 8 & 0xff;
        row[x * own + 2] = colour & 0xff;
      }
      if (own == 4) {
        row[x * own + 3] = colour >>> 24;
      }
    }
  }
}
