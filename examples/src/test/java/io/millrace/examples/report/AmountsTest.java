// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AmountsTest {

  @Test
  void showsThreeDigitsOfBytes() {
    assertThat(Amounts.bytes(0)).isEqualTo("0 B");
    assertThat(Amounts.bytes(999)).isEqualTo("999 B");
    assertThat(Amounts.bytes(1000)).isEqualTo("1.00 KB");
    assertThat(Amounts.bytes(97_900)).isEqualTo("97.9 KB");
    assertThat(Amounts.bytes(908_589)).isEqualTo("909 KB");
    assertThat(Amounts.bytes(999_500)).isEqualTo("1.00 MB");
    assertThat(Amounts.bytes(2_500_000_000L)).isEqualTo("2.50 GB");
    assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("9,223 PB");
  }

  @Test
  void showsAllOnlyWhereItIsAll() {
    assertThat(Amounts.percent(0)).isEqualTo("0.0 %");
    assertThat(Amounts.percent(0.9999)).isEqualTo("99.9 %");
    assertThat(Amounts.percent(1)).isEqualTo("100.0 %");
  }

  @Test
  void showsFactorsWithFewerDecimalsTheLargerTheyAre() {
    assertThat(Amounts.times(1.234)).isEqualTo("1.23 times");
    assertThat(Amounts.times(15.04)).isEqualTo("15.0 times");
    assertThat(Amounts.times(12345)).isEqualTo("12,345 times");
  }
}
