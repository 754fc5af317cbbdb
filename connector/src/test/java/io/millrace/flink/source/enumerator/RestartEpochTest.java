// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static io.millrace.flink.source.enumerator.RestoredScan.NONE;
import static io.millrace.flink.source.enumerator.RestoredScan.THREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of datasets that changed, with {@code restart-epoch}. */
@Tag("unit")
class RestartEpochTest {

  private static final OnChange RESTART = OnChange.RESTART_EPOCH;

  private final TestingGrowth dataset =
      new TestingGrowth(true).write("a", 1).write("b", 2).write("c", 3);

  private MillraceEnumeratorState after(int splits) throws IOException {
    return RestoredScan.of(dataset, RESTART, RestoredScan.fresh()).readTo(0, splits).checkpoint();
  }

  private RestoredScan restored(MillraceEnumeratorState state, int readers) {
    return new RestoredScan(dataset, RESTART, THREE, state, readers).find();
  }

  private void change() {
    dataset.write("b", 7, 999).write("d", 8);
  }

  @Test
  void theOldestEpochThatAReaderHoldsBeginsAnewWhenAllHaveTold() throws IOException {
    MillraceEnumeratorState state = after(5);
    assertThat(state.progress().epoch()).isEqualTo(1);
    change();
    RestoredScan scan = restored(state, 2);

    scan.restored(0, Map.of(0, 1));
    assertThat(scan.told(0)).as("the other one may hold an older epoch").isEmpty();
    assertThat(scan.checkpoint()).as("nothing is decided").isEqualTo(state);
    scan.restored(1, Map.of(0, 0));

    assertThat(scan.told(0)).containsExactly(1);
    assertThat(scan.told(1)).containsExactly(1);
    scan.readAll(0);
    assertThat(scan.names(0))
        .as("the other one has not asked for more: it may hold something of epoch 0")
        .containsExactly("0a", "0b", "0c", "0d");
    scan.request(1, 0, NONE);
    scan.readAll(0);
    assertThat(scan.names(0))
        .containsExactly("0a", "0b", "0c", "0d", "1a", "1b", "1c", "1d", "2a", "2b", "2c", "2d");
    assertThat(scan.assigned(0)).allMatch(split -> split.incarnation() == 1 && split.units() == 4);
    assertThat(scan.isDone(0)).isTrue();
  }

  @Test
  void anUnchangedDatasetGoesOnWithoutWaitingForOthers() throws IOException {
    RestoredScan scan = restored(after(4), 2);

    scan.restored(0, Map.of(0, 0));

    assertThat(scan.told(0)).containsExactly(0);
    scan.request(0, 1, 0);
    assertThat(scan.names(0)).containsExactly("1b");
  }

  @Test
  void readersThatRestoredNothingSayItByAsking() throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    RestoredScan scan = restored(state, 2);

    scan.request(0, 1, NONE);
    assertThat(scan.names(0)).isEmpty();
    scan.request(1, 1, NONE);

    assertThat(scan.names(0)).containsExactly("1a");
    assertThat(scan.names(1)).containsExactly("1b");
    assertThat(scan.told(0)).isEmpty();
  }

  /** Whatever comes first. */
  @Test
  void readersMayTellBeforeTheDatasetIsFound() throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    RestoredScan scan = new RestoredScan(dataset, RESTART, THREE, state, 1);
    scan.restored(0, Map.of(0, 0));
    assertThat(scan.told(0)).isEmpty();

    scan.find();

    assertThat(scan.told(0)).containsExactly(1);
    assertThat(scan.readTo(0, 1).names(0)).containsExactly("0a");
  }

  @Test
  void anEpochThatIsWhollyReadIsNotReadAgain() throws IOException {
    MillraceEnumeratorState atTheEnd = after(3);
    MillraceEnumeratorState ofLast = after(9);
    assertThat(atTheEnd.progress().epoch()).isZero();
    change();

    RestoredScan scan = restored(atTheEnd, 1).readAll(0);
    assertThat(scan.names(0)).hasSize(8).startsWith("1a").endsWith("2d");

    RestoredScan last = restored(ofLast, 1).readAll(0);
    assertThat(last.names(0)).isEmpty();
    assertThat(last.isDone(0)).isTrue();
    // Another change: the splits that it has not are of another incarnation.
    dataset.write("e", 9);
    assertThat(restored(last.checkpoint(), 1).readAll(0).names(0)).isEmpty();
  }

  /** Unless an earlier Millrace does not say how many units it had. */
  @Test
  void anEarlierStateBeginsItsNewestEpochAnew() throws IOException {
    MillraceEnumeratorState state =
        RestoredScan.of(dataset, RESTART, RestoredScan.fresh()).readTo(0, 3).checkpointOfVersion(5);
    change();

    assertThat(restored(state, 1).readAll(0).names(0)).hasSize(12).startsWith("0a");
  }

  /** Units that are not selected need no reader, also those at its end. */
  @Test
  void anEpochOfWhichEverythingThatIsSelectedIsReadIsNotReadAgain() throws IOException {
    EpochSettings some =
        THREE.selecting(
            new ScanSelection(
                ShardNames.only("a").or(ShardNames.only("b")),
                EpochRanges.ALL,
                ScanSelection.NO_LIMIT));
    MillraceEnumeratorState state =
        new RestoredScan(dataset, RESTART, some, RestoredScan.fresh(), 1)
            .find()
            .readTo(0, 2)
            .checkpoint();
    assertThat(state.progress().epoch()).isZero();
    change();

    RestoredScan scan = new RestoredScan(dataset, RESTART, some, state, 1).find().readAll(0);

    assertThat(scan.names(0)).containsExactly("1a", "1b", "2a", "2b");
  }

  @Test
  void splitsThatWaitForAReaderCount() throws IOException {
    RestoredScan before = RestoredScan.of(dataset, RESTART, RestoredScan.fresh()).readTo(0, 5);
    MillraceSplit of0 = before.assigned(0).get(2);
    assertThat(restartedWith(before, of0)).isZero();
    assertThat(restartedWith(before, of0.at(10))).as("read to its end").isEqualTo(1);
  }

  private int restartedWith(RestoredScan before, MillraceSplit back) throws IOException {
    before.failReader(0, List.of(back));
    MillraceEnumeratorState state = before.checkpoint();
    before.startReader(0);
    before.readTo(0, before.assigned(0).size() + 1); // it takes it
    TestingGrowth changed = new TestingGrowth(true).write("a", 1).write("b", 2);
    RestoredScan scan = new RestoredScan(changed, RESTART, THREE, state, 1).find().readAll(0);
    assertThat(scan.assigned(0)).allMatch(split -> split.incarnation() == 1);
    return scan.assigned(0).get(0).epoch();
  }

  @Test
  void aRegionThatRestartsFromTheOlderCheckpointIsToldAtOnce() throws IOException {
    MillraceEnumeratorState state = after(5);
    MillraceSplit old = RestoredScan.of(dataset, RESTART, state).readTo(0, 1).assigned(0).get(0);
    change();
    RestoredScan scan = restored(state, 2);
    scan.restored(0, Map.of(0, 1));
    scan.restored(1, Map.of(0, 1));
    scan.request(0, 1, NONE);
    scan.request(1, 1, NONE);
    List<MillraceSplit> lost = scan.assigned(1);
    assertThat(lost).hasSize(1);

    scan.failReader(1, List.of(lost.get(0), old));
    scan.startReader(1);
    scan.restored(1, Map.of(0, 1));

    assertThat(scan.told(1)).containsExactly(1, 1);
    assertThat(scan.checkpoint().returned()).as("but for the old one").isEqualTo(lost);
    scan.request(1, 1, NONE);
    assertThat(scan.names(1)).containsExactly("1b", "1b");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRestoreMayFollowARestore(boolean fromTheSameCheckpoint) throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    RestoredScan first = restored(state, 1);
    first.restored(0, Map.of(0, 0));
    MillraceEnumeratorState later = first.readTo(0, 6).checkpoint();
    assertThat(later.shards().incarnation()).isEqualTo(1);
    assertThat(later.progress().epoch()).isEqualTo(1);

    if (fromTheSameCheckpoint) {
      RestoredScan second = restored(state, 1);
      second.restored(0, Map.of(0, 0));
      assertThat(second.told(0)).containsExactly(1);
      assertThat(second.readTo(0, 1).names(0)).containsExactly("0a");
      return;
    }
    RestoredScan unchanged = restored(later, 1);
    unchanged.restored(0, Map.of(1, 1));
    assertThat(unchanged.told(0)).containsExactly(1);
    assertThat(unchanged.readTo(0, 1).names(0)).containsExactly("1c");
    assertThat(unchanged.assigned(0)).allMatch(split -> split.incarnation() == 1);

    dataset.delete("a");
    RestoredScan second = restored(later, 1);
    // Beside one of epoch 1 it has some of before, which a checkpoint caught before it was told.
    second.restored(0, Map.of(0, 0, 1, 1));
    assertThat(second.told(0)).containsExactly(2);
    second.readTo(0, 1);
    assertThat(second.names(0)).containsExactly("1b");
    assertThat(second.assigned(0)).allMatch(split -> split.incarnation() == 2);
  }

  @Test
  void anAttemptThatEndsBeforeItIsToldTellsAnew() throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    RestoredScan scan = restored(state, 2);
    scan.restored(0, Map.of(0, 1));
    scan.failReader(0, List.of());
    scan.startReader(0);
    scan.restored(1, Map.of(0, 1));
    assertThat(scan.told(1)).as("the first one has not told yet").isEmpty();

    scan.restored(0, Map.of(0, 1));

    assertThat(scan.told(0)).containsExactly(1);
    assertThat(scan.told(1)).containsExactly(1);
  }

  @Test
  void onlyAnAttemptThatAskedIsTold() throws IOException {
    RestoredScan scan = new RestoredScan(dataset, RESTART, THREE, after(5), 1);
    scan.restored(0, Map.of(0, 1));
    scan.failReader(0, List.of());
    scan.startReader(0);
    scan.find();
    assertThat(scan.told(0)).isEmpty();

    scan.restored(0, Map.of(0, 1));
    assertThat(scan.told(0)).containsExactly(0);
  }

  @Test
  void aRequestTakesNothingBack() throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    RestoredScan scan = restored(state, 2);
    scan.restored(0, Map.of(0, 0));
    scan.request(0, 1, NONE);
    scan.request(1, 1, NONE);

    assertThat(scan.names(0)).containsExactly("0a");
  }

  @Test
  void shardsThatWereAcceptedOneAfterTheOtherBecomeOneDataset() throws IOException {
    MillraceEnumeratorState state = after(2);
    dataset.write("0", 4);
    state = RestoredScan.of(dataset, OnChange.ACCEPT_NEW_SHARDS, state).checkpoint();
    RestoredScan unchanged = restored(state, 1);
    assertThat(unchanged.readTo(0, 5).names(0)).containsExactly("0c", "1a", "1b", "1c", "10");

    dataset.write("d", 5);
    RestoredScan grown = restored(state, 1);
    assertThat(grown.readTo(0, 5).names(0)).containsExactly("00", "0a", "0b", "0c", "0d");
    assertThat(grown.assigned(0)).allMatch(split -> split.incarnation() == 1);
    MillraceEnumeratorState later = grown.checkpoint();
    assertThat(later.shards().generations()).hasSize(1);
    assertThat(later.shards().units()).isEqualTo(5);
    assertThat(later.manifest()).contains(ManifestDigest.of(dataset.manifest()));
  }

  @Test
  void whatWasLeftOutOfEpochsThatBeginAnewDoesNotCount() throws IOException {
    RestoredScan before = RestoredScan.of(dataset, RESTART, RestoredScan.fresh()).readTo(0, 5);
    before.enumerator.handleSourceEvent(0, new SkippedSamplesEvent(0, 1, 3, true, "a sample", 1));
    before.enumerator.handleSourceEvent(
        0, new SkippedSamplesEvent(1, 0, 4, false, "another one", 2));
    MillraceEnumeratorState state = before.checkpoint();
    assertThat(state.skipped().ofEpochs()).isEqualTo(Map.of(0, 3L));
    assertThat(state.skipped().ofSplits()).hasSize(1);
    change();

    RestoredScan scan = restored(state, 1);
    scan.restored(0, Map.of(0, 1));

    SkippedCounts left = scan.checkpoint().skipped();
    assertThat(left.ofEpochs()).isEqualTo(Map.of(0, 3L));
    assertThat(left.ofSplits()).isEmpty();
  }

  @Test
  void aBatchJobCannotBeginAnEpochAnew() throws IOException {
    MillraceEnumeratorState state = batch(after(5));
    assertThat(restored(state, 1).readTo(0, 1).names(0)).containsExactly("1c");
    change();
    RestoredScan scan = new RestoredScan(dataset, RESTART, THREE, state, 2);

    assertThatThrownBy(scan::find)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a batch job cannot begin an epoch anew (scan.restore.on-change");
  }

  private static MillraceEnumeratorState batch(MillraceEnumeratorState state) {
    UnaryOperator<MillraceEnumeratorState> withoutReaders =
        of ->
            new MillraceEnumeratorState(
                of.fingerprint(),
                of.manifest(),
                of.generations(),
                of.progress(),
                of.returned(),
                false,
                of.skipped(),
                of.shards());
    return withoutReaders.apply(state);
  }

  /** A checkpoint may have caught them before they were dropped. */
  @ParameterizedTest
  @ValueSource(strings = {"FAIL", "ACCEPT_NEW_SHARDS"})
  void otherOptionsRefuseSplitsOfBefore(OnChange onChange) throws IOException {
    MillraceEnumeratorState state = after(5);
    change();
    MillraceEnumeratorState later = restored(state, 1).readTo(0, 1).checkpoint();
    RestoredScan scan = RestoredScan.of(dataset, onChange, later);
    scan.restored(0, Map.of(1, 1));
    assertThat(scan.told(0)).as("nobody waits").isEmpty();
    assertThat(scan.readTo(0, 1).assigned(0)).allMatch(split -> split.incarnation() == 1);

    assertThatThrownBy(() -> scan.restored(0, Map.of(1, 1, 0, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only scan.restore.on-change = restart-epoch drops");
  }
}
