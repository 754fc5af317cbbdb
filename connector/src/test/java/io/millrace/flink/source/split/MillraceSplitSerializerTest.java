// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceSplitSerializerTest {

  private final MillraceSplitSerializer serializer = new MillraceSplitSerializer();

  @Test
  void readsWhatItWrote() throws IOException {
    MillraceSplit split =
        new MillraceSplit(3, 17, 40, 5, TestingShards.shard(2, 100, 30), 3, false, 7);

    MillraceSplit read = serializer.deserialize(2, serializer.serialize(split));

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
                    + "00000035" // length of the shard
                    + "02" // index
                    + "03010203" // descriptor
                    + "000b73686172642e322e6d6473" // name
                    + "00" // first
                    + "0a" // samples
                    + "0a" // samplesPerUnit
                    + "8020" // unitBytes
                    + "01" // objects
                    + "00" // root
                    + "0b00" // path: as the name
                    + "ea07" // length
                    + "80a0abfef962" // modified
                    + "00" // tag as before
                    + "01" // has a hash, in hex
                    + "01057878683634" // algorithm
                    + "080123456789abcdef"); // digest

    assertThat(serializer.serialize(TestingShards.split(1, 2).at(4))).isEqualTo(golden);
    assertThat(serializer.deserialize(2, golden)).isEqualTo(TestingShards.split(1, 2).at(4));
  }

  @Test
  void isSmallerThanTwoKilobytes() throws IOException {
    assertThat(serializer.serialize(TestingShards.split(0, 1)).length).isLessThan(2048);
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read a split of version 1: this Millrace reads version 2");
  }

  @Test
  void refusesAShardThatIsLongerThanTheBytes() throws IOException {
    byte[] bytes = serializer.serialize(TestingShards.split(1, 2));
    bytes[41] = 0x7f;

    assertThatThrownBy(() -> serializer.deserialize(2, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("Cannot read a split: its shard takes 21307\\d+ bytes of \\d+");
  }

  @Test
  void refusesAShardThatIsCut() throws IOException {
    byte[] bytes = serializer.serialize(TestingShards.split(1, 2));
    bytes[44]--;

    assertThatThrownBy(() -> serializer.deserialize(2, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read a split: Cannot read ");
  }

  @Test
  void refusesPlacesThatAShardDoesNotHave() {
    assertThatThrownBy(() -> TestingShards.split(0, 1).at(11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a split at sample 11 of unit 0 of shard shard.1.mds, which has 1 units");
  }
}
