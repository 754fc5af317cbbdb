// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class MixedRadixFeistelTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "7, 1", "8, 16", "128, 256", "3, 1000", "97, 101"})
  void everyRectangleIsABijectionWithItsInverse(int left, int right) {
    MixedRadixFeistel feistel = new MixedRadixFeistel(9, left, right);
    BitSet seen = new BitSet();
    for (int x = 0; x < left * right; x++) {
      long y = feistel.apply(x);
      seen.set((int) y);
      assertThat(feistel.invert(y)).isEqualTo(x);
    }
    assertThat(seen.nextClearBit(0)).isEqualTo(left * right);
    assertThat(seen.length()).isEqualTo(left * right);
  }

  @ParameterizedTest
  @CsvSource({"2147483648, 4294967296", "4294967296, 2147483648", "3037000499, 3037000499"})
  void theLargestRectanglesAreInvertedBack(long left, long right) {
    MixedRadixFeistel feistel = new MixedRadixFeistel(9, left, right);
    Random random = new Random(1);
    long largest = left * right - 1;
    for (int i = 0; i < 10_000; i++) {
      long x = i == 0 ? 0 : i == 1 ? largest : random.nextLong(largest);
      long y = feistel.apply(x);
      assertThat(y).isBetween(0L, largest);
      assertThat(feistel.invert(y)).isEqualTo(x);
    }
  }

  @Test
  void shapesThatOverflowAreRefused() {
    assertThatThrownBy(() -> new MixedRadixFeistel(1, 0, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute 0 x 5 values: a radix must be in [1, 2^32]");
    assertThatThrownBy(() -> new MixedRadixFeistel(1, 5, (1L << 32) + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute 5 x 4294967297 values: a radix must be in [1, 2^32]");
    assertThatThrownBy(() -> new MixedRadixFeistel(1, 1L << 32, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute 4294967296 x 4294967296 values: more than 2^63");
    assertThatThrownBy(() -> new MixedRadixFeistel(1, (1L << 31) + 1, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute 2147483649 x 4294967296 values: more than 2^63");
    assertThatThrownBy(() -> new MixedRadixFeistel(1, 5, 5, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot permute in 3 rounds: must be even");
  }
}
