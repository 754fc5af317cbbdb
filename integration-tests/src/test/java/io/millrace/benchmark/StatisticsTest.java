// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class StatisticsTest {

  @Test
  void medianIsTheMiddleValueWhateverTheOrder() {
    Statistics statistics = new Statistics(List.of(9.0, 1.0, 5.0));

    assertThat(statistics.median()).isEqualTo(5);
    assertThat(statistics.min()).isEqualTo(1);
    assertThat(statistics.max()).isEqualTo(9);
    assertThat(statistics.values()).containsExactly(9.0, 1.0, 5.0);
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(new Statistics(List.of(8.0, 1.0, 2.0, 100.0)).median()).isEqualTo(5);
  }

  @Test
  void ratiosAreOfTheSameRound() {
    Statistics ratios =
        new Statistics(List.of(1.0, 20.0, 9.0))
            .pairedRatio(new Statistics(List.of(2.0, 10.0, 9.0)));

    assertThat(ratios.values()).containsExactly(0.5, 2.0, 1.0);
    assertThat(ratios.median()).isEqualTo(1);
  }

  @Test
  void refusesWhatHasNoPairOrNoValue() {
    Statistics two = new Statistics(List.of(1.0, 2.0));

    assertThatThrownBy(() -> two.pairedRatio(new Statistics(List.of(1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot pair 2 values with 1");
    assertThatThrownBy(() -> new Statistics(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot summarise no values");
  }
}
