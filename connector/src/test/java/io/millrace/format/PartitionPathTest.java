// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PartitionPathTest {

  @Test
  void keysAndValuesAreDecodedAsHiveEncodesThem() {
    PartitionPath path = PartitionPath.leading("a%3Db=x%2Fy/k=100%/c=/shard.mds", 3);
    assertThat(path.directory()).isEqualTo("a%3Db=x%2Fy/k=100%/c=");
    assertThat(path.keys()).isEqualTo(List.of("a=b", "k", "c"));
    assertThat(path.values()).isEqualTo(List.of("x/y", "100%", ""));
    assertThat(PartitionPath.leading("k=%zz%4/x", 1).values()).isEqualTo(List.of("%zz%4"));
    assertThat(PartitionPath.leading("k=a=b/x", 1).values()).isEqualTo(List.of("a=b"));
  }

  @Test
  void whatHasNoKeyIsNoPartition() {
    assertThat(PartitionPath.isPartition("k=v")).isTrue();
    assertThat(PartitionPath.isPartition("=v")).isFalse();
    assertThat(PartitionPath.isPartition("kv")).isFalse();
    assertThat(PartitionPath.isPartition("k=a\\b")).as("no store names objects so").isFalse();
    assertThat(PartitionPath.isPartition("k=a\nb")).isFalse();
    assertThatThrownBy(() -> PartitionPath.leading("k=1/shard.mds", 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot tell the partition of k=1/shard.mds: it is not in 2 of them");
  }
}
