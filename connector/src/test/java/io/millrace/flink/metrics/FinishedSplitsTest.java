// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
final class FinishedSplitsTest {

  private final MetricGroup reader =
      UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup();
  private final FinishedSplits finished = new FinishedSplits(reader);

  @Test
  void dropsTheGroupsOfSplitsOnceThereAreMany() {
    AbstractMetricGroup<?> ofSplits = groupOfSplits();
    AbstractMetricGroup<?> open = split("open");

    finished.add(FinishedSplits.KEPT - 1);
    assertThat(ofSplits.isClosed()).isFalse();
    finished.add(1);

    assertThat(ofSplits.isClosed()).isTrue();
    assertThat(open.isClosed()).isTrue();
  }

  @Test
  void leavesAGroupToTheSplitsThatCome() {
    split("before");
    finished.add(FinishedSplits.KEPT);

    AbstractMetricGroup<?> after = split("after");

    assertThat(after.isClosed()).isFalse();
    assertThat(groupOfSplits()).isSameAs(groupOfSplits());
    assertThat(after.getAllVariables()).containsEntry("<split>", "after");
    finished.add(FinishedSplits.KEPT - 1);
    assertThat(after.isClosed()).isFalse();
  }

  /** As Flink makes it. */
  private AbstractMetricGroup<?> split(String id) {
    return (AbstractMetricGroup<?>) reader.addGroup("split", id);
  }

  private AbstractMetricGroup<?> groupOfSplits() {
    return (AbstractMetricGroup<?>) reader.addGroup("split");
  }
}
