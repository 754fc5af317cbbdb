// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SplitDemandTest {

  private final SplitDemand demand = new SplitDemand(8, "cache", 5);

  @Test
  void asksForItsTargetAtFirst() {
    assertThat(demand.first())
        .isEqualTo(new SplitRequestEvent("cache", 5, 0, 8, SplitRequestEvent.HOLDS_NONE));
  }

  @Test
  void asksForAllWhereTheTargetIsMoreThanAnIntHolds() {
    long target = (long) Integer.MAX_VALUE + Integer.MAX_VALUE;

    SplitRequestEvent first = new SplitDemand(target, "cache", 5).first();

    assertThat(first.wanted()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void doesNotCountRestoredSplitsAsReceived() {
    demand.added(List.of(TestingShards.split(4, 1), TestingShards.split(3, 9)));

    assertThat(demand.first()).isEqualTo(new SplitRequestEvent("cache", 5, 0, 6, 2, 3));
  }

  @Test
  void asksAgainWhenAQuarterIsMissing() {
    demand.first();
    demand.added(splits(0, 8));
    assertThat(demand.due()).hasValueSatisfying(first -> assertThat(first.wanted()).isZero());

    demand.finished(List.of("0-0"));
    assertThat(demand.due()).isEmpty();
    demand.finished(List.of("0-1"));

    assertThat(demand.due()).hasValue(new SplitRequestEvent("cache", 5, 8, 2, 6, 0));
  }

  @Test
  void reportsWhenItsOldestEpochChanges() {
    demand.first();
    demand.added(splits(0, 1));
    demand.added(splits(1, 7));
    demand.due();

    demand.finished(List.of("0-0"));

    assertThat(demand.due()).hasValue(new SplitRequestEvent("cache", 5, 8, 1, 7, 1));
    assertThat(demand.due()).isEmpty();
  }

  @Test
  void tellsHowItsSplitsDwindleAsLongAsItGetsNone() {
    demand.first();
    demand.added(splits(0, 8));
    demand.due();
    for (int rank = 0; rank < 8; rank++) {
      demand.finished(List.of("0-" + rank));
      int left = 7 - rank;
      if (left == 7) {
        assertThat(demand.due()).isEmpty();
      } else {
        assertThat(demand.due())
            .hasValue(
                new SplitRequestEvent(
                    "cache", 5, 8, 8 - left, left, left == 0 ? SplitRequestEvent.HOLDS_NONE : 0));
      }
    }
  }

  private static List<MillraceSplit> splits(int epoch, int count) {
    return IntStream.range(0, count).mapToObj(rank -> TestingShards.split(epoch, rank)).toList();
  }
}
