// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class StorageSettingsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void hasTheDefaultsThatTheDesignNames() {
    assertThat(StorageSettings.DEFAULTS)
        .isEqualTo(new StorageSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), 256, 0));
  }

  @Test
  void refusesValuesThatMakeNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageSettings(Duration.ZERO, SECOND, 1, 0))
        .withMessage("Cannot use request timeout PT0S: must be positive, at most a year");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageSettings(Duration.ofDays(400), SECOND, 1, 0))
        .withMessage("Cannot use request timeout PT9600H: must be positive, at most a year");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageSettings(SECOND, SECOND.negated(), 1, 0))
        .withMessage("Cannot use retry timeout PT-1S: must not be negative, at most a year");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageSettings(SECOND, SECOND, 0, 0))
        .withMessage("Cannot use 0 requests in flight: must be at least 1");
    for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new StorageSettings(SECOND, SECOND, 1, rate))
          .withMessage(
              "Cannot use "
                  + rate
                  + " requests per second: must be 0 (no limit) or a positive number");
    }
  }
}
