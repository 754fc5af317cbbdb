// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class ByteChunksTest {

  private static final int CHUNK = ByteChunks.CHUNK_SIZE;
  private static final int LENGTH = 2 * CHUNK + 100;

  private final byte[] bytes = new byte[LENGTH];
  private final ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteChunks chunks = ByteChunks.allocate(LENGTH);

  ByteChunksTest() {
    new Random(7).nextBytes(bytes);
    for (var s = chunks.first(0, LENGTH); s != null; s = s.next()) {
      System.arraycopy(bytes, (int) s.position(), s.array(), s.offset(), s.length());
    }
  }

  @Test
  void getsNumbersAtAndAcrossEveryBorder() {
    for (int border : new int[] {8, CHUNK, 2 * CHUNK, LENGTH - 8}) {
      for (int at = border - 8; at <= Math.min(border + 8, LENGTH - 8); at++) {
        assertThat(chunks.getByte(at)).as("byte at %d", at).isEqualTo(bytes[at]);
        assertThat(chunks.getInt(at)).as("int at %d", at).isEqualTo(expected.getInt(at));
        assertThat(chunks.getUnsignedInt(at))
            .as("unsigned int at %d", at)
            .isEqualTo(expected.getInt(at) & 0xffff_ffffL);
        assertThat(chunks.getLong(at)).as("long at %d", at).isEqualTo(expected.getLong(at));
      }
    }
  }

  @Test
  void copiesAcrossBorders() {
    for (int[] range :
        new int[][] {
          {0, LENGTH}, {CHUNK - 1, 2}, {CHUNK, CHUNK}, {5, 0}, {LENGTH, 0}, {1, CHUNK}
        }) {
      assertThat(chunks.copy(range[0], range[1]))
          .isEqualTo(Arrays.copyOfRange(bytes, range[0], range[0] + range[1]));
    }
    byte[] target = new byte[12];
    chunks.copyTo(CHUNK - 5, target, 1, 10);
    assertThat(Arrays.copyOfRange(target, 1, 11))
        .isEqualTo(Arrays.copyOfRange(bytes, CHUNK - 5, CHUNK + 5));
    assertThat(target[0]).isZero();
    assertThat(target[11]).isZero();
  }

  @Test
  void splitsARangeIntoThePiecesOfItsArrays() {
    List<List<Long>> pieces = new ArrayList<>();
    for (var s = chunks.first(CHUNK - 10, CHUNK + 20); s != null; s = s.next()) {
      pieces.add(List.of(s.position(), (long) s.offset(), (long) s.length(), s.remaining()));
    }

    assertThat(pieces)
        .containsExactly(
            List.of(CHUNK - 10L, CHUNK - 10L, 10L, CHUNK + 10L),
            List.of((long) CHUNK, 0L, (long) CHUNK, 10L),
            List.of(2L * CHUNK, 0L, 10L, 0L));
    assertThat(chunks.first(3, 0)).isNull();
  }

  @Test
  void refusesWhatLiesOutside() {
    assertThatThrownBy(() -> chunks.getByte(LENGTH)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.getByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.getInt(LENGTH - 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.getLong(LENGTH - 7))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.copy(LENGTH - 1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.copyTo(0, new byte[3], 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void allocatesNoLongerArraysThanAChunk() {
    assertThat(List.of(chunks.chunks()))
        .extracting(array -> array.length)
        .containsExactly(CHUNK, CHUNK, 100);
    assertThat(ByteChunks.allocate(0).chunks()).isEmpty();
    assertThat(ByteChunks.allocate(CHUNK).chunks()).hasNumberOfRows(1);
    assertThat(ByteChunks.chunkCount(CHUNK + 1L)).isEqualTo(2);
    assertThat(ByteChunks.chunkLength(CHUNK + 1L, 1)).isEqualTo(1);
  }

  @Test
  void usesGivenArraysInPlace() {
    byte[][] arrays = {new byte[CHUNK], new byte[CHUNK]};
    ByteChunks over = ByteChunks.over(arrays, CHUNK + 4L);
    arrays[1][3] = 9;

    assertThat(over.length()).isEqualTo(CHUNK + 4);
    assertThat(over.getByte(CHUNK + 3)).isEqualTo((byte) 9);
    assertThatThrownBy(() -> over.getByte(CHUNK + 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesArraysThatDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteChunks.over(new byte[1][CHUNK], CHUNK + 1L))
        .withMessage("Cannot hold " + (CHUNK + 1) + " bytes in 1 chunks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteChunks.over(new byte[][] {new byte[3]}, 4))
        .withMessage("Cannot use chunk 0 of 3 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteChunks.allocate(-1))
        .withMessage("Cannot use a negative length: -1");
  }
}
