// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class MeasurementTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void epochsAtTheEdgesCountInTheJobsTimeOnly() {
    Measurement run =
        new Measurement(
            List.of(7 * SECOND, SECOND, 3 * SECOND, SECOND), 1, 5, 16 * SECOND, 24 * SECOND, 1.0);

    assertThat(run.epochsPerSecond()).isEqualTo(0.5);
    assertThat(run.epochsPerWallSecond()).isEqualTo(0.25);
    assertThat(run.processors()).isEqualTo(1.5);
  }

  @Test
  void throughputIsInBytesOfSamples() {
    Measurement run = new Measurement(List.of(2 * SECOND), 0, 5_000_000, 4 * SECOND, SECOND, null);
    VariantResult result = new VariantResult("x", 400, 40_000_000, List.of(run));

    assertThat(result.megabytesPerSecond().median()).isEqualTo(20);
    assertThat(result.samplesPerSecond().median()).isEqualTo(200);
    assertThat(result.jobMegabytesPerSecond().median()).isEqualTo(10);
    assertThat(result.firstRecordMillis().median()).isEqualTo(5);
  }

  @Test
  void refusesARunWithoutAnEpochThatCounts() {
    assertThatThrownBy(() -> new Measurement(List.of(SECOND, SECOND), 1, 0, SECOND, SECOND, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot measure 2 epochs of which 1 at either end do not count");
  }
}
