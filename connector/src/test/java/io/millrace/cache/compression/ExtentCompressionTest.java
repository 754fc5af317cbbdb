// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
final class ExtentCompressionTest {

  private static final ObjectLocation OBJECT = ObjectLocation.of("test://data/shard.1");
  private static final int[] LENGTHS = {
    1, 1023, 1024, 1031, 4099, 32_761, 65_521, 262_079, 262_080, 262_081, 530_001
  };

  private final ExtentCompression auto = new ExtentCompression(CompressionMode.AUTO);
  private final ExtentCompression zstd = new ExtentCompression(CompressionMode.ZSTD);

  @AfterEach
  void close() {
    auto.close();
    zstd.close();
  }

  @Test
  void givesBackEveryKindOfBytesWhateverTheirLength() throws Exception {
    for (int length : LENGTHS) {
      for (Map.Entry<String, byte[]> kind : CompressionData.generated(length).entrySet()) {
        roundTrip(auto, kind.getValue(), kind.getKey() + " of " + length);
        roundTrip(zstd, kind.getValue(), kind.getKey() + " of " + length);
      }
    }
  }

  @Test
  void givesBackNumbersWhereverTheyBegin() throws Exception {
    byte[] floats = CompressionData.floats(300_000, 1);
    byte[] sparse = CompressionData.floats(300_000, 0.3);
    byte[] doubles = CompressionData.doubles(300_000);
    for (int phase = 0; phase < 9; phase++) {
      byte[] before = CompressionData.text(phase);
      roundTrip(auto, CompressionData.concatenated(before, floats), "floats at " + phase);
      roundTrip(auto, CompressionData.concatenated(before, sparse), "sparse at " + phase);
      roundTrip(auto, CompressionData.concatenated(before, doubles), "doubles at " + phase);
    }
  }

  /** As in shards whose samples have several columns, and torch files with several tensors. */
  @Test
  void givesBackMixturesOfAllKinds() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 6; i++) {
      byte[] mixed = {};
      while (mixed.length < 600_000) {
        byte[][] kinds =
            CompressionData.generated(1 + random.nextInt(150_000)).values().toArray(new byte[0][]);
        mixed = CompressionData.concatenated(mixed, kinds[random.nextInt(kinds.length)]);
      }
      roundTrip(auto, mixed, "mixture " + i);
      roundTrip(zstd, mixed, "mixture " + i);
    }
  }

  @Test
  void leavesAloneWhatDoesNotBecomeSmaller() {
    ByteChunks noise = CompressionData.chunks(CompressionData.noise(600_000));
    byte[] tiny = new byte[StoredFormat.LEAST_LENGTH - 1];

    assertThat(auto.compress(noise, length -> fail(length))).as("nothing is even tried").isEmpty();
    assertThat(zstd.compress(noise, ChunkSource.ON_HEAP)).isEmpty();
    assertThat(auto.compress(CompressionData.chunks(tiny), ChunkSource.ON_HEAP)).isEmpty();
    try (ExtentCompression none = new ExtentCompression(CompressionMode.NONE)) {
      assertThat(none.compress(ByteChunks.allocate(100_000), ChunkSource.ON_HEAP)).isEmpty();
    }
  }

  private static byte[] fail(int length) {
    throw new AssertionError("asked for " + length + " bytes");
  }

  /** What follows the header is not worth it, and the arrays that were taken are of no use. */
  @Test
  void givesUpWhatTurnsOutNotToPay() {
    byte[] bytes =
        CompressionData.concatenated(
            CompressionData.text(40_000), CompressionData.noise(1_200_000));

    assertThat(auto.compress(CompressionData.chunks(bytes), ChunkSource.ON_HEAP)).isEmpty();
    assertThat(zstd.compress(CompressionData.chunks(bytes), ChunkSource.ON_HEAP)).isPresent();
  }

  @Test
  void takesArraysOfExactlyWhatTheFormNeeds() {
    ByteChunks floats = CompressionData.chunks(CompressionData.floats(1_000_000, 1));
    long[] taken = new long[1];
    ByteChunks stored =
        auto.compress(
                floats,
                length -> {
                  taken[0] += length;
                  return new byte[length];
                })
            .orElseThrow();

    assertThat(taken[0]).isEqualTo(stored.length());
    assertThat(stored.chunks()[0]).hasSize(ByteChunks.CHUNK_SIZE);
    assertThat(Arrays.stream(stored.chunks()).mapToLong(array -> array.length).sum())
        .isEqualTo(stored.length());
  }

  @ParameterizedTest
  @EnumSource(CompressionMode.class)
  void readsFormsOfOtherModes(CompressionMode reader) throws Exception {
    byte[] floats = CompressionData.floats(300_000, 1);
    ByteChunks stored =
        auto.compress(CompressionData.chunks(floats), ChunkSource.ON_HEAP).orElseThrow();
    ByteChunks into = ByteChunks.allocate(floats.length);
    try (ExtentCompression other = new ExtentCompression(reader)) {
      other.decompress(OBJECT, 0, stored, into);
    }
    assertThat(into.copy(0, floats.length)).isEqualTo(floats);
  }

  @Test
  void namesObjectAndOffsetOfAFormThatIsNone() {
    byte[] bytes = CompressionData.text(100_000);
    ByteChunks stored =
        auto.compress(CompressionData.chunks(bytes), ChunkSource.ON_HEAP).orElseThrow();

    assertThatThrownBy(() -> auto.decompress(OBJECT, 77, stored, ByteChunks.allocate(99_999)))
        .hasMessage(
            "Corrupt object test://data/shard.1 at offset 77: the compressed form of its bytes in"
                + " the cache is damaged at byte 4 of %d: it stands for 100000 bytes where 99999"
                + " are wanted",
            stored.length());
  }

  @Test
  void worksOnManyThreadsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      Callable<Void> task =
          () -> {
            for (int i = 0; i < 6; i++) {
              roundTrip(auto, CompressionData.floats(100_000 + i, 0.5), "floats");
              roundTrip(auto, CompressionData.text(50_000 + i), "text");
            }
            return null;
          };
      for (Future<Void> done :
          threads.invokeAll(IntStream.range(0, 12).mapToObj(i -> task).toList())) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void worksAfterItWasClosed() throws Exception {
    auto.close();
    roundTrip(auto, CompressionData.text(10_000), "text");
    auto.close();
  }

  private static void roundTrip(ExtentCompression compression, byte[] bytes, String what)
      throws Exception {
    ByteChunks raw = CompressionData.chunks(bytes);
    Optional<ByteChunks> stored = compression.compress(raw, ChunkSource.ON_HEAP);
    assertThat(Arrays.equals(raw.copy(0, bytes.length), bytes)).as("%s unchanged", what).isTrue();
    if (stored.isEmpty()) {
      return;
    }
    assertThat(stored.get().length()).as(what).isLessThan(bytes.length);
    ByteChunks into = CompressionData.chunks(CompressionData.noise(bytes.length));
    compression.decompress(OBJECT, 0, stored.get(), into);
    assertThat(Arrays.equals(into.copy(0, bytes.length), bytes)).as(what).isTrue();
  }
}
