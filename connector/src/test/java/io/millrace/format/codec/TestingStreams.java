// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import com.github.luben.zstd.Zstd;
import io.millrace.storage.ByteChunks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.snappy.SnappyCompressorOutputStream;

/** Makes compressed streams, and the bytes that go into them, for tests. */
public final class TestingStreams {

  private static final List<String> PHRASES =
      List.of(
          "The river carries the water to the mill. ",
          "Turn the wheel slowly, then faster. ",
          "In the beginning of the year, ",
          "because of the weather and the season, ",
          "A miller keeps the gate; ",
          "nothing is lost on the way ",
          "United States Department of Agriculture ",
          "http://www.example.com/index.html ",
          "grain, flour and bread\n",
          "the quick brown fox jumps over the lazy dog ",
          "Zürich, Köln, Besançon — naïve café ",
          "0123456789 3.14159 ",
          "<div class=\"mill\"></div>\n",
          "function (race) { return race; } ",
          "international development ",
          "и снова мельница ");

  private TestingStreams() {}

  /** Text that compresses well; brotli.js makes the same. */
  public static byte[] text(int length) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int x = 1; text.size() < length; ) {
      x = x * 1664525 + 1013904223;
      text.writeBytes(PHRASES.get((x >>> 16) % PHRASES.size()).getBytes(StandardCharsets.UTF_8));
    }
    return Arrays.copyOf(text.toByteArray(), length);
  }

  /** Bytes that don't compress. */
  public static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  /** One stream that holds these bytes; brotli only stores them. */
  public static byte[] compress(Compression compression, byte[] bytes) {
    try {
      return switch (compression) {
        case ZSTD -> Zstd.compress(bytes);
        case BROTLI -> storedBrotli(bytes);
        case GZIP -> {
          ByteArrayOutputStream stream = new ByteArrayOutputStream();
          yield written(bytes, stream, new GZIPOutputStream(stream));
        }
        case BZIP2 -> {
          ByteArrayOutputStream stream = new ByteArrayOutputStream();
          yield written(bytes, stream, new BZip2CompressorOutputStream(stream));
        }
        case SNAPPY -> {
          ByteArrayOutputStream stream = new ByteArrayOutputStream();
          yield written(bytes, stream, new SnappyCompressorOutputStream(stream, bytes.length));
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(byte[] bytes, ByteArrayOutputStream stream, OutputStream encoder)
      throws IOException {
    try (encoder) {
      encoder.write(bytes);
    }
    return stream.toByteArray();
  }

  /** RFC 7932: the window's size, stored meta-blocks of up to 64 KiB, an empty last one. */
  private static byte[] storedBrotli(byte[] bytes) {
    BitWriter bits = new BitWriter();
    bits.write(0, 1); // a window of 64 KiB
    for (int done = 0; done < bytes.length; ) {
      int count = Math.min(1 << 16, bytes.length - done);
      bits.write(0, 1); // not the last
      bits.write(0, 2); // four nibbles of length
      bits.write(count - 1, 16);
      bits.write(1, 1); // stored
      bits.align();
      bits.bytes.write(bytes, done, count);
      done += count;
    }
    bits.write(3, 2); // the last, empty
    bits.align();
    return bits.bytes.toByteArray();
  }

  /** Bits from the lowest of each byte up. */
  private static final class BitWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int count;

    private void write(int value, int width) {
      pending |= value << count;
      count += width;
      for (; count >= Byte.SIZE; count -= Byte.SIZE) {
        bytes.write(pending);
        pending >>>= Byte.SIZE;
      }
    }

    private void align() {
      if (count > 0) {
        write(0, Byte.SIZE - count);
      }
    }
  }

  /** A stream that {@code brotli.js} made. */
  static byte[] golden(String name) {
    try (InputStream file = TestingStreams.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalArgumentException("Cannot find test resource " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] concatenate(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Bytes as one run. */
  public static ByteChunks chunks(byte[] bytes) {
    ByteChunks chunks = ByteChunks.allocate(bytes.length);
    for (var s = chunks.first(0, bytes.length); s != null; s = s.next()) {
      System.arraycopy(bytes, (int) s.position(), s.array(), s.offset(), s.length());
    }
    return chunks;
  }

  /** Bytes as runs of a given length, with an empty one at each end. */
  static List<ByteChunks> pieces(byte[] bytes, int length) {
    List<ByteChunks> pieces = new ArrayList<>();
    pieces.add(ByteChunks.allocate(0));
    try (InputStream stream = new ByteArrayInputStream(bytes)) {
      for (int done = 0; done < bytes.length; done += length) {
        pieces.add(chunks(stream.readNBytes(length)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pieces.add(ByteChunks.allocate(0));
    return pieces;
  }

  public static byte[] toArray(ByteChunks chunks) {
    return chunks.copy(0, Math.toIntExact(chunks.length()));
  }
}
