// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Image;
import io.millrace.sample.Tensor;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into pictures, where they are pictures: decoded images of the usual modes; uint8
 * tensors of shape H×W, H×W×C or C×H×W, C being 1, 3 or 4; PNG, JPEG and GIF.
 */
final class ImageDecoder {

  private static final int SMALLEST_SIDE = 8;
  private static final int LARGEST_SIDE = 1 << 14;

  private ImageDecoder() {}

  /** Whether values of the field can be pictures; of types that vary only a value tells. */
  static boolean mayBeImage(Field field) {
    if (field.type() instanceof FieldType.TensorType tensor) {
      return (tensor.dtype() == null || tensor.dtype() == DType.UINT8)
          && (tensor.shape() == null
              || Layout.of(tensor.shape().stream().mapToLong(Long::longValue).toArray())
                  .isPresent());
    }
    return field.type() == FieldType.Primitive.IMAGE || field.type() == FieldType.Primitive.BYTES;
  }

  /** The picture, in {@link BufferedImage#TYPE_INT_RGB}; large ones may come out smaller. */
  static Optional<BufferedImage> decode(@Nullable Object value) {
    if (value instanceof Tensor tensor && tensor.dtype() == DType.UINT8) {
      return Layout.of(tensor.shape()).map(layout -> layout.draw(tensor.data()));
    }
    if (value instanceof Image image) {
      return layoutOf(image).map(layout -> layout.draw(image.pixels()));
    }
    if (value instanceof Bytes bytes) {
      return EncodedImages.decode(bytes);
    }
    return Optional.empty();
  }

  private static Optional<Layout> layoutOf(Image image) {
    int channels =
        switch (image.mode()) {
          case "L" -> 1;
          case "RGB" -> 3;
          case "RGBA", "RGBX" -> 4;
          default -> 0;
        };
    return channels == 0 || image.width() == 0 || image.height() == 0
        ? Optional.empty()
        : Optional.of(new Layout(image.width(), image.height(), channels, true));
  }

  /**
   * Where the values of a picture lie.
   *
   * @param channels 1 (grey), 3 (red, green, blue) or 4, the last of which is ignored
   * @param interleaved whether a pixel's channels lie together, rather than each channel by itself
   */
  private record Layout(int width, int height, int channels, boolean interleaved) {

    static Optional<Layout> of(long[] shape) {
      if (shape.length == 2) {
        return of(shape[1], shape[0], 1, true);
      }
      if (shape.length == 3 && isChannels(shape[2])) {
        return of(shape[1], shape[0], shape[2], true);
      }
      if (shape.length == 3 && isChannels(shape[0])) {
        return of(shape[2], shape[1], shape[0], false);
      }
      return Optional.empty();
    }

    private static Optional<Layout> of(
        long width, long height, long channels, boolean interleaved) {
      return isSide(width) && isSide(height)
          ? Optional.of(new Layout((int) width, (int) height, (int) channels, interleaved))
          : Optional.empty();
    }

    private static boolean isChannels(long size) {
      return size == 1 || size == 3 || size == 4;
    }

    private static boolean isSide(long size) {
      return size >= SMALLEST_SIDE && size <= LARGEST_SIDE;
    }

    BufferedImage draw(Bytes values) {
      BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int red = value(values, x, y, 0);
          int green = channels == 1 ? red : value(values, x, y, 1);
          int blue = channels == 1 ? red : value(values, x, y, 2);
          picture.setRGB(x, y, red << 16 | green << 8 | blue);
        }
      }
      return picture;
    }

    private int value(Bytes values, int x, int y, int channel) {
      int pixel = y * width + x;
      int index = interleaved ? pixel * channels + channel : channel * width * height + pixel;
      return values.byteAt(index) & 0xff;
    }
  }
}
