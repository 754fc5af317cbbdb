// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BytesDeltaTest {

  private static Bytes ascii(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Bytes back(Bytes before, byte[] delta) {
    PackedInput in = new PackedInput(delta, 0, delta.length);
    Bytes read = BytesDelta.read(before, in);
    assertThat(in.isAtEnd()).isTrue();
    return read;
  }

  @Test
  void equalBytesTakeOneByte() {
    Bytes before = ascii("the same");

    byte[] delta = BytesDelta.of(before, ascii("the same"));

    assertThat(delta).hasSize(1);
    assertThat(back(before, delta)).isSameAs(before);
  }

  @Test
  void runsArePartedAndDigitsPacked() {
    Bytes before = ascii("len=12345;sha1=0123456789abcdef0123456789abcdef01234567;columns");
    Bytes after = ascii("len=98765;sha1=ffeeddccbbaa99887766554433221100ffeeddcc;columns");

    byte[] delta = BytesDelta.of(before, after);

    // The number of runs; kept, replaced and length of each; 5 and 37 digits.
    assertThat(delta).hasSize(1 + 3 + 3 + 3 + 19);
    assertThat(back(before, delta)).isEqualTo(after);
  }

  @Test
  void bytesThatResembleEachOtherComeBack() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] before = new byte[random.nextInt(60)];
      random.nextBytes(before);
      StringBuilder hex = new StringBuilder(HexFormat.of().formatHex(before));
      for (int j = random.nextInt(4); j > 0 && !hex.isEmpty(); j--) {
        int at = random.nextInt(hex.length());
        switch (random.nextInt(3)) {
          case 0 -> hex.setCharAt(at, (char) ('a' + random.nextInt(26)));
          case 1 -> hex.insert(at, random.nextInt());
          default -> hex.delete(at, Math.min(hex.length(), at + random.nextInt(9)));
        }
      }
      Bytes old = ascii(HexFormat.of().formatHex(before));
      Bytes bytes = ascii(hex.toString());

      assertThat(back(old, BytesDelta.of(old, bytes))).isEqualTo(bytes);
      assertThat(back(bytes, BytesDelta.of(bytes, old))).isEqualTo(old);
    }
  }
}
