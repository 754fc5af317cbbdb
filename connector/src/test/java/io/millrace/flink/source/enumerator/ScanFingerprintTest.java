// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScanFingerprintTest {

  private static final ScanFingerprint SHUFFLED = new ScanFingerprint("mds", true, 7, 1);

  @Test
  void takesACheckpointOfTheSameOrder() {
    assertThatCode(() -> SHUFFLED.checkRestores(new ScanFingerprint("mds", true, 7, 1)))
        .doesNotThrowAnyException();
  }

  @Test
  void namesEveryDifference() {
    assertThatThrownBy(() -> SHUFFLED.checkRestores(new ScanFingerprint("tar", true, 8, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot restore from the checkpoint: the order of the samples would change: format was"
                + " tar and is mds, scan.shuffle.seed was 8 and is 7, the permutation's version"
                + " was 2 and is 1");
    assertThatThrownBy(() -> SHUFFLED.checkRestores(new ScanFingerprint("mds", false, 7, 1)))
        .hasMessageEndingWith(": scan.shuffle was false and is true");
  }

  @Test
  void tellsAScanThatGoesOnDiscoveringFromOneThatDoesNot() {
    ScanFingerprint growing = new ScanFingerprint("mds", true, 7, 1, true, Optional.empty());
    assertThatThrownBy(() -> growing.checkRestores(SHUFFLED))
        .hasMessageEndingWith(": scan.discovery.interval was not set and is set");
    assertThatThrownBy(() -> SHUFFLED.checkRestores(growing))
        .hasMessageEndingWith(": scan.discovery.interval was set and is not set");
    assertThatCode(() -> growing.checkRestores(growing)).doesNotThrowAnyException();
  }

  @Test
  void tellsConditionsFromOthersUnlessACheckpointHasNone() {
    ScanFingerprint one = SHUFFLED.orSelecting("shards 'a', epochs all");
    ScanFingerprint other = SHUFFLED.orSelecting("shards all, epochs 1 to 2");
    assertThatThrownBy(() -> one.checkRestores(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot restore from the checkpoint: it is of a query that reads shards all, epochs 1"
                + " to 2, but this one reads shards 'a', epochs all; give the query the conditions"
                + " that it had, or start it without the checkpoint");
    assertThatCode(() -> one.checkRestores(one)).doesNotThrowAnyException();
    assertThatCode(() -> one.checkRestores(SHUFFLED)).doesNotThrowAnyException();
    assertThat(one.orSelecting("another")).isSameAs(one);
  }

  @Test
  void doesNotMindTheSeedOfAScanThatDoesNotShuffle() {
    ScanFingerprint sequential = new ScanFingerprint("mds", false, 7, 1);
    assertThatCode(() -> sequential.checkRestores(new ScanFingerprint("mds", false, 8, 2)))
        .doesNotThrowAnyException();
  }
}
