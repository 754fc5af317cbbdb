// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class EpochPositionTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 4294967295, 4294967295",
    "1, 0, 4294967296",
    "3, 7, 12884901895",
    "2147483647, 4294967295, 9223372036854775807"
  })
  void rankAndPlaceAreFoundBack(long rank, long place, long position) {
    assertThat(EpochPosition.of(rank, place)).isEqualTo(position);
    assertThat(EpochPosition.rank(position)).isEqualTo(rank);
    assertThat(EpochPosition.place(position)).isEqualTo(place);
  }

  @Test
  void argumentsOutsideAreRefused() {
    assertThatThrownBy(() -> EpochPosition.of(1L << 31, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot make the epoch position of rank 2147483648: outside [0, 2^31)");
    assertThatThrownBy(() -> EpochPosition.of(-1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot make the epoch position of rank -1: outside [0, 2^31)");
    assertThatThrownBy(() -> EpochPosition.of(2, 1L << 32))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(
            "Cannot make the epoch position of place 4294967296 at rank 2: outside [0, 2^32)");
    assertThatThrownBy(() -> EpochPosition.rank(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read epoch position -1: outside [0, 2^63)");
    assertThatThrownBy(() -> EpochPosition.place(Long.MIN_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read epoch position -9223372036854775808: outside [0, 2^63)");
  }
}
