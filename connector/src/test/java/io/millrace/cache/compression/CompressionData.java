// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Bytes of many kinds, real ones and generated ones. */
public final class CompressionData {

  /** Pieces of real torch files; their README says of which. */
  public static final List<String> TENSORS =
      List.of(
          "weights-f32",
          "weights-bf16",
          "weights-bf16-in-f32",
          "activations-relu-f32",
          "activations-linear-f32",
          "activations-linear-f16",
          "gradients-f32",
          "tokens-int64",
          "tokens-int32",
          "images-uint8",
          "noise-f32");

  private static final String[] WORDS =
      ("the of and a to in is you that it he was for on are as with his they at be this have from"
              + " or one had by word but not what all were we when your can said there use an each"
              + " which she do how their if will up other about out many then them these so some"
              + " her would make like him into time has look two more write go see number no way")
          .split(" ");

  private CompressionData() {}

  /** A piece of a torch file. */
  public static byte[] tensor(String name) throws IOException {
    try (InputStream in =
        CompressionData.class.getResourceAsStream("/compression/" + name + ".bin")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** Kinds of bytes by name, each of a length. */
  public static Map<String, byte[]> generated(int length) {
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    kinds.put("text", text(length));
    kinds.put("noise", noise(length));
    kinds.put("zeros", new byte[length]);
    kinds.put("doubles", doubles(length));
    kinds.put("floats", floats(length, 1));
    kinds.put("sparse floats", floats(length, 0.3));
    kinds.put("dates", dates(length));
    return kinds;
  }

  public static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Words in random order. */
  public static byte[] text(int length) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      double skewed = random.nextDouble() * random.nextDouble();
      text.append(WORDS[(int) (WORDS.length * skewed)])
          .append(random.nextInt(12) == 0 ? ". " : " ");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /** Normally distributed float32, a share of them other than zero. */
  static byte[] floats(int length, double share) {
    Random random = new Random(11);
    ByteBuffer bytes = ByteBuffer.allocate(length + 3).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.position() < length) {
      bytes.putFloat(random.nextDouble() < share ? (float) (0.02 * random.nextGaussian()) : 0);
    }
    return head(bytes, length);
  }

  static byte[] doubles(int length) {
    Random random = new Random(13);
    ByteBuffer bytes = ByteBuffer.allocate(length + 7).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.position() < length) {
      bytes.putDouble(random.nextGaussian());
    }
    return head(bytes, length);
  }

  private static byte[] dates(int length) {
    Random random = new Random(17);
    ByteBuffer bytes = ByteBuffer.allocate(length + 7).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.position() < length) {
      bytes.putLong(1_700_000_000_000L + random.nextInt(100_000_000));
    }
    return head(bytes, length);
  }

  private static byte[] head(ByteBuffer bytes, int length) {
    byte[] head = new byte[length];
    bytes.flip();
    bytes.get(head);
    return head;
  }

  /** One after the other. */
  static byte[] concatenated(byte[]... parts) {
    List<byte[]> all = new ArrayList<>(List.of(parts));
    byte[] bytes = new byte[all.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : all) {
      System.arraycopy(part, 0, bytes, at, part.length);
      at += part.length;
    }
    return bytes;
  }

  /** A copy in chunks. */
  public static ByteChunks chunks(byte[] bytes) {
    ByteChunks chunks = ByteChunks.allocate(bytes.length);
    int at = 0;
    for (ByteChunks.Segment s = chunks.first(0, bytes.length); s != null; s = s.next()) {
      System.arraycopy(bytes, at, s.array(), s.offset(), s.length());
      at += s.length();
    }
    return chunks;
  }
}
