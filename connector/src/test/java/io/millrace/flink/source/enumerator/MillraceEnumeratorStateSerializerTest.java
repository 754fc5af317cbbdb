// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.source.TestingShards;
import io.millrace.plan.EpochProgress;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
            FINGERPRINT,
            Optional.of(new ManifestDigest(13, "ab".repeat(32))),
            progress.snapshot(),
            List.of(TestingShards.split(1, 3).at(4), TestingShards.split(1, 4)));

    assertThat(serializer.deserialize(1, serializer.serialize(state))).isEqualTo(state);
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
                    + "00000002" // version of splits
                    + "00000000"); // returned splits
    assertThat(serializer.serialize(state)).isEqualTo(golden);
    assertThat(serializer.deserialize(1, golden)).isEqualTo(state);
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
        .hasMessage("Cannot read enumerator state of version 9: this Millrace reads version 1");
  }
}
