// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.chunks;
import static io.millrace.format.codec.TestingStreams.concatenate;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
final class ZstdDecompressorTest extends DecompressorContract {

  private static final int MAGIC = 0xfd2fb528;
  private static final int RLE_BLOCK = 128 * 1024;

  ZstdDecompressorTest() {
    super(Compression.ZSTD);
  }

  /** One frame without a size, of blocks that repeat one byte 128 Ki times: 320 KB for 10 GiB. */
  @Override
  List<ByteChunks> bomb() {
    int blocks = 10 * 1024 * 8;
    byte[] bytes = new byte[6 + 4 * blocks];
    ByteBuffer frame = littleEndian(bytes).putInt(MAGIC).put((byte) 0).put((byte) 0x38);
    for (int i = 1; i <= blocks; i++) {
      frame.putInt((i == blocks ? 1 : 0) | (1 << 1) | (RLE_BLOCK << 3));
    }
    return List.of(chunks(bytes));
  }

  @Override
  String bombMessage() {
    return "the zstd stream inflates to more than the declared 1000 bytes";
  }

  @Override
  String lieMessage(int length) {
    return "the zstd frames say that they hold 600 bytes where 4294967295 are declared";
  }

  @Override
  boolean hasChecksum() {
    return false;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 12, 19, 22})
  void inflatesEveryLevel(int level) throws IOException {
    byte[] bytes = concatenate(text(900_000), noise(300_000));
    assertThat(inflate(Zstd.compress(bytes, level), bytes.length)).isEqualTo(bytes);
    assertThat(inflate(unsized(bytes, level), bytes.length)).isEqualTo(bytes);
  }

  @Test
  void inflatesFramesInARow() throws IOException {
    byte[] first = text(500_000);
    byte[] second = noise(400_000);
    byte[] skippable = skippable(0x184d2a53, 5, 5);
    byte[] stream =
        concatenate(
            skippable,
            Zstd.compress(first),
            unsized(new byte[0], 3),
            skippable,
            unsized(second, 3),
            Zstd.compress(first, 1),
            skippable);
    assertThat(inflate(stream, 1_400_000)).isEqualTo(concatenate(first, second, first));
  }

  @Test
  void tellsFromItsBlocksWhatAFrameCanHold() throws IOException {
    byte[] unsized = unsized(text(300_000), 3);
    decompressor.checkDeclared(OBJECT, chunks(unsized), 300_000);
    assertThat(lie(unsized, 1 << 20))
        .hasMessageEndingWith(
            "at offset 0: the zstd frames can hold at most 393216 bytes where 1048576 are declared");
    byte[] sized = Zstd.compress(new byte[300_000]);
    assertThat(lie(sized, 299_999))
        .hasMessageEndingWith("say that they hold 300000 bytes where 299999 are declared");
    assertThat(lie(concatenate(sized, sized), 300_000))
        .hasMessageEndingWith("say that they hold 600000 bytes where 300000 are declared");
    byte[] lying = new byte[16];
    littleEndian(lying).putInt(MAGIC).put((byte) 0xe0).putLong(1L << 40).putShort((short) 1);
    assertThat(lie(lying, 1L << 40))
        .hasMessageEndingWith(
            "at offset 0: a zstd frame says that it holds 1099511627776 bytes where its blocks can"
                + " hold at most 0");
  }

  private CorruptObjectException lie(byte[] stream, long declared) {
    CorruptObjectException lie =
        catchThrowableOfType(
            CorruptObjectException.class,
            () -> decompressor.checkDeclared(OBJECT, chunks(stream), declared));
    assertThat(lie).isNotNull();
    return lie;
  }

  @Test
  void refusesAFrameThatDoesNotFit() {
    byte[] frame = Zstd.compress(text(600));
    assertThat(fault(concatenate(frame, frame), 1000))
        .hasMessageEndingWith(
            "at offset %s: a zstd frame says that it holds 600 bytes where 400 of the declared"
                + " 1000 are left",
            frame.length);
  }

  @Test
  void refusesAFrameThatHoldsMoreOrLessThanItSays() {
    byte[] frame = Zstd.compress(text(600));
    assertThat(frame[4] & 0xc0).as("two bytes of size, less 256").isEqualTo(0x40);
    for (int size : new int[] {599, 601}) {
      byte[] wrong = frame.clone();
      littleEndian(wrong).putShort(5, (short) (size - 256));
      assertThat(fault(wrong, 1000)).hasMessageContaining("the zstd frame at 0 is damaged: ");
      assertThat(fault(wrong, size)).hasMessageContaining("the zstd frame at 0 is damaged: ");
    }
  }

  @Test
  void refusesASizeNearTheEndOfNumbers() {
    byte[] frame = new byte[20];
    for (long size : new long[] {-1, -2, Long.MIN_VALUE, Long.MAX_VALUE}) {
      littleEndian(frame).putInt(MAGIC).put((byte) 0xe0).putLong(size);
      assertThat(fault(frame, 10))
          .hasMessageEndingWith(
              "a zstd frame says that it holds %s bytes where 10 of the declared 10 are left",
              Long.toUnsignedString(size));
    }
  }

  @Test
  void refusesAWindowAbove128MiB() {
    // a block of one raw byte, the last, after a header with a window of 2^log bytes
    byte[] widest = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (17 << 3), 9, 0, 0, 'x'};
    assertThat(fault(widest, 2)).hasMessageContaining("ends after 1 of the declared 2 bytes");
    for (int descriptor : new int[] {(17 << 3) | 1, 18 << 3, (31 << 3) | 7}) {
      byte[] wider = widest.clone();
      wider[5] = (byte) descriptor;
      assertThat(fault(wider, 1))
          .hasMessageEndingWith(
              "the zstd frame at 0 is damaged: Frame requires too much memory for decoding");
    }
  }

  @Test
  void refusesAFrameThatNeedsADictionary() {
    byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x21, 7, 1, 9, 0, 0, 'x'};
    assertThat(fault(frame, 1)).hasMessageEndingWith("a zstd frame needs the dictionary 7");
  }

  @Test
  void refusesASkippableFrameThatIsCut() {
    byte[] skippable = skippable(0x184d2a5f, -1, 4);
    byte[] frame = Zstd.compress(text(600));
    assertThat(fault(concatenate(frame, skippable), 600))
        .hasMessageEndingWith(
            "the zstd stream is cut: a skippable frame of 4294967303 bytes has 12 left");
    byte[] alone = skippable(0x184d2a50, 0, 0);
    assertThat(fault(alone, 0)).hasMessageEndingWith("at offset 8: the zstd stream has no frame");
    assertThat(fault(Arrays.copyOf(alone, 7), 0))
        .hasMessageEndingWith("at offset 0: the zstd stream is cut inside a frame's header");
  }

  @Test
  void saysWhatIsNoFrame() {
    assertThat(fault(noise(100), 600))
        .hasMessageEndingWith(
            "at offset 0: not a zstd frame: it begins with 0x%08x",
            littleEndian(noise(100)).getInt());
    byte[] frame = Zstd.compress(text(600));
    assertThat(fault(concatenate(frame, new byte[9]), 600))
        .hasMessageEndingWith(
            "at offset %s: 9 bytes follow the end of the zstd stream", frame.length);
    assertThat(fault(Arrays.copyOf(frame, frame.length - 1), 600))
        .hasMessageEndingWith("the zstd stream is cut inside the frame at 0");
  }

  @Test
  void seesADamagedChecksum() throws IOException {
    byte[] bytes = text(1000);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (ZstdOutputStream encoder = new ZstdOutputStream(stream).setChecksum(true)) {
      encoder.write(bytes);
    }
    byte[] frame = stream.toByteArray();
    assertThat(inflate(frame, 1000)).isEqualTo(bytes);
    frame[frame.length - 1]++;
    assertThat(fault(frame, 1000)).hasMessageContaining("doesn't match checksum");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 262_080, 262_081, 700_000, 1_048_320})
  void inflatesWhatHasNoDeclaredSize(int length) throws IOException {
    byte[] bytes = text(length);
    byte[] skippable = skippable(0x184d2a53, 5, 5);
    assertThat(undeclared(Zstd.compress(bytes))).isEqualTo(bytes);
    assertThat(undeclared(unsized(bytes, 3))).isEqualTo(bytes);
    byte[] mixed =
        concatenate(skippable, unsized(bytes, 1), Zstd.compress(noise(length)), skippable);
    assertThat(undeclared(mixed)).isEqualTo(concatenate(bytes, noise(length)));
  }

  @Test
  void takesMemoryOfTheSizeThatAllFramesSayOrByTheChunk() throws IOException {
    byte[] bytes = text(600_000);
    List<Long> asked = new ArrayList<>();
    try (ZstdDecompressor zstd = new ZstdDecompressor()) {
      byte[] sized = Zstd.compress(bytes);
      zstd.inflate(OBJECT, chunks(concatenate(sized, sized)), counting(asked));
      assertThat(asked).containsExactly(1_200_000L);
      asked.clear();
      zstd.inflate(OBJECT, chunks(unsized(bytes, 3)), counting(asked));
      // five blocks of 128 KiB could hold 655,360
      assertThat(asked).containsExactly(262_080L, 262_080L, 131_200L);
    }
  }

  @Test
  void stopsWhereThereIsNoMoreMemory() {
    InflatedMemory little =
        length -> {
          throw new IOException("Cannot hold " + length + " bytes");
        };
    try (ZstdDecompressor zstd = new ZstdDecompressor()) {
      assertThatThrownBy(() -> zstd.inflate(OBJECT, bomb().get(0), little))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("Cannot hold 262080 bytes");
      byte[] sized = Zstd.compress(new byte[4 << 20]);
      assertThatThrownBy(() -> zstd.inflate(OBJECT, chunks(sized), little))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("Cannot hold 4194304 bytes");
    }
  }

  @Test
  void refusesFaultsWhereNoSizeIsDeclared() throws IOException {
    byte[] frame = unsized(text(600), 3);
    assertThat(undeclaredFault(Arrays.copyOf(frame, frame.length - 1)))
        .hasMessageEndingWith("the zstd stream is cut inside the frame at 0");
    assertThat(undeclaredFault(concatenate(frame, new byte[9])))
        .hasMessageEndingWith("9 bytes follow the end of the zstd stream");
    assertThat(undeclaredFault(skippable(0x184d2a50, 0, 0)))
        .hasMessageEndingWith("at offset 8: the zstd stream has no frame");
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (ZstdOutputStream encoder = new ZstdOutputStream(stream).setChecksum(true)) {
      encoder.write(text(600));
    }
    byte[] damaged = stream.toByteArray();
    damaged[damaged.length - 1]++;
    assertThat(undeclaredFault(damaged)).hasMessageContaining("doesn't match checksum");
  }

  private static CorruptObjectException undeclaredFault(byte[] stream) {
    CorruptObjectException fault =
        catchThrowableOfType(CorruptObjectException.class, () -> undeclared(stream));
    assertThat(fault).isNotNull();
    return fault;
  }

  private static byte[] undeclared(byte[] stream) throws IOException {
    try (ZstdDecompressor zstd = new ZstdDecompressor()) {
      return TestingStreams.toArray(zstd.inflate(OBJECT, chunks(stream), ByteChunks::allocate));
    }
  }

  private static InflatedMemory counting(List<Long> asked) {
    return length -> {
      asked.add(length);
      return ByteChunks.allocate(length);
    };
  }

  private static byte[] unsized(byte[] bytes, int level) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (OutputStream encoder = new ZstdOutputStream(stream, level)) {
      encoder.write(bytes);
      encoder.flush();
    }
    return stream.toByteArray();
  }

  private static byte[] skippable(int magic, int declared, int length) {
    byte[] frame = new byte[8 + length];
    littleEndian(frame).putInt(magic).putInt(declared);
    return frame;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
