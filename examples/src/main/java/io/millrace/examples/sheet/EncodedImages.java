// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import io.millrace.sample.Bytes;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Pictures in files' formats that the JDK reads. */
final class EncodedImages {

  private EncodedImages() {}

  /** The picture, or none if the bytes are no PNG, JPEG or GIF that can be read. */
  static Optional<BufferedImage> decode(Bytes bytes) {
    String format = formatOf(bytes);
    if (format.isEmpty()) {
      return Optional.empty();
    }
    ImageReader reader = readerOf(format);
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      reader.setInput(in, true, true);
      return Optional.of(toRgb(reader.read(0, sampling(reader))));
    } catch (IOException | RuntimeException e) {
      // The JDK's readers throw both at bytes that are not what they began as.
      return Optional.empty();
    } finally {
      reader.dispose();
    }
  }

  private static String formatOf(Bytes bytes) {
    if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
      return "png";
    }
    if (startsWith(bytes, 0xff, 0xd8, 0xff)) {
      return "jpeg";
    }
    return startsWith(bytes, 'G', 'I', 'F', '8') ? "gif" : "";
  }

  private static boolean startsWith(Bytes bytes, int... magic) {
    if (bytes.size() < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes.byteAt(i) & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static ImageReader readerOf(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("Cannot read " + format + ": this Java has no reader for it");
    }
    return readers.next();
  }

  /** Reads no more pixels than a thumbnail needs, so that a large picture takes little memory. */
  private static ImageReadParam sampling(ImageReader reader) throws IOException {
    int side = Math.max(reader.getWidth(0), reader.getHeight(0));
    int step = Math.max(1, side / (2 * Thumbnail.LARGEST_SIDE));
    ImageReadParam param = reader.getDefaultReadParam();
    param.setSourceSubsampling(step, step, 0, 0);
    return param;
  }

  private static BufferedImage toRgb(BufferedImage decoded) {
    BufferedImage rgb =
        new BufferedImage(decoded.getWidth(), decoded.getHeight(), BufferedImage.TYPE_INT_RGB);
    if (decoded.getType() == BufferedImage.TYPE_BYTE_GRAY) {
      // Drawing would convert what Java takes for linear grey, and make it brighter.
      for (int y = 0; y < decoded.getHeight(); y++) {
        for (int x = 0; x < decoded.getWidth(); x++) {
          rgb.setRGB(x, y, decoded.getRaster().getSample(x, y, 0) * 0x010101);
        }
      }
      return rgb;
    }
    Graphics2D graphics = rgb.createGraphics();
    graphics.drawImage(decoded, 0, 0, null);
    graphics.dispose();
    return rgb;
  }
}
