// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Image;
import io.millrace.sample.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ImageDecoderTest {

  private static final int WIDTH = 10;
  private static final int HEIGHT = 9;

  /** Red, green and blue of a pixel are (x, y, 200), grey is 10·y + x. */
  private static byte[] rgb(boolean interleaved) {
    byte[] values = new byte[3 * WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int pixel = y * WIDTH + x;
        int step = interleaved ? 1 : WIDTH * HEIGHT;
        int at = interleaved ? 3 * pixel : pixel;
        values[at] = (byte) x;
        values[at + step] = (byte) y;
        values[at + 2 * step] = (byte) 200;
      }
    }
    return values;
  }

  private static byte[] grey() {
    byte[] values = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) i;
    }
    return values;
  }

  private static void assertRgb(Object value) {
    BufferedImage picture = ImageDecoder.decode(value).orElseThrow();
    assertThat(picture.getWidth()).isEqualTo(WIDTH);
    assertThat(picture.getHeight()).isEqualTo(HEIGHT);
    assertThat(picture.getRGB(3, 7) & 0xffffff).isEqualTo(3 << 16 | 7 << 8 | 200);
  }

  private static void assertGrey(Object value) {
    BufferedImage picture = ImageDecoder.decode(value).orElseThrow();
    assertThat(picture.getWidth()).isEqualTo(WIDTH);
    assertThat(picture.getRGB(3, 7) & 0xffffff).isEqualTo(73 * 0x010101);
  }

  @Test
  void decodesTensorsOfEachLayout() {
    assertGrey(Samples.bytes(new long[] {HEIGHT, WIDTH}, grey()));
    assertGrey(Samples.bytes(new long[] {HEIGHT, WIDTH, 1}, grey()));
    assertGrey(Samples.bytes(new long[] {1, HEIGHT, WIDTH}, grey()));
    assertRgb(Samples.bytes(new long[] {HEIGHT, WIDTH, 3}, rgb(true)));
    assertRgb(Samples.bytes(new long[] {3, HEIGHT, WIDTH}, rgb(false)));
  }

  @Test
  void decodesImagesOfTheUsualModes() {
    assertGrey(new Image("L", WIDTH, HEIGHT, Bytes.wrap(grey())));
    assertRgb(new Image("RGB", WIDTH, HEIGHT, Bytes.wrap(rgb(true))));
    assertThat(ImageDecoder.decode(new Image("F", 1, 1, Bytes.wrap(new byte[4])))).isEmpty();
  }

  @Test
  void decodesPng() throws IOException {
    BufferedImage color = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    BufferedImage gray = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        color.setRGB(x, y, x << 16 | y << 8 | 200);
        gray.getRaster().setSample(x, y, 0, WIDTH * y + x);
      }
    }
    assertRgb(encoded(color, "png"));
    assertGrey(encoded(gray, "png"));
    assertThat(ImageDecoder.decode(encoded(color, "jpg"))).isPresent();
  }

  private static Bytes encoded(BufferedImage picture, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture, format, out)).isTrue();
    return Bytes.wrap(out.toByteArray());
  }

  @Test
  void samplesLargePicturesDown() throws IOException {
    BufferedImage large = new BufferedImage(1000, 500, BufferedImage.TYPE_INT_RGB);
    BufferedImage picture = ImageDecoder.decode(encoded(large, "png")).orElseThrow();
    assertThat(picture.getWidth()).isEqualTo(200);
    assertThat(Thumbnail.of(0, 0, picture))
        .extracting(Thumbnail::width, Thumbnail::height)
        .containsExactly(96, 48);
  }

  @Test
  void leavesOutWhatIsNoPicture() {
    assertThat(ImageDecoder.decode(null)).isEmpty();
    assertThat(ImageDecoder.decode("text")).isEmpty();
    assertThat(ImageDecoder.decode(Samples.bytes(new long[] {2, 2}, new byte[4]))).isEmpty();
    assertThat(ImageDecoder.decode(Bytes.EMPTY)).isEmpty();
    assertThat(ImageDecoder.decode(Bytes.wrap(new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2})))
        .as("damaged")
        .isEmpty();
    Tensor floats = new Tensor(DType.FLOAT32, new long[] {8, 8}, Bytes.wrap(new byte[256]));
    assertThat(ImageDecoder.decode(floats)).isEmpty();
  }

  @Test
  void tellsFieldsThatMayBePictures() {
    assertThat(ImageDecoder.mayBeImage(Samples.IMAGE)).isTrue();
    assertThat(mayBeImage(FieldType.Primitive.BYTES)).isTrue();
    assertThat(mayBeImage(FieldType.Primitive.IMAGE)).isTrue();
    assertThat(mayBeImage(new FieldType.TensorType(null, null))).isTrue();
    assertThat(mayBeImage(new FieldType.TensorType(DType.UINT8, List.of(3L, 32L, 32L)))).isTrue();
    assertThat(mayBeImage(new FieldType.TensorType(DType.UINT8, List.of(768L)))).isFalse();
    assertThat(mayBeImage(new FieldType.TensorType(DType.FLOAT32, null))).isFalse();
    assertThat(mayBeImage(FieldType.Primitive.STRING)).isFalse();
  }

  private static boolean mayBeImage(FieldType type) {
    return ImageDecoder.mayBeImage(new Field("field", type, false));
  }
}
