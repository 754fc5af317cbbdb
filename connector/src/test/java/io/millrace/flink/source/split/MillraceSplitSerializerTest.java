// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import io.millrace.format.Shard;
import io.millrace.format.ShardCut;
import io.millrace.format.ShardObject;
import io.millrace.sample.Bytes;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceSplitSerializerTest {

  private final MillraceSplitSerializer serializer = new MillraceSplitSerializer();

  @Test
  void readsWhatItWrote() throws IOException {
    MillraceSplit split =
        new MillraceSplit(3, 17, 40, 5, TestingShards.shard(2, 100, 30), 3, false, 7, 2, 6);

    MillraceSplit read = serializer.deserialize(5, serializer.serialize(split));

    assertThat(read).isEqualTo(split);
    assertThat(read.samples()).isEqualTo(10);
    assertThat(read.splitId()).isEqualTo("3-17");
  }

  private static final String HEAD =
      "00000001" // epoch
          + "0000000000000002" // rank
          + "0000000000000064" // units
          + "0000000000000002" // unitId
          + "00000000" // unit
          + "01" // admit
          + "0000000000000004"; // consumed

  private static final String VERSION_AND_HASH =
      "ea07" // length
          + "80a0abfef962" // modified
          + "00" // tag as before
          + "01" // has a hash, in hex
          + "01057878683634" // algorithm
          + "080123456789abcdef"; // digest

  private static final String SHARD =
      "00000038" // length of the shard
          + "00" // not deflated
          + "02" // index
          + "03010203" // descriptor
          + "00000b73686172642e322e6d6473" // name
          + "00" // first
          + "0a" // samples
          + "0a" // samplesPerUnit
          + "8020" // unitBytes
          + "01" // objects
          + "00" // root
          + "0b0000" // path: as the name
          + VERSION_AND_HASH;

  @Test
  void keepsItsBytesFromReleaseToRelease() throws IOException {
    String skipped = "0000000000000001";
    byte[] golden = HexFormat.of().parseHex(HEAD + skipped + "00000003" + SHARD);
    byte[] fourth = HexFormat.of().parseHex(HEAD + skipped + SHARD);
    byte[] third = HexFormat.of().parseHex(HEAD + SHARD);

    assertThat(serializer.serialize(TestingShards.split(1, 2, 10, 3).at(4, 1))).isEqualTo(golden);
    assertThat(serializer.deserialize(5, golden))
        .isEqualTo(TestingShards.split(1, 2, 10, 3).at(4, 1));
    assertThat(serializer.deserialize(4, fourth)).isEqualTo(TestingShards.split(1, 2).at(4, 1));
    assertThat(serializer.deserialize(3, third)).isEqualTo(TestingShards.split(1, 2).at(4));
  }

  @Test
  void readsThoseOfTheSecondVersion() throws IOException {
    byte[] golden =
        HexFormat.of()
            .parseHex(
                HEAD
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
                    + VERSION_AND_HASH);

    assertThat(serializer.deserialize(2, golden)).isEqualTo(TestingShards.split(1, 2).at(4));
  }

  @Test
  void isSmallerThanTwoKilobytes() throws IOException {
    assertThat(serializer.serialize(TestingShards.split(0, 1)).length).isLessThan(2048);
  }

  /** As torch files are saved one after the other: numbered, of about one length, some ms apart. */
  @Test
  void aGroupOfFilesIsSmallerThanTwoKilobytesToo() throws IOException {
    MillraceSplit split = group("train/sample_%06d.pt", 2_000);

    byte[] bytes = serializer.serialize(split);

    assertThat(serializer.deserialize(5, bytes)).isEqualTo(split);
    assertThat(bytes.length).isLessThan(2048);
    assertThat(serializer.serialize(group("train/latent_%06d.pt", 1)).length).isLessThan(1024);
  }

  /** docs/architecture.md gives the figure. */
  @Test
  void namesWithoutAnOrderTakeTheirBytes() throws IOException {
    Random random = new Random(4);
    String[] names = new String[512];
    Arrays.setAll(names, i -> new UUID(random.nextLong(), random.nextLong()) + ".pt");
    Arrays.sort(names);

    assertThat(serializer.serialize(group(i -> names[i], 2_000)).length).isBetween(12_500, 14_500);
  }

  private static MillraceSplit group(String name, int spread) {
    return group(i -> String.format(Locale.ROOT, name, 24_576 + i), spread);
  }

  private static MillraceSplit group(IntFunction<String> name, int spread) {
    Random random = new Random(3);
    long modified = 1_700_000_000_000L;
    List<ShardObject> objects = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      modified += 5 + random.nextInt(30);
      ObjectVersion version = new ObjectVersion(100_000 + random.nextInt(spread), modified, "");
      objects.add(new ShardObject(name.apply(i), version, Optional.empty()));
    }
    Shard shard =
        new Shard(
            48,
            objects.get(0).path(),
            ShardCut.whole(512, 52_000_000),
            objects,
            Bytes.wrap("some fields, float32[3,224,224]".getBytes(StandardCharsets.UTF_8)));
    return new MillraceSplit(3, 17, 40, 5, shard, 0, true, 100, 3, 0);
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read a split of version 1: this Millrace reads versions 2 to 5");
  }

  @Test
  void refusesAShardThatIsLongerThanTheBytes() throws IOException {
    byte[] bytes = serializer.serialize(TestingShards.split(1, 2));
    bytes[53] = 0x7f;

    assertThatThrownBy(() -> serializer.deserialize(5, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("Cannot read a split: its shard takes 21307\\d+ bytes of \\d+");
  }

  @Test
  void refusesAShardThatIsCut() throws IOException {
    byte[] bytes = serializer.serialize(TestingShards.split(1, 2));
    bytes[56]--;

    assertThatThrownBy(() -> serializer.deserialize(5, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read a split: Cannot read ");
  }

  @Test
  void refusesPlacesThatAShardDoesNotHave() {
    assertThatThrownBy(() -> TestingShards.split(0, 1).at(11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a split at sample 11 of unit 0 of shard shard.1.mds, which has 1 units");
    assertThatThrownBy(() -> TestingShards.split(0, 1).at(3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a split of which 4 of 3 samples were left out");
    assertThatThrownBy(() -> TestingShards.split(0, 1, 10, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a split of incarnation -1");
  }
}
