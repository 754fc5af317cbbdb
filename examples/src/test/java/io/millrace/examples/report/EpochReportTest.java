// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.AccessKind;
import io.millrace.cache.EpochStatistics.Accesses;
import io.millrace.cache.EpochStatistics.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class EpochReportTest {

  private static final long SECOND = 1_000_000_000L;

  private static final EpochFigures FIRST =
      new EpochFigures(
          0,
          2000,
          SECOND,
          0,
          snapshot(
              Map.of(
                  AccessKind.PREFETCH_HIT, new Accesses(3, 750),
                  AccessKind.MISS, new Accesses(1, 250)),
              1_500_000_000,
              1000,
              4));

  private static final EpochFigures SECOND_EPOCH =
      new EpochFigures(
          1,
          2000,
          SECOND / 10,
          0.5,
          snapshot(Map.of(AccessKind.HIT, new Accesses(4, 1000)), 0, 0, 0));

  private static Snapshot snapshot(
      Map<AccessKind, Accesses> accesses, long waitNanos, long bytes, long requests) {
    return new Snapshot(accesses, 2000, waitNanos, bytes, requests, 0, 0);
  }

  @Test
  void showsEachEpochInALine() {
    assertThat(EpochTable.lines(List.of(FIRST, SECOND_EPOCH)))
        .containsExactly(
            "epoch   samples   samples/s   hit rate    bound   prefetch hits   waits ms   origin bytes   origin requests",
            "    0     2,000       2,000      0.0 %    0.0 %          75.0 %      1,500        1.00 KB                 4",
            "    1     2,000      20,000    100.0 %   50.0 %           0.0 %          0            0 B                 0");
  }

  @Test
  void comparesTheFirstEpochAndTheOthersApart() {
    EpochFigures slow = new EpochFigures(1, 2000, SECOND, 0, snapshot(Map.of(), 0, 3000, 12));
    Comparison comparison = new Comparison(List.of(FIRST, SECOND_EPOCH), List.of(FIRST, slow));
    assertThat(comparison.sentence())
        .isEqualTo(
            "Ratios: 1.00 times the samples/s in epoch 0, 10.0 times from epoch 1 on; "
                + "4.00 times fewer origin bytes; 4.00 times fewer origin requests; "
                + "as many ms of waiting.");
  }

  @Test
  void comparesWithNothing() {
    EpochFigures idle = new EpochFigures(0, 2000, SECOND, 0, snapshot(Map.of(), 0, 0, 0));
    assertThat(new Comparison(List.of(idle), List.of(FIRST)).sentence())
        .isEqualTo(
            "Ratios: 1.00 times the samples/s in epoch 0; no origin bytes instead of 1,000; "
                + "no origin requests instead of 4; no ms of waiting instead of 1,500.");
    assertThat(new Comparison(List.of(FIRST), List.of(idle)).sentence())
        .contains("1,000 times as many origin bytes");
  }

  @Test
  void refusesARowOfOtherLength() {
    TextTable table = new TextTable(List.of("a", "b"));
    assertThatThrownBy(() -> table.add(List.of("1")))
        .hasMessage("Cannot add 1 cells to a table of 2 columns");
  }
}
