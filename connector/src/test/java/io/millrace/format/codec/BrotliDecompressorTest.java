// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.chunks;
import static io.millrace.format.codec.TestingStreams.compress;
import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.codec.TestingStreams.golden;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class BrotliDecompressorTest extends DecompressorContract {

  /** What the decoder reads ahead, in bytes. */
  private static final int READ_AHEAD = 4096;

  BrotliDecompressorTest() {
    super(Compression.BROTLI);
  }

  @Override
  List<ByteChunks> bomb() {
    return List.of(chunks(golden("zeros-10g.br")));
  }

  @Override
  String bombMessage() {
    return "the br stream inflates to more than the declared 1000 bytes";
  }

  @Override
  String lieMessage(int length) {
    return "the br stream of %d bytes can hold at most %d bytes where 4294967295 are declared"
        .formatted(length, (long) length << 21);
  }

  @Override
  boolean hasChecksum() {
    return false;
  }

  @ParameterizedTest
  @CsvSource({
    "text-900001-q11-w22.br, 900001",
    "text-300000-q5-w18.br, 300000",
    "text-300000-q1-w24.br, 300000",
    "text-20000-q0-w10.br, 20000",
    "empty.br, 0"
  })
  void inflatesWhatGooglesEncoderMade(String name, int length) throws CorruptObjectException {
    byte[] stream = golden(name);
    assertThat(inflate(stream, length)).isEqualTo(text(length));
    fault(stream, length + 1);
    fault(concatenate(stream, new byte[1]), length);
    fault(concatenate(stream, stream), length);
  }

  @ParameterizedTest
  @CsvSource({"text-300000-q5-w18.br, 300000", "text-20000-q0-w10.br, 20000"})
  void refusesGoldenStreamsThatAreCut(String name, int length) {
    byte[] stream = golden(name);
    for (int cut = 0; cut < stream.length; cut += cut < 200 ? 1 : 97) {
      fault(Arrays.copyOf(stream, cut), length);
    }
    fault(Arrays.copyOf(stream, stream.length - 1), length);
  }

  @Test
  void survivesFlippedBitsOfGoldenStreams() {
    byte[] stream = golden("text-20000-q0-w10.br");
    Random random = new Random(7);
    for (int i = 0; i < 600; i++) {
      byte[] flipped = stream.clone();
      flipped[random.nextInt(i < 300 ? 200 : stream.length)] ^= (byte) (1 << random.nextInt(8));
      ByteChunks target = ByteChunks.allocate(20_000);
      try {
        decompressor.inflate(OBJECT, chunks(flipped), target);
      } catch (CorruptObjectException e) {
        assertThat(e.offset()).isBetween(0L, (long) stream.length);
      }
    }
  }

  @Test
  void tellsEndsThatMeetTheReadAhead() throws CorruptObjectException {
    for (int length = READ_AHEAD - 60; length <= READ_AHEAD + 10; length++) {
      for (int ahead = 1; ahead <= 2; ahead++) {
        byte[] bytes = noise(length + (ahead - 1) * READ_AHEAD);
        byte[] stream = compress(Compression.BROTLI, bytes);
        assertThat(inflate(stream, bytes.length)).isEqualTo(bytes);
        for (int garbage : new int[] {1, 2, 3, 4, 7, 8, 9, 35, 36, 37, 63, 64}) {
          fault(Arrays.copyOf(stream, stream.length + garbage), bytes.length);
        }
      }
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(fault(Arrays.copyOf(golden("empty.br"), 4), 0))
        .hasMessageEndingWith("the br stream is damaged or cut: Unused bytes after end");
    byte[] full = Arrays.copyOf(compress(Compression.BROTLI, text(100)), READ_AHEAD);
    assertThat(fault(full, 100)).hasMessageEndingWith("bytes follow the end of the br stream");
  }
}
