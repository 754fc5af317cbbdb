// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class ShuffleKeyTest {
  private static final long LAST_SHARD = (1L << 31) - 1;
  private static final long LAST_SAMPLE = (1L << 32) - 1;

  /**
   * From a second implementation, in Python; see {@link EpochOrderTest#ordersOfVersion1AreFixed}.
   */
  @Test
  void keysOfVersion1AreFixed() {
    assertThat(EpochOrder.ALGORITHM_VERSION).isEqualTo(1);
    ShuffleKey key = new ShuffleKey(0, 0);
    assertThat(key.of(0, 0)).isEqualTo(3122951707488906023L);
    assertThat(key.of(0, 1)).isEqualTo(5202861835460374169L);
    assertThat(key.of(LAST_SHARD, LAST_SAMPLE)).isEqualTo(4212107309432607455L);
    assertThat(new ShuffleKey(42, 3).of(5, 6)).isEqualTo(1061936927206744083L);
  }

  @Test
  void keysAreDifferentNotNegativeAndSpreadEvenly() {
    ShuffleKey key = new ShuffleKey(11, 2);
    Set<Long> keys = new HashSet<>();
    int[] counts = new int[128];
    for (int i = 0; i < 300; i++) {
      for (int j = 0; j < 300; j++) {
        // Both ends of both ranges.
        long shard = i % 2 == 0 ? i : LAST_SHARD - i;
        long sample = j % 2 == 0 ? j : LAST_SAMPLE - j;
        long value = key.of(shard, sample);
        assertThat(value).isNotNegative();
        keys.add(value);
        counts[(int) (value >>> 56)]++;
      }
    }
    assertThat(keys).hasSize(90_000);
    assertThat(OrderStatistics.uniformity(counts)).isCloseTo(0, within(OrderStatistics.BOUND));
  }

  @Test
  void argumentsOutsideAreRefused() {
    ShuffleKey key = new ShuffleKey(0, 0);

    assertThatThrownBy(() -> key.of(-1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot make the shuffle key of a sample of shard -1: outside [0, 2^31)");
    assertThatThrownBy(() -> key.of(LAST_SHARD + 1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(
            "Cannot make the shuffle key of a sample of shard 2147483648: outside [0, 2^31)");
    assertThatThrownBy(() -> key.of(3, LAST_SAMPLE + 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(
            "Cannot make the shuffle key of sample 4294967296 of shard 3: outside [0, 2^32)");
    assertThatThrownBy(() -> new ShuffleKey(0, -5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot order epoch -5: epochs count from 0");
  }
}
