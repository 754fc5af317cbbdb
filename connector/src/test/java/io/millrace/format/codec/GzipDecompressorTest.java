// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.compress;
import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class GzipDecompressorTest extends DecompressorContract {

  private static final int PLAIN_HEADER = 10;

  GzipDecompressorTest() {
    super(Compression.GZIP);
  }

  @Override
  List<ByteChunks> bomb() {
    byte[] member = compress(Compression.GZIP, new byte[64 << 20]);
    return Collections.nCopies(160, TestingStreams.chunks(member));
  }

  @Override
  String bombMessage() {
    return "the gz stream inflates to more than the declared 1000 bytes";
  }

  @Override
  String lieMessage(int length) {
    return "the gz stream of %d bytes can hold at most %d bytes where 4294967295 are declared"
        .formatted(length, 1032 * length + 1024);
  }

  @Override
  boolean hasChecksum() {
    return true;
  }

  @Test
  void inflatesMembersInARow() throws CorruptObjectException {
    byte[] first = text(300_000);
    byte[] second = noise(300_000);
    byte[] stream =
        concatenate(
            compress(Compression.GZIP, first),
            compress(Compression.GZIP, new byte[0]),
            compress(Compression.GZIP, second));
    assertThat(inflate(stream, 600_000)).isEqualTo(concatenate(first, second));
  }

  @Test
  void skipsTheFieldsOfAHeader() throws CorruptObjectException {
    byte[] bytes = text(1000);
    for (int flags = 0; flags < 32; flags++) {
      assertThat(inflate(member(flags, bytes), 1000)).as("flags %s", flags).isEqualTo(bytes);
    }
  }

  @Test
  void refusesAHeaderThatIsCut() {
    int whole = member(31, new byte[0]).length - compress(Compression.GZIP, new byte[0]).length;
    for (int cut = 0; cut < PLAIN_HEADER + whole; cut++) {
      fault(Arrays.copyOf(member(31, new byte[0]), cut), 0);
    }
  }

  @Test
  void refusesADamagedHeader() {
    byte[] stream = member(2, text(1000));
    stream[PLAIN_HEADER]++;
    assertThat(fault(stream, 1000)).hasMessageContaining("a gz header's CRC-16 is ");
    assertThat(fault(changed(3, 0x20), 1000))
        .hasMessageEndingWith("at offset 4: a gz member has unknown flags: 0x20");
    assertThat(fault(changed(2, 7), 1000))
        .hasMessageEndingWith("at offset 3: a gz member has the unknown method 7");
    assertThat(fault(text(100), 1000)).hasMessageEndingWith("at offset 0: not a gz member");
  }

  @Test
  void refusesADamagedTrailer() {
    int length = compress(Compression.GZIP, text(1000)).length;
    assertThat(fault(changed(length - 5, 0), 1000)).hasMessageContaining("gz member's CRC-32 is ");
    assertThat(fault(changed(length - 4, 0), 1000))
        .hasMessageEndingWith("the gz member's size is 768, it inflates to 1000 (modulo 2^32)");
  }

  @Test
  void saysHowMuchFollowsTheEnd() {
    byte[] stream = compress(Compression.GZIP, text(1000));
    assertThat(fault(concatenate(stream, new byte[3]), 1000))
        .hasMessageEndingWith(
            "at offset %s: 3 bytes follow the end of the gz stream", stream.length);
  }

  private static byte[] changed(int position, int value) {
    byte[] stream = compress(Compression.GZIP, text(1000));
    stream[position] = (byte) value;
    return stream;
  }

  /** A member with optional fields as its flags say (RFC 1952, 2.3.1). */
  private static byte[] member(int flags, byte[] bytes) {
    byte[] plain = compress(Compression.GZIP, bytes);
    byte[] header = Arrays.copyOf(plain, PLAIN_HEADER);
    header[3] = (byte) flags;
    if ((flags & 4) != 0) {
      header = concatenate(header, new byte[] {44, 1}, new byte[300]);
    }
    if ((flags & 8) != 0) {
      header = concatenate(header, new byte[] {'n', 'a', 'm', 'e', 0});
    }
    if ((flags & 16) != 0) {
      header = concatenate(header, new byte[] {'?', 0});
    }
    if ((flags & 2) != 0) {
      CRC32 crc = new CRC32();
      crc.update(header);
      header =
          concatenate(header, new byte[] {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)});
    }
    return concatenate(header, Arrays.copyOfRange(plain, PLAIN_HEADER, plain.length));
  }
}
