// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
final class PermutationTest {
  @Test
  void everySizeUpTo2000IsABijectionWithItsInverse() {
    for (int size = 1; size <= 2000; size++) {
      Permutation permutation = new Permutation(size * 31L, size);
      BitSet seen = new BitSet(size);
      for (int place = 0; place < size; place++) {
        long value = permutation.apply(place);
        seen.set((int) value);
        if (permutation.invert(value) != place) {
          assertThat(permutation.invert(value))
              .as("size %s, value %s", size, value)
              .isEqualTo(place);
        }
      }
      assertThat(seen.nextClearBit(0)).as("size %s", size).isEqualTo(size);
      assertThat(seen.length()).as("size %s", size).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {1L << 31, (1L << 32) - 1, (1L << 40) + 1, 999_999_999_999_999_989L, 1L << 62})
  void largeSizesAreInvertedBack(long size) {
    Permutation permutation = new Permutation(5, size);
    Random random = new Random(size);
    for (int i = 0; i < 10_000; i++) {
      long place = i == 0 ? 0 : i == 1 ? size - 1 : random.nextLong(size);
      long value = permutation.apply(place);
      assertThat(value).isBetween(0L, size - 1);
      assertThat(permutation.invert(value)).isEqualTo(place);
    }
  }

  @Test
  void anEmptyOneHasNoPlace() {
    Permutation empty = new Permutation(1, 0);

    assertThat(empty.size()).isZero();
    assertThatThrownBy(() -> empty.apply(0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> empty.invert(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void placesAndValuesOutsideAreRefused() {
    // The rectangle has 4 x 3 cells: 10 and 11 are cells, but not places.
    Permutation permutation = new Permutation(1, 10);

    for (long outside : new long[] {-1, 10, 11, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> permutation.apply(outside))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining(Long.toString(outside));
      assertThatThrownBy(() -> permutation.invert(outside))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining(Long.toString(outside));
    }
  }

  @Test
  void sizesOutsideAreRefused() {
    assertThatThrownBy(() -> new Permutation(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute -1 values: outside [0, 2^62]");
    assertThatThrownBy(() -> new Permutation(1, (1L << 62) + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute 4611686018427387905 values: outside [0, 2^62]");
  }

  @Test
  void theIdentityLeavesValuesInPlace() {
    Permutation identity = Permutation.identity(1000);

    for (int i = 0; i < 1000; i++) {
      assertThat(identity.apply(i)).isEqualTo(i);
      assertThat(identity.invert(i)).isEqualTo(i);
    }
  }

  @Test
  void squareRootsAreExactAroundSquares() {
    assertThat(Permutation.squareRoot(0)).isZero();
    for (long root : new long[] {1, 2, 3, 1000, (1L << 26) + 1, 94_906_267, (1L << 31) - 1}) {
      assertThat(Permutation.squareRoot(root * root - 1)).isEqualTo(root - 1);
      assertThat(Permutation.squareRoot(root * root)).isEqualTo(root);
      assertThat(Permutation.squareRoot(root * root + 1)).isEqualTo(root);
    }
    assertThat(Permutation.squareRoot(1L << 62)).isEqualTo(1L << 31);
    assertThat(Permutation.squareRoot((1L << 62) - 1)).isEqualTo((1L << 31) - 1);
  }
}
