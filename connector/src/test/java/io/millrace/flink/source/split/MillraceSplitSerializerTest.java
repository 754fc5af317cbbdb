// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MillraceSplitSerializerTest {

  private final MillraceSplitSerializer serializer = new MillraceSplitSerializer();

  @Test
  void readsWhatItWrote() throws IOException {
    MillraceSplit split =
        new MillraceSplit(3, 17, 40, 5, TestingShards.shard(2, 100, 30), 3, false, 7);

    MillraceSplit read = serializer.deserialize(1, serializer.serialize(split));

    assertThat(read).isEqualTo(split);
    assertThat(read.samples()).isEqualTo(10);
    assertThat(read.splitId()).isEqualTo("3-17");
  }

  @Test
  void keepsItsBytesFromReleaseToRelease() throws IOException {
    byte[] golden =
        HexFormat.of()
            .parseHex(
                "00000001" // epoch
                    + "0000000000000002" // rank
                    + "0000000000000064" // units
                    + "0000000000000002" // unitId
                    + "00000000" // unit
                    + "01" // admit
                    + "0000000000000004" // consumed
                    + "00000002" // shard: index
                    + "000b73686172642e322e6d6473" // name
                    + "000000000000000a" // samples
                    + "000000000000000a" // samplesPerUnit
                    + "0000000000001000" // unitBytes
                    + "0001" // objects
                    + "000b73686172642e322e6d6473" // path
                    + "00000000000003ea" // length
                    + "0000018bcfe56800" // modified
                    + "0000" // tag
                    + "01" // has a hash
                    + "00057878683634" // algorithm
                    + "001030313233343536373839616263646566" // digest
                    + "00000003010203"); // descriptor

    assertThat(serializer.serialize(TestingShards.split(1, 2).at(4))).isEqualTo(golden);
    assertThat(serializer.deserialize(1, golden)).isEqualTo(TestingShards.split(1, 2).at(4));
  }

  @Test
  void isSmallerThanTwoKilobytes() throws IOException {
    assertThat(serializer.serialize(TestingShards.split(0, 1)).length).isLessThan(2048);
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(() -> serializer.deserialize(2, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read a split of version 2: this Millrace reads version 1");
  }

  @Test
  void refusesADescriptorThatIsLongerThanTheBytes() throws IOException {
    byte[] bytes = serializer.serialize(TestingShards.split(1, 2));
    bytes[bytes.length - 7] = 0x7f;

    assertThatThrownBy(() -> serializer.deserialize(1, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its shard descriptor has 2130706435 bytes");
  }

  @Test
  void refusesPlacesThatAShardDoesNotHave() {
    assertThatThrownBy(() -> TestingShards.split(0, 1).at(11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a split at sample 11 of unit 0 of shard shard.1.mds, which has 1 units");
  }
}
