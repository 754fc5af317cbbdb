// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.source.TestingShards;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class UnitTableTest {

  @Test
  void findsTheShardOfEachUnitAlsoBesideEmptyShards() {
    // Samples in units of 10: no unit, three units, none, none, one, none.
    UnitTable table = new UnitTable(TestingShards.manifest(10, 0, 25, 0, 0, 10, 0));

    assertThat(table.units()).isEqualTo(4);
    assertThat(new int[] {table.shardOf(0), table.shardOf(1), table.shardOf(2), table.shardOf(3)})
        .containsExactly(1, 1, 1, 4);
    assertThat(table.unitInShard(2, 1)).isEqualTo(2);
    assertThat(table.unitInShard(3, 4)).isZero();
  }

  @Test
  void hasNoUnitWithoutSamples() {
    assertThat(new UnitTable(TestingShards.manifest(10, 0, 0)).units()).isZero();
    assertThat(new UnitTable(TestingShards.manifest(10)).units()).isZero();
  }
}
