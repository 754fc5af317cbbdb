// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import static io.millrace.format.codec.TestingStreams.chunks;
import static io.millrace.format.codec.TestingStreams.compress;
import static io.millrace.format.codec.TestingStreams.noise;
import static io.millrace.format.codec.TestingStreams.pieces;
import static io.millrace.format.codec.TestingStreams.text;
import static io.millrace.format.codec.TestingStreams.toArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the decompressor of every compression. */
abstract class DecompressorContract {

  static final ObjectLocation OBJECT = ObjectLocation.of("file:/data/shard.bin");
  private static final String PREFIX = "Corrupt object file:/data/shard.bin at offset ";

  /** Bytes on the heap that no stream may make a decompressor allocate. */
  private static final long HEAP_BOUND = 24L << 20;

  private final Compression compression;
  private final String name;
  final Decompressor decompressor;

  DecompressorContract(Compression compression) {
    this.compression = compression;
    this.name = compression.mdsName();
    this.decompressor = Decompressor.of(compression);
  }

  /** Bytes that inflate to 10 GB or more, or as far as the compression can go. */
  abstract List<ByteChunks> bomb();

  /** What is said of the bomb when 1000 bytes are declared. */
  abstract String bombMessage();

  /** What is said where 4294967295 bytes are declared for a stream of 600 that has this length. */
  abstract String lieMessage(int length);

  /** Whether every damage of a stream's payload shows. */
  abstract boolean hasChecksum();

  @AfterEach
  void close() {
    decompressor.close();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        100,
        ByteChunks.CHUNK_SIZE - 1,
        ByteChunks.CHUNK_SIZE,
        ByteChunks.CHUNK_SIZE + 1,
        2 * ByteChunks.CHUNK_SIZE,
        3 * ByteChunks.CHUNK_SIZE + 5,
        1_200_000
      })
  void inflatesWhatWasCompressed(int length) throws CorruptObjectException {
    for (byte[] bytes : List.of(text(length), noise(length), new byte[length])) {
      assertThat(inflate(compress(compression, bytes), length)).isEqualTo(bytes);
    }
  }

  @Test
  void takesASourceThatIsCutAnywhere() throws CorruptObjectException {
    byte[] bytes = TestingStreams.concatenate(text(300_000), noise(600_000));
    byte[] stream = compress(compression, bytes);
    for (int length : new int[] {1, 7, 4096, 300_000, stream.length - 1, stream.length}) {
      ByteChunks target = ByteChunks.allocate(bytes.length);
      decompressor.inflate(OBJECT, pieces(stream, length), target);
      assertThat(toArray(target)).as("pieces of %s bytes", length).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 300_000, 8 << 20})
  void believesTheSizeOfWhatWasCompressed(int length) throws CorruptObjectException {
    for (byte[] bytes : List.of(text(Math.min(length, 1 << 20)), new byte[length])) {
      byte[] stream = compress(compression, bytes);
      decompressor.checkDeclared(OBJECT, chunks(stream), bytes.length);
      byte[] two = TestingStreams.concatenate(stream, stream);
      if (compression != Compression.SNAPPY) {
        decompressor.checkDeclared(OBJECT, chunks(two), 2L * bytes.length);
      }
    }
  }

  @Test
  void believesNoSizeThatAStreamCannotHave() {
    byte[] stream = compress(compression, text(600));
    assertThatThrownBy(() -> decompressor.checkDeclared(OBJECT, chunks(stream), 4294967295L))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(PREFIX + "0: " + lieMessage(stream.length));
  }

  @Test
  void looksForASizeInAnyStreamWithoutAnotherException() {
    byte[] stream = compress(compression, text(600));
    for (int cut = 0; cut < stream.length; cut++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = Arrays.copyOf(stream, stream.length - (bit == 0 ? cut : 0));
        damaged[Math.min(cut, damaged.length - 1)] ^= (byte) (1 << bit);
        try {
          decompressor.checkDeclared(OBJECT, chunks(damaged), 600);
        } catch (CorruptObjectException e) {
          checkPlace(e, damaged.length);
        }
      }
    }
  }

  @Test
  void inflatesToNothing() throws CorruptObjectException {
    assertThat(inflate(compress(compression, new byte[0]), 0)).isEmpty();
  }

  @Test
  void refusesAnEmptyObject() {
    assertThat(fault(new byte[0], 0).offset()).isZero();
    assertThat(fault(new byte[0], 10).offset()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 299_999})
  void refusesMoreThanIsDeclared(int declared) {
    for (byte[] bytes : List.of(text(300_000), noise(300_000))) {
      assertThat(fault(compress(compression, bytes), declared)).hasMessageContaining("declared");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300_001, 900_000})
  void refusesLessThanIsDeclared(int declared) {
    CorruptObjectException fault = fault(compress(compression, text(300_000)), declared);
    assertThat(fault).hasMessageContaining("300000").hasMessageContaining("declared");
  }

  @Test
  void refusesALargeDeclarationOfATinyStream() {
    assertThat(fault(compress(compression, new byte[10]), 64 << 20))
        .hasMessageContaining("67108864");
  }

  @Test
  void refusesABombWithoutMemoryForIt() {
    ByteChunks target = ByteChunks.allocate(1000);
    List<ByteChunks> bomb = bomb();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    CorruptObjectException fault =
        catchThrowableOfType(
            CorruptObjectException.class, () -> decompressor.inflate(OBJECT, bomb, target));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(fault).hasMessageStartingWith(PREFIX).hasMessageEndingWith(bombMessage());
    assertThat(allocated).isLessThan(HEAP_BOUND);
  }

  @Test
  void refusesAStreamCutAnywhere() {
    for (byte[] bytes : List.of(text(600), noise(200))) {
      byte[] stream = compress(compression, bytes);
      for (int cut = 0; cut < stream.length; cut++) {
        fault(Arrays.copyOf(stream, cut), bytes.length);
      }
    }
  }

  @Test
  void survivesEveryFlippedBit() {
    byte[] bytes = text(600);
    byte[] stream = compress(compression, bytes);
    for (int bit = 0; bit < 8 * stream.length; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      ByteChunks target = ByteChunks.allocate(bytes.length);
      try {
        decompressor.inflate(OBJECT, chunks(flipped), target);
        if (hasChecksum()) {
          assertThat(toArray(target)).as("bit %s", bit).isEqualTo(bytes);
        }
      } catch (CorruptObjectException e) {
        checkPlace(e, stream.length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 30, 5000})
  void refusesWhatFollowsTheEnd(int length) {
    for (byte[] garbage : List.of(noise(length), new byte[length])) {
      byte[] stream = TestingStreams.concatenate(compress(compression, text(5000)), garbage);
      fault(stream, 5000);
    }
  }

  @Test
  void worksOnAfterAFault() throws CorruptObjectException {
    byte[] bytes = text(700_000);
    byte[] stream = compress(compression, bytes);
    for (int i = 1; i < 4; i++) {
      fault(Arrays.copyOf(stream, stream.length / 4 * i), bytes.length);
      assertThat(inflate(stream, bytes.length)).isEqualTo(bytes);
    }
  }

  @Test
  void inflatesNoMoreOnceClosed() {
    decompressor.close();
    decompressor.close();
    ByteChunks source = chunks(compress(compression, text(10)));
    assertThatThrownBy(() -> decompressor.inflate(OBJECT, source, ByteChunks.allocate(10)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot inflate file:/data/shard.bin: the decompressor is closed");
  }

  final byte[] inflate(byte[] stream, int length) throws CorruptObjectException {
    ByteChunks target = ByteChunks.allocate(length);
    decompressor.inflate(OBJECT, chunks(stream), target);
    return toArray(target);
  }

  /** The exception that inflating throws; its place is checked. */
  final CorruptObjectException fault(byte[] stream, int length) {
    CorruptObjectException fault =
        catchThrowableOfType(CorruptObjectException.class, () -> inflate(stream, length));
    assertThat(fault).as("fault of %s bytes for %s", stream.length, length).isNotNull();
    checkPlace(fault, stream.length);
    return fault;
  }

  private void checkPlace(CorruptObjectException fault, int length) {
    assertThat(fault.object()).isEqualTo(OBJECT);
    assertThat(fault.offset()).isBetween(0L, (long) length);
    assertThat(fault).hasMessageStartingWith(PREFIX + fault.offset() + ": ");
    assertThat(fault).hasMessageContaining(name);
  }
}
