// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import static io.millrace.flink.table.functions.Tensors.bytes;
import static io.millrace.flink.table.functions.Tensors.shape;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.format.mds.MdsSets;
import io.millrace.format.mds.TestJson;
import io.millrace.sample.Bytes;
import io.millrace.sample.Sample;
import io.millrace.sample.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.TableRuntimeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decoding of PNG and JPEG; what pixels PIL found in them is in the truth of the MDS sets. */
@Tag("unit")
class ImageToTensorTest {

  private static TestingCall call(byte[] image) {
    return TestingCall.of(new ImageToTensorFunction()).with(DataTypes.BYTES(), image);
  }

  /** An image of the test data and what PIL said of it. */
  private record Stored(Bytes encoded, String mode, List<Object> size, String sha256) {
    byte[] image() {
      return encoded.toByteArray();
    }
  }

  private static List<Stored> stored(String set, String column) throws Exception {
    List<Sample> samples = MdsSets.readAll(MdsSets.path(set));
    List<String> truth = Files.readAllLines(MdsSets.path(set + ".truth.jsonl"));
    List<Stored> images = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Map<String, Object> facts = of(of(TestJson.object(truth.get(i)).get("columns")).get(column));
      images.add(
          new Stored(
              (Bytes) samples.get(i).get(column),
              (String) facts.get("mode"),
              list(facts.get("size_wh")),
              (String) facts.get("pixels_sha256")));
    }
    return images;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> of(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void pixelsOfJpegsAreThoseThatPilFinds() throws Exception {
    List<Stored> images = stored("mds-all-none", "jpeg");
    images.addAll(stored("mds-preencoded", "j"));
    assertThat(images).extracting(Stored::mode).contains("RGB", "L");
    for (Stored stored : images) {
      Tensor pixels = call(stored.image()).tensor();
      assertThat(pixels.shape())
          .containsExactly(
              ((Number) stored.size.get(1)).longValue(),
              ((Number) stored.size.get(0)).longValue(),
              stored.mode.equals("L") ? 1 : 3);
      assertThat(sha256(pixels.data().toByteArray())).as(stored.mode).isEqualTo(stored.sha256);
    }
  }

  @Test
  void pixelsOfPngsAreThoseThatPilFinds() throws Exception {
    List<Stored> images = stored("mds-all-none", "png");
    List<String> modes = List.of("L", "LA", "RGB", "RGBA");
    assertThat(images).extracting(Stored::mode).contains("1", "P", "I").containsAll(modes);
    for (Stored stored : images) {
      Tensor pixels = call(stored.image()).tensor();
      if (modes.contains(stored.mode)) {
        assertThat(pixels.dimension(2)).isEqualTo(stored.mode.length());
        assertThat(sha256(pixels.data().toByteArray())).as(stored.mode).isEqualTo(stored.sha256);
      } else {
        // PIL keeps bits, indexes and 16 bits; here they are bytes that mean the same.
        assertThat(pixels.dimension(2)).as(stored.mode).isEqualTo(stored.mode.equals("P") ? 3 : 1);
      }
    }
  }

  private static byte[] encoded(String format, BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage picture(int type) {
    BufferedImage picture = new BufferedImage(2, 1, type);
    picture.setRGB(0, 0, 0x80ff0010);
    picture.setRGB(1, 0, 0xff102030);
    return picture;
  }

  @Test
  void channelsAreThoseOfTheMode() throws Exception {
    byte[] colours = encoded("png", picture(BufferedImage.TYPE_INT_RGB));
    assertThat(call(colours).tensor()).isEqualTo(bytes(shape(1, 2, 3), 255, 0, 16, 16, 32, 48));
    assertThat(call(colours).literal("rgba").tensor())
        .isEqualTo(bytes(shape(1, 2, 4), 255, 0, 16, 255, 16, 32, 48, 255));
    // As PIL rounds: (255 * 19595 + 16 * 7471 + 32768) >> 16, and so on.
    assertThat(call(colours).literal("L").tensor()).isEqualTo(bytes(shape(1, 2, 1), 78, 29));

    byte[] transparent = encoded("png", picture(BufferedImage.TYPE_INT_ARGB));
    assertThat(call(transparent).literal("UNCHANGED").tensor())
        .isEqualTo(bytes(shape(1, 2, 4), 255, 0, 16, 128, 16, 32, 48, 255));
    assertThat(call(transparent).literal("RGB").tensor())
        .isEqualTo(bytes(shape(1, 2, 3), 255, 0, 16, 16, 32, 48));

    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setPixels(0, 0, 2, 1, new int[] {7, 200});
    assertThat(call(encoded("png", grey)).tensor()).isEqualTo(bytes(shape(1, 2, 1), 7, 200));
    assertThat(call(encoded("png", grey)).literal("RGB").tensor())
        .isEqualTo(bytes(shape(1, 2, 3), 7, 7, 7, 200, 200, 200));
  }

  @Test
  void of16BitsTheUpper8AreKept() throws Exception {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setPixels(0, 0, 2, 1, new int[] {0x12ff, 0xfe00});
    assertThat(call(encoded("png", deep)).tensor()).isEqualTo(bytes(shape(1, 2, 1), 0x12, 0xfe));
  }

  @Test
  void nullInIsNullOut() throws Exception {
    assertThat(call(null).result()).isNull();
    assertThat(call(null).literal("RGB").result()).isNull();
    assertThat(call(new byte[0]).literal("RGB").with(DataTypes.BIGINT(), null).result()).isNull();
    assertThat(call(null).resultType())
        .hasToString("ROW<`dtype` STRING, `shape` ARRAY<BIGINT>, `data` BYTES>");
  }

  @Test
  void whatIsNoImageIsRefused() {
    fails(new byte[0], "Neither PNG nor JPEG: 0 bytes that begin with ''");
    fails(
        "GIF89a---".getBytes(US_ASCII),
        "Neither PNG nor JPEG: 9 bytes that begin with '4749463839612d2d'");
    assertThatThrownBy(() -> call(new byte[0]).literal("CMYK").resultType())
        .hasMessage(
            "Argument 2 must be a literal that names a mode, one of UNCHANGED, L, RGB, RGBA; it is"
                + " 'CMYK'");
  }

  private static void fails(byte[] image, String reason) {
    assertThatThrownBy(() -> call(image).result())
        .isInstanceOf(TableRuntimeException.class)
        .hasMessageStartingWith("IMAGE_TO_TENSOR: " + reason);
  }

  @Test
  void sizesAreLookedAtBeforeMemoryIsAllocated() throws Exception {
    byte[] claims = png(1 << 30, 1 << 30, new byte[10]);
    fails(
        claims,
        "The image has 1073741824 x 1073741824 pixels, more than 33554432; a third argument allows"
            + " more");
    byte[] small = encoded("png", picture(BufferedImage.TYPE_INT_RGB));
    assertThat(call(small).literal("RGB").with(DataTypes.BIGINT(), 2L).tensor().shape())
        .containsExactly(1, 2, 3);
    assertThatThrownBy(() -> call(small).literal("RGB").with(DataTypes.BIGINT(), 1L).result())
        .hasMessage(
            "IMAGE_TO_TENSOR: The image has 2 x 1 pixels, more than 1; a third argument allows"
                + " more");
  }

  @Test
  void everyTruncationIsAnError() throws Exception {
    for (Stored stored : List.of(first("png", "P"), first("jpeg", "RGB"))) {
      for (int length = 0; length < stored.image().length; length++) {
        byte[] cut = Arrays.copyOf(stored.image(), length);
        assertThatThrownBy(() -> call(cut).result())
            .as("%d bytes", length)
            .isInstanceOf(TableRuntimeException.class)
            .hasMessageStartingWith("IMAGE_TO_TENSOR: ");
      }
    }
  }

  private static Stored first(String column, String mode) throws Exception {
    return stored("mds-all-none", column).stream()
        .filter(image -> image.mode.equals(mode))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anyDamageOfAPngIsAnError() throws Exception {
    Stored stored = first("png", "RGBA");
    for (int i = 0; i < stored.image().length; i++) {
      byte[] damaged = stored.image().clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> call(damaged).result())
          .as("byte %d", i)
          .isInstanceOf(TableRuntimeException.class);
    }
  }

  @Test
  void damageOfAJpegIsAnErrorOrAnImage() throws Exception {
    Random random = new Random(11);
    Stored stored = first("jpeg", "RGB");
    for (int round = 0; round < 500; round++) {
      byte[] damaged = stored.image().clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Throwable thrown = catchThrowable(() -> call(damaged).literal("RGB").tensor());
      if (thrown != null) {
        assertThat(thrown)
            .isInstanceOf(TableRuntimeException.class)
            .hasMessageStartingWith("IMAGE_TO_TENSOR: ");
      }
    }
  }

  @Test
  void whatSaysNothingAboutPixelsIsNotRead() throws Exception {
    Stored stored = first("png", "P");
    byte[] bomb = new byte[1 << 20];
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[64 << 20]);
    deflater.finish();
    int size = deflater.deflate(bomb);
    deflater.end();
    ByteBuffer text = ByteBuffer.allocate(size + 3).put((byte) 'a').putShort((short) 0);
    text.put(bomb, 0, size);
    int afterHeader = 8 + 25;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(stored.image(), 0, afterHeader);
    file.writeBytes(chunk("zTXt", text.array()));
    file.writeBytes(chunk("iCCP", text.array()));
    file.write(stored.image(), afterHeader, stored.image().length - afterHeader);
    assertThat(call(file.toByteArray()).tensor()).isEqualTo(call(stored.image()).tensor());
    assertThat(PngFile.essence(file.toByteArray())).hasSizeLessThan(stored.image().length + 1);
  }

  @Test
  void aJpegOfVeryManyScansIsRefused() throws Exception {
    byte[] image = first("jpeg", "L").image();
    int scan = indexOf(image, 0xda);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(image, 0, scan);
    for (int i = 0; i <= JpegFile.MAX_SCANS; i++) {
      file.write(image, scan, image.length - 2 - scan);
    }
    file.write(image, image.length - 2, 2);
    fails(file.toByteArray(), "Cannot take a JPEG of more than 100 scans");
  }

  @Test
  void coloursWithoutAMarkAreTakenAsPilTakesThem() throws Exception {
    Stored stored = first("jpeg", "RGB");
    byte[] image = stored.image();
    int jfif = indexOf(image, 0xe0);
    int length = ByteBuffer.wrap(image).getShort(jfif + 2) + 2;
    ByteArrayOutputStream unmarked = new ByteArrayOutputStream();
    unmarked.write(image, 0, jfif);
    unmarked.write(image, jfif + length, image.length - jfif - length);
    assertThat(call(unmarked.toByteArray()).tensor()).isEqualTo(call(image).tensor());

    // With components of these names the same numbers are red, green and blue.
    byte[] named = unmarked.toByteArray();
    int frame = indexOf(named, 0xc0);
    int scan = indexOf(named, 0xda);
    for (int i = 0; i < 3; i++) {
      named[frame + 10 + 3 * i] = (byte) "RGB".charAt(i);
      named[scan + 5 + 2 * i] = (byte) "RGB".charAt(i);
    }
    assertThat(call(named).tensor()).isNotEqualTo(call(image).tensor());
  }

  /** Where the first marker of a kind begins. */
  private static int indexOf(byte[] image, int marker) {
    for (int i = 0; i < image.length - 1; i++) {
      if (image[i] == -1 && (image[i + 1] & 0xff) == marker) {
        return i;
      }
    }
    throw new AssertionError("no marker " + marker);
  }

  private static byte[] chunk(String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(content.length + 12).putInt(content.length);
    chunk.put(type.getBytes(US_ASCII)).put(content);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array(), 4, content.length + 4);
    return chunk.putInt((int) checksum.getValue()).array();
  }

  private static byte[] png(int width, int height, byte[] data) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8).put((byte) 2);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    file.writeBytes(chunk("IHDR", header.array()));
    file.writeBytes(chunk("IDAT", data));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }
}
