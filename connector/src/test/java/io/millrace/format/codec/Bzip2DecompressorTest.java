// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.compress;
import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
final class Bzip2DecompressorTest extends DecompressorContract {

  Bzip2DecompressorTest() {
    super(Compression.BZIP2);
  }

  @Override
  List<ByteChunks> bomb() {
    byte[] stream = compress(Compression.BZIP2, new byte[64 << 20]);
    return Collections.nCopies(160, TestingStreams.chunks(stream));
  }

  @Override
  String bombMessage() {
    return "the bz2 stream inflates to more than the declared 1000 bytes";
  }

  @Override
  String lieMessage(int length) {
    return "the bz2 stream of %d bytes can hold at most %d bytes where 4294967295 are declared"
        .formatted(length, (long) length << 21);
  }

  @Override
  boolean hasChecksum() {
    return true;
  }

  @Test
  void inflatesStreamsInARow() throws CorruptObjectException {
    byte[] first = text(300_000);
    byte[] second = noise(300_000);
    byte[] stream =
        concatenate(
            compress(Compression.BZIP2, first),
            compress(Compression.BZIP2, new byte[0]),
            compress(Compression.BZIP2, second));
    assertThat(inflate(stream, 600_000)).isEqualTo(concatenate(first, second));
  }

  @Test
  void takesManyEmptyStreams() throws CorruptObjectException {
    ByteChunks empty = TestingStreams.chunks(compress(Compression.BZIP2, new byte[0]));
    ByteChunks one = TestingStreams.chunks(compress(Compression.BZIP2, new byte[1]));
    List<ByteChunks> streams = Collections.nCopies(100_000, empty);
    decompressor.inflate(OBJECT, streams, ByteChunks.allocate(0));
    List<ByteChunks> excess = new ArrayList<>(streams);
    excess.add(one);
    assertThatThrownBy(() -> decompressor.inflate(OBJECT, excess, ByteChunks.allocate(0)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith("the bz2 stream inflates to more than the declared 0 bytes");
  }

  @Test
  void saysWhatIsWrong() {
    byte[] stream = compress(Compression.BZIP2, text(10));
    assertThat(fault(text(100), 10)).hasMessageEndingWith("at offset 0: not a bz2 stream");
    assertThat(fault(concatenate(stream, new byte[3]), 10))
        .hasMessageEndingWith(
            "at offset %s: 3 bytes follow the end of the bz2 stream", stream.length);
    assertThat(fault(changed(4), 10))
        .hasMessageContaining("the bz2 stream at 0 is damaged or cut: ");
    assertThat(fault(changed(10), 10)).hasMessageContaining("BZip2 CRC error");
    assertThat(fault(changed(stream.length - 2), 10)).hasMessageContaining("BZip2 CRC error");
  }

  private static byte[] changed(int position) {
    byte[] stream = compress(Compression.BZIP2, text(10));
    stream[position] ^= (byte) 0xff;
    return stream;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 9})
  void inflatesEveryLevelAndLongRuns(int level) throws IOException {
    byte[] bytes = concatenate(text(1_300_000), new byte[3_000_000], noise(1_000_000), text(5));
    for (int run = 1; run < 600; run++) {
      Arrays.fill(bytes, run * run, run * run + run, (byte) 'r');
    }
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (OutputStream encoder = new BZip2CompressorOutputStream(stream, level)) {
      encoder.write(bytes);
    }
    assertThat(inflate(stream.toByteArray(), bytes.length)).isEqualTo(bytes);
  }
}
