// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stored forms may come from a disk: whatever they hold, reading them ends, with bytes or with one
 * kind of error, and touches nothing but its target.
 */
@Tag("unit")
final class DamagedStoredFormTest {

  private static final ObjectLocation OBJECT = ObjectLocation.of("test://data/shard.1");
  private static final int LENGTH = 270_000;

  private final ByteChunks into = ByteChunks.allocate(LENGTH);
  private final ExtentCompression compression = new ExtentCompression(CompressionMode.AUTO);

  @AfterEach
  void close() {
    compression.close();
  }

  private List<byte[]> forms() {
    return List.of(
        form(CompressionData.floats(LENGTH, 1)),
        form(CompressionData.floats(LENGTH, 0.4)),
        form(CompressionData.doubles(LENGTH)),
        form(CompressionData.text(LENGTH)),
        form(
            CompressionData.concatenated(
                CompressionData.text(100_001), CompressionData.floats(LENGTH - 100_001, 0.9))));
  }

  @Test
  void endsInAnErrorWhereverItIsCut() {
    for (byte[] form : forms()) {
      for (int length = 0; length < form.length; length += length < 40 ? 1 : 9001) {
        byte[] cut = Arrays.copyOf(form, length);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(CorruptObjectException.class);
      }
    }
  }

  @Test
  void refusesWhatFollowsTheEnd() {
    for (byte[] form : forms()) {
      assertThatThrownBy(() -> read(Arrays.copyOf(form, form.length + 3)))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageEndingWith("3 bytes follow its end");
    }
  }

  @Test
  void survivesAnyChangedByte() {
    Random random = new Random(5);
    int refused = 0;
    for (byte[] form : forms()) {
      for (int i = 0; i < 120; i++) {
        byte[] changed = form.clone();
        int at = random.nextInt(i % 2 == 0 ? 40 : form.length);
        changed[at] = (byte) random.nextInt(256);
        refused += survives(changed) ? 0 : 1;
      }
    }
    assertThat(refused).as("changes that show").isBetween(100, 599);
  }

  @Test
  void survivesRandomBytesBehindAProperBeginning() {
    Random random = new Random(6);
    byte[] header = form(CompressionData.text(LENGTH));
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[4 + random.nextInt(600)];
      random.nextBytes(bytes);
      System.arraycopy(header, 0, bytes, 0, 4);
      if (bytes.length > 4) {
        bytes[4] = (byte) (i % 3);
      }
      survives(bytes);
    }
  }

  /** An array whose map of zeros has more numbers than there are. */
  @Test
  void refusesAMapOfMoreNumbersThanThereAre() {
    byte[] map = new byte[64];
    map[0] = StoredFormat.VERSION;
    map[1] = 12; // bytes: three numbers of four
    map[2] = StoredFormat.PLANES;
    map[3] = 12;
    map[4] = StoredFormat.SPARSE | 2;
    map[5] = StoredFormat.CONSTANT;
    map[6] = -1;

    assertThatThrownBy(
            () ->
                compression.decompress(
                    OBJECT, 0, CompressionData.chunks(map), ByteChunks.allocate(12)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith("a map of 3 numbers names others");
  }

  @Test
  void refusesAnArrayThatIsNotInOneChunk() {
    byte[] form = {
      StoredFormat.VERSION,
      (byte) 0xb0,
      (byte) 0xbd,
      0x10,
      StoredFormat.PLANES,
      (byte) 0xb0,
      (byte) 0xbd,
      0x10,
      2
    };
    assertThat(0x10 << 14 | 0x3d << 7 | 0x30).isEqualTo(LENGTH);
    assertThatThrownBy(() -> read(form))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith("an array of 270000 bytes does not lie in one chunk");
  }

  private byte[] form(byte[] bytes) {
    ByteChunks stored =
        compression.compress(CompressionData.chunks(bytes), ChunkSource.ON_HEAP).orElseThrow();
    return stored.copy(0, (int) stored.length());
  }

  private boolean survives(byte[] form) {
    try {
      read(form);
      return true;
    } catch (CorruptObjectException e) {
      assertThat(e).hasMessageStartingWith("Corrupt object test://data/shard.1 at offset 5: the");
      return false;
    }
  }

  private void read(byte[] form) throws CorruptObjectException {
    compression.decompress(OBJECT, 5, CompressionData.chunks(form), into);
  }
}
