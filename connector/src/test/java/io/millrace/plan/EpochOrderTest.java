// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class EpochOrderTest {
  /**
   * Values from a second implementation, in Python. If one of them must change, so must {@link
   * EpochOrder#ALGORITHM_VERSION}: a job would otherwise resume in the middle of another order.
   */
  @Test
  void ordersOfVersion1AreFixed() {
    assertThat(EpochOrder.ALGORITHM_VERSION).isEqualTo(1);
    assertThat(list(10, EpochOrder.shuffled(0, 0, 10)::unitAt))
        .containsExactly(6, 8, 3, 4, 0, 9, 7, 1, 5, 2);
    assertThat(list(12, EpochOrder.shuffled(-1, 7, 12)::unitAt))
        .containsExactly(4, 3, 7, 0, 8, 1, 6, 2, 11, 5, 10, 9);
    EpochOrder tenMillion = EpochOrder.shuffled(42, 3, 10_000_000);
    assertThat(list(3, tenMillion::unitAt)).containsExactly(4558322, 1523001, 5162369);
    assertThat(tenMillion.unitAt(9_999_999)).isEqualTo(9945609);
    assertThat(list(3, EpochOrder.shuffled(42, 3, (1L << 31) - 1)::unitAt))
        .containsExactly(1576234736, 1781353586, 2052527091);
  }

  @Test
  void sampleOrdersOfVersion1AreFixed() {
    EpochOrder order = EpochOrder.shuffled(0, 0, 2);
    assertThat(list(8, order.samplesOf(0, 8)::sampleAt)).containsExactly(6, 5, 2, 3, 0, 7, 4, 1);
    assertThat(list(8, order.samplesOf(1, 8)::sampleAt)).containsExactly(3, 7, 2, 1, 4, 6, 0, 5);
    assertThat(list(4, EpochOrder.shuffled(42, 3, 10_000_000).samplesOf(123_456, 1000)::sampleAt))
        .containsExactly(537, 25, 866, 507);
  }

  @Test
  void samplesDoNotDependOnTheNumberOfUnits() {
    assertThat(list(8, EpochOrder.shuffled(0, 0, 500).samplesOf(1, 8)::sampleAt))
        .containsExactly(3, 7, 2, 1, 4, 6, 0, 5);
  }

  @Test
  void ranksAndPlacesAreFoundBack() {
    EpochOrder order = EpochOrder.shuffled(3, 4, 100);
    SampleOrder samples = order.samplesOf(99, 100);
    for (int i = 0; i < 100; i++) {
      assertThat(order.rankOf(order.unitAt(i))).isEqualTo(i);
      assertThat(samples.placeOf(samples.sampleAt(i))).isEqualTo(i);
    }
  }

  @Test
  void sequentialKeepsTheOrderOfTheManifest() {
    EpochOrder order = EpochOrder.sequential(100);
    SampleOrder samples = order.samplesOf(17, 1000);

    assertThat(order.units()).isEqualTo(100);
    assertThat(samples.samples()).isEqualTo(1000);
    assertThat(list(100, order::unitAt)).isSorted().doesNotHaveDuplicates();
    assertThat(list(100, order::rankOf)).isSorted().doesNotHaveDuplicates();
    assertThat(list(1000, samples::sampleAt)).isSorted().doesNotHaveDuplicates();
    assertThat(list(1000, samples::placeOf)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void noneAndOneAreOrders() {
    assertThat(EpochOrder.shuffled(1, 1, 0).units()).isZero();
    assertThat(EpochOrder.shuffled(1, 1, 1).unitAt(0)).isZero();
    assertThat(EpochOrder.shuffled(1, 1, 1).rankOf(0)).isZero();
    assertThat(EpochOrder.sequential(0).units()).isZero();
    assertThat(EpochOrder.shuffled(1, 1, 1).samplesOf(0, 0).samples()).isZero();
  }

  @Test
  void argumentsOutsideAreRefused() {
    EpochOrder order = EpochOrder.shuffled(1, 1, 10);
    SampleOrder samples = order.samplesOf(0, 5);

    assertThatThrownBy(() -> EpochOrder.shuffled(1, -1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot order epoch -1: epochs count from 0");
    assertThatThrownBy(() -> order.unitAt(10))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot find the unit of rank 10: outside [0, 10)");
    assertThatThrownBy(() -> order.rankOf(-1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot find the rank of unit -1: outside [0, 10)");
    assertThatThrownBy(() -> order.samplesOf(10, 5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot order the samples of unit 10: outside [0, 10)");
    assertThatThrownBy(() -> samples.sampleAt(5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot find the sample at place 5: outside [0, 5)");
    assertThatThrownBy(() -> samples.placeOf(-1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot find the place of sample -1: outside [0, 5)");
  }

  private static long[] list(int count, LongUnaryOperator lookUp) {
    return LongStream.range(0, count).map(lookUp).toArray();
  }
}
