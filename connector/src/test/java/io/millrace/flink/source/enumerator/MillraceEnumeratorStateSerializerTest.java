// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import io.millrace.plan.EpochProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceEnumeratorStateSerializerTest {

  private static final ScanFingerprint FINGERPRINT = new ScanFingerprint("mds", true, 42, 1);

  private final MillraceEnumeratorStateSerializer serializer =
      new MillraceEnumeratorStateSerializer();

  @Test
  void readsWhatItWrote() throws IOException {
    EpochProgress progress = EpochProgress.start(2);
    progress.assign(0);
    progress.assign(70);
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(
            FINGERPRINT.orSelecting("shards all, epochs 3 and up"),
            Optional.of(new ManifestDigest(13, "ab".repeat(32))),
            progress.snapshot(),
            List.of(TestingShards.split(1, 3).at(4, 2), TestingShards.split(1, 4)));

    assertThat(serializer.deserialize(6, serializer.serialize(state))).isEqualTo(state);
  }

  @Test
  void tellsWhetherReadersMayHoldSplits() throws IOException {
    MillraceEnumeratorState batch =
        new MillraceEnumeratorState(
            FINGERPRINT,
            Optional.empty(),
            Optional.empty(),
            EpochProgress.start(0).snapshot(),
            List.of(),
            false);

    assertThat(serializer.deserialize(6, serializer.serialize(batch))).isEqualTo(batch);
  }

  @Test
  void keepsItsBytesFromReleaseToRelease() throws IOException {
    EpochProgress progress = EpochProgress.start(1);
    progress.assign(0);
    progress.assign(2);
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(
            FINGERPRINT,
            Optional.of(new ManifestDigest(13, "abcd")),
            progress.snapshot(),
            List.of());

    byte[] golden =
        HexFormat.of()
            .parseHex(
                "00036d6473" // format
                    + "01" // shuffle
                    + "000000000000002a" // seed
                    + "00000001" // algorithm version
                    + "01" // has a manifest
                    + "0000000d" // shards
                    + "000461626364" // digest
                    + "00000001" // epoch
                    + "0000000000000001" // watermark
                    + "00000001" // words
                    + "0000000000000002" // ranks 1 … 64: the second one
                    + "00000005" // version of splits
                    + "00000000"); // returned splits
    byte[] second = Arrays.copyOf(golden, golden.length + 2); // no discovery, no generations
    byte[] third = Arrays.copyOf(second, second.length + 1); // nothing of what is selected
    byte[] fourth = Arrays.copyOf(third, third.length + 1);
    fourth[third.length] = 1; // readers may hold splits
    byte[] fifth = Arrays.copyOf(fourth, fourth.length + 16); // nothing of what was left out
    byte[] sixth = append(fifth, NO_SHARDS);
    assertThat(serializer.serialize(state)).isEqualTo(sixth);
    assertThat(serializer.deserialize(6, sixth)).isEqualTo(state);
    assertThat(serializer.deserialize(5, fifth)).as("the fifth version").isEqualTo(state);
    assertThat(serializer.deserialize(4, fourth)).as("the fourth version").isEqualTo(state);
    assertThat(serializer.deserialize(3, third)).as("the third version").isEqualTo(state);
    assertThat(serializer.deserialize(2, second)).as("the second version").isEqualTo(state);
    assertThat(serializer.deserialize(1, golden)).as("the first version").isEqualTo(state);
  }

  @Test
  void keepsTheBytesOfGenerationsFromReleaseToRelease() throws IOException {
    String sum = "5e".repeat(32);
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(
            new ScanFingerprint("mds", false, 0, 1, true, Optional.of("all")),
            Optional.empty(),
            Optional.of(
                new Generations(
                    new Generations.Finished(
                        new GenerationStart(3, 40, 500L), new ObjectsDigest(80, sum), 41),
                    Optional.of(new Generations.Open(new ManifestDigest(2, "abcd"), 43)))),
            EpochProgress.start(0).snapshot(),
            List.of());

    byte[] golden =
        HexFormat.of()
            .parseHex(
                "00036d6473" // format
                    + "00" // shuffle
                    + "0000000000000000" // seed
                    + "00000001" // algorithm version
                    + "00" // has no manifest
                    + "00000000" // epoch
                    + "0000000000000000" // watermark
                    + "00000000" // words
                    + "00000005" // version of splits
                    + "00000000" // returned splits
                    + "01" // discovery
                    + "01" // has generations
                    + "00000003" // finished ones
                    + "00000028" // their shards
                    + "00000000000001f4" // their units
                    + "0000000000000050" // their objects
                    + "0040" // length of the sum
                    + HexFormat.of().formatHex(sum.getBytes(StandardCharsets.US_ASCII))
                    + "0000000000000029" // mark
                    + "01" // has an open one
                    + "00000002" // its shards
                    + "000461626364" // digest
                    + "000000000000002b" // mark
                    + "01" // says what is selected
                    + "0003616c6c" // all
                    + "01" // readers may hold splits
                    + NOTHING_LEFT_OUT
                    + NO_SHARDS);
    assertThat(serializer.serialize(state)).isEqualTo(golden);
    assertThat(serializer.deserialize(6, golden)).isEqualTo(state);

    golden[45] = (byte) 0x80; // the number of finished generations
    assertThatThrownBy(() -> serializer.deserialize(6, golden))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read enumerator state: Cannot begin generation -");
  }

  private static final String NOTHING_LEFT_OUT = "00".repeat(Long.BYTES + 2 * Integer.BYTES);

  private static final String NO_SHARDS =
      "00000000" // incarnation
          + "ffffffffffffffff" // units are not known
          + "00000000" // generations of the epoch
          + "00000000"; // generations

  private static byte[] append(byte[] bytes, String hex) {
    byte[] more = HexFormat.of().parseHex(hex);
    byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, all, bytes.length, more.length);
    return all;
  }

  @Test
  void keepsTheBytesOfWhichShardsEpochsHaveFromReleaseToRelease() throws IOException {
    EpochShards shards =
        new EpochShards(
            List.of(
                new EpochShards.Generation(new ManifestDigest(7, "abcd"), 7),
                new EpochShards.Generation(new ManifestDigest(3, "ef"), 10)),
            1,
            70,
            2);
    byte[] nothing = serializer.serialize(stateOf(EpochShards.NONE));
    byte[] golden =
        append(
            Arrays.copyOf(nothing, nothing.length - NO_SHARDS.length() / 2),
            "00000002" // incarnation
                + "0000000000000046" // units
                + "00000001" // generations of the epoch
                + "00000002" // generations
                + "00000007" // shards of the first
                + "000461626364" // its digest
                + "0000000000000007" // its mark
                + "00000003" // shards of the second
                + "00026566" // its digest
                + "000000000000000a"); // its mark

    assertThat(serializer.serialize(stateOf(shards))).isEqualTo(golden);
    assertThat(serializer.deserialize(6, golden)).isEqualTo(stateOf(shards));
    assertThat(serializer.deserialize(5, golden)).isEqualTo(stateOf(EpochShards.NONE));

    golden[nothing.length - 5] = 3; // generations of the epoch
    assertThatThrownBy(() -> serializer.deserialize(6, golden))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot read enumerator state: Cannot use shards of 3 of 2 generations");
    golden[nothing.length - 5] = 0; // an epoch has at least those that it began with
    assertThatThrownBy(() -> serializer.deserialize(6, golden)).isInstanceOf(IOException.class);
  }

  private static MillraceEnumeratorState stateOf(EpochShards shards) {
    return new MillraceEnumeratorState(
        FINGERPRINT,
        Optional.of(new ManifestDigest(7, "abcd")),
        Optional.empty(),
        EpochProgress.start(0).snapshot(),
        List.of(),
        true,
        SkippedCounts.NONE,
        shards);
  }

  @Test
  void keepsTheBytesOfWhatWasLeftOutFromReleaseToRelease() throws IOException {
    SkippedCounts skipped =
        new SkippedCounts(
            5_000, Map.of(1, 9L, 0, 7L), List.of(new SkippedCounts.OfSplit(1, 70, 3)));
    byte[] nothing = serializer.serialize(stateOf(SkippedCounts.NONE));
    byte[] golden =
        HexFormat.of()
            .parseHex(
                "0000000000001388" // samples of generations before
                    + "00000002" // epochs of which samples were left out
                    + "00000000" // the first
                    + "0000000000000007" // how many
                    + "00000001" // the second
                    + "0000000000000009" // how many
                    + "00000001" // splits in the middle of which some were
                    + "00000001" // epoch
                    + "0000000000000046" // rank
                    + "0000000000000003"); // how many

    byte[] bytes = serializer.serialize(stateOf(skipped));

    int after = NO_SHARDS.length() / 2;
    int before = nothing.length - NOTHING_LEFT_OUT.length() / 2 - after;
    assertThat(Arrays.copyOf(bytes, before)).isEqualTo(Arrays.copyOf(nothing, before));
    assertThat(Arrays.copyOfRange(bytes, before, bytes.length - after)).isEqualTo(golden);
    assertThat(serializer.deserialize(6, bytes)).isEqualTo(stateOf(skipped));
    assertThat(serializer.deserialize(4, bytes)).isEqualTo(stateOf(SkippedCounts.NONE));

    bytes[before + Long.BYTES] = 0x7f; // the number of epochs
    assertThatThrownBy(() -> serializer.deserialize(6, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read enumerator state: a length of 2130706434 where");
  }

  private static MillraceEnumeratorState stateOf(SkippedCounts skipped) {
    return new MillraceEnumeratorState(
        FINGERPRINT,
        Optional.empty(),
        Optional.empty(),
        EpochProgress.start(0).snapshot(),
        List.of(),
        true,
        skipped,
        EpochShards.NONE);
  }

  @Test
  void staysSmallWhateverIsAssignedOutOfOrder() throws IOException {
    EpochProgress progress = EpochProgress.start(0);
    for (long rank = 1; rank < EpochProgress.WINDOW; rank += 2) {
      progress.assign(rank);
    }
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(FINGERPRINT, Optional.empty(), progress.snapshot(), List.of());

    assertThat(serializer.serialize(state).length).isLessThan(33 * 1024);
  }

  @Test
  void refusesOtherVersionsAndImpossibleLengths() throws IOException {
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(
            FINGERPRINT, Optional.empty(), EpochProgress.start(0).snapshot(), List.of());
    byte[] bytes = serializer.serialize(state);
    // Fields up to the number of words: 5 + 1 + 8 + 4 + 1 + 4 + 8.
    bytes[31] = 0x7f;

    assertThatThrownBy(() -> serializer.deserialize(1, bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot read enumerator state: a length of 2130706432 where at most 4096 fits");
    assertThatThrownBy(() -> serializer.deserialize(9, bytes))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read enumerator state of version 9: this Millrace reads versions up to 6");
  }
}
