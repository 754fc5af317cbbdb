// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class SnappyDecompressorTest extends DecompressorContract {

  private static final ObjectLocation OBJECT = ObjectLocation.of("file:/x/shard.00000.mds.snappy");

  SnappyDecompressorTest() {
    super(Compression.SNAPPY);
  }

  @Override
  List<ByteChunks> bomb() {
    return List.of(TestingStreams.chunks(HexFormat.of().parseHex("ffffffff0f0061fe0100")));
  }

  @Override
  String bombMessage() {
    return "at offset 0: the snappy block says that it holds 4294967295 bytes where 1000 are"
        + " declared";
  }

  @Override
  String lieMessage(int length) {
    return "the snappy block says that it holds 600 bytes where 4294967295 are declared";
  }

  @Override
  boolean hasChecksum() {
    return false;
  }

  /** Elements by hand, after google/snappy's format_description.txt. */
  @ParameterizedTest
  @CsvSource({
    "literal of 1, 0100 61, a",
    "literal of 3, 0308 616263, abc",
    "literal with 1 byte of length, 03f002 616263, abc",
    "literal with 2 bytes of length, 03f40200 616263, abc",
    "literal with 3 bytes of length, 03f8020000 616263, abc",
    "literal with 4 bytes of length, 03fc02000000 616263, abc",
    "copy with 1 byte of offset, 0808 616263 0503, abcabcab",
    "copy with 2 bytes of offset, 0708 616263 0e0300, abcabca",
    "copy with 4 bytes of offset, 0708 616263 0f03000000, abcabca",
    "copy that overlaps itself, 0800 61 1a0100, aaaaaaaa",
  })
  void inflatesEveryElement(String what, String hex, String text) throws CorruptObjectException {
    byte[] stream = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(new String(inflate(stream, text.length()), StandardCharsets.UTF_8))
        .as(what)
        .isEqualTo(text);
  }

  @Test
  void copiesAcrossChunksFromFarBack() throws CorruptObjectException {
    int length = 2 * ByteChunks.CHUNK_SIZE + 100;
    byte[] bytes = noise(length);
    // a literal of all, then 60 bytes from 10 before the first chunk's end, by a 4-byte offset
    byte[] literal = littleEndian(0xf8, length - 1, 3);
    byte[] copy = littleEndian(0xef, length - (ByteChunks.CHUNK_SIZE - 10), 4);
    byte[] stream = concatenate(varint(length + 60), literal, bytes, copy);
    byte[] inflated = inflate(stream, length + 60);
    assertThat(inflated).startsWith(bytes);
    for (int i = 0; i < 60; i++) {
      assertThat(inflated[length + i]).isEqualTo(bytes[ByteChunks.CHUNK_SIZE - 10 + i]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0400 61 0e0200, 4, a snappy copy reaches 2 bytes back where there are 1",
    "0400 61 0e0000, 4, a snappy copy reaches 0 bytes back where there are 1",
    "0400 61 0fffffffff, 4, a snappy copy reaches 4294967295 bytes back where there are 1",
    "0400 61 120100, 4, the snappy stream inflates to more than the declared 4 bytes",
    "020c 61626364, 2, the snappy stream inflates to more than the declared 2 bytes",
    "06fcffffffff 61, 6, the snappy stream inflates to more than the declared 6 bytes",
    "050c 616263, 5, the snappy stream is cut",
    "0400 61 0e01, 4, the snappy stream is cut",
    "0400 61, 4, the snappy stream ends after 1 of the declared 4 bytes",
    "80, 4, the snappy stream is cut",
    "8080808080 01, 4, the snappy block's length has more than 5 bytes",
  })
  void saysWhatIsWrong(String hex, int declared, String message) {
    byte[] stream = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(fault(stream, declared)).hasMessageEndingWith(": " + message);
  }

  @Test
  void checksTheLengthFirst() {
    byte[] stream = TestingStreams.compress(Compression.SNAPPY, text(600));
    assertThat(fault(stream, 601))
        .hasMessageEndingWith(
            "at offset 0: the snappy block says that it holds 600 bytes where 601 are declared");
  }

  /** Nothing is allocated for 4 GiB that the index and 5 bytes agree on. */
  @Test
  void believesNoMoreThanCopiesCanGive() throws CorruptObjectException {
    ByteChunks lie = TestingStreams.chunks(HexFormat.of().parseHex("ffffffff0f"));
    ByteChunks copies = TestingStreams.chunks(HexFormat.of().parseHex("410061fe0100"));
    try (Decompressor snappy = Decompressor.of(Compression.SNAPPY)) {
      assertThatThrownBy(() -> snappy.checkDeclared(OBJECT, lie, 4_294_967_295L))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageEndingWith(
              "the snappy stream of 5 bytes can hold at most 107 bytes where 4294967295 are"
                  + " declared");
      snappy.checkDeclared(OBJECT, copies, 65);
    }
    assertThat(inflate(HexFormat.of().parseHex("410061fe0100"), 65)).hasSize(65);
  }

  private static byte[] littleEndian(int tag, int value, int width) {
    byte[] bytes = new byte[1 + width];
    bytes[0] = (byte) tag;
    for (int i = 0; i < width; i++) {
      bytes[1 + i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  private static byte[] varint(int value) {
    return new byte[] {
      (byte) ((value & 0x7f) | 0x80), (byte) (((value >>> 7) & 0x7f) | 0x80), (byte) (value >>> 14)
    };
  }
}
