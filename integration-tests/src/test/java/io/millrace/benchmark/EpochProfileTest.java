// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.cache.AccessKind;
import io.millrace.cache.ScanStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class EpochProfileTest {

  private final ScanStatistics statistics = new ScanStatistics();
  private final EpochProfile profile = new EpochProfile();

  @Test
  void findsTheHitsOfAnEpochsFirstHalf() {
    touch(0, AccessKind.MISS, 1000);
    touch(1, AccessKind.HIT, 500);
    touch(1, AccessKind.MISS, 500);

    assertThat(profile.hitRates()).hasSize(10);
    assertThat(profile.hitRates().subList(0, 5)).allMatch(rate -> Math.abs(rate - 1) < 1e-9);
    assertThat(profile.hitRates().subList(5, 10)).allMatch(rate -> Math.abs(rate) < 1e-9);
  }

  @Test
  void averagesOverEpochsButForTheFirst() {
    touch(0, AccessKind.HIT, 1000);
    touch(1, AccessKind.HIT, 1000);
    touch(2, AccessKind.MISS, 1000);

    assertThat(profile.hitRates().get(3)).isCloseTo(0.5, within(1e-9));
  }

  private void touch(long epoch, AccessKind kind, int bytes) {
    for (int i = 0; i < 10; i++) {
      statistics.epoch(epoch).recordAccess(kind, bytes / 10);
      profile.look(statistics.epochs());
    }
  }
}
