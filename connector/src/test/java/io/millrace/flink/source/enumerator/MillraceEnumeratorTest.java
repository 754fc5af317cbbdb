// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochRanges;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanSelection;
import io.millrace.flink.scan.ShardNames;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.EpochProgress;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MillraceEnumeratorTest {

  private static final ScanFingerprint FINGERPRINT = new ScanFingerprint("mds", false, 0, 1);
  private static final int NONE = SplitRequestEvent.HOLDS_NONE;

  /** Ten shards of one unit each. */
  private static final DatasetManifest TEN_UNITS =
      TestingShards.manifest(10, LongStream.generate(() -> 10).limit(10).toArray());

  private TestingSplitEnumeratorContext<MillraceSplit> context =
      new TestingSplitEnumeratorContext<>(1);

  @Test
  void answersARequestThatCameBeforeTheDatasetWasFound() {
    MillraceEnumerator enumerator = started(TEN_UNITS, 1, fresh());
    request(enumerator, 0, 0, 3, NONE);
    assertThat(context.getSplitAssignments()).isEmpty();

    context.triggerAllActions();

    assertThat(idsOf(0)).containsExactly("0-0", "0-1", "0-2");
  }

  @Test
  void assignsEveryUnitOfEveryEpochOnceAndThenEnds() {
    MillraceEnumerator enumerator = discovered(TEN_UNITS, 3, fresh());
    while (!context.getSplitAssignments().containsKey(0)
        || !context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()) {
      request(enumerator, 0, assigned(0).size(), 4, NONE);
    }

    Set<String> expected = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int rank = 0; rank < 10; rank++) {
        expected.add(epoch + "-" + rank);
      }
    }
    assertThat(idsOf(0)).hasSize(30).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void opensAnEpochOnlyWhenTheOneBeforeTheLastIsDone() {
    MillraceEnumerator enumerator = discovered(TEN_UNITS, 3, fresh());
    // The reader holds on to epoch 0: it may have epoch 1, but nothing of epoch 2.
    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, 0);
    }
    assertThat(assigned(0)).hasSize(20).allMatch(split -> split.epoch() <= 1);

    request(enumerator, 0, 20, 100, 1);

    assertThat(assigned(0)).anyMatch(split -> split.epoch() == 2);
  }

  @Test
  void opensNoEpochBeforeEachReaderHasToldWhatItHolds() {
    context = new TestingSplitEnumeratorContext<>(2);
    MillraceEnumeratorState inEpochOne =
        new MillraceEnumeratorState(
            FINGERPRINT, Optional.empty(), EpochProgress.start(1).snapshot(), List.of());
    MillraceEnumerator enumerator = started(TEN_UNITS, 4, inEpochOne, 2);
    context.triggerAllActions();
    enumerator.snapshotState(7);
    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, 1);
    }
    assertThat(assigned(0)).hasSize(10).allMatch(split -> split.epoch() == 1);

    // The other one was restored with a split of epoch 0.
    request(enumerator, 1, 0, 3, 0);
    request(enumerator, 0, 10, 100, 1);
    assertThat(assigned(0)).hasSize(10);
    assertThat(assigned(1)).isEmpty();

    request(enumerator, 1, 0, 3, NONE);
    assertThat(assigned(1)).hasSize(3).allMatch(split -> split.epoch() == 2);
  }

  @Test
  void waitsForNoReaderThatHasNotStartedWhereThereAreNoCheckpoints() {
    context = new TestingSplitEnumeratorContext<>(2);
    // A batch job with one slot: the second reader starts when the first one has ended.
    MillraceEnumerator enumerator = started(TEN_UNITS, 2, fresh(), 1);
    context.triggerAllActions();
    enumerator.snapshotState(-1);
    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, i < 20 ? 0 : 1);
    }

    assertThat(assigned(0)).hasSize(20);
    request(enumerator, 0, 20, 100, NONE);
    assertThat(context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()).isTrue();
  }

  @Test
  void opensTheNextSelectedEpochWhenTheOneBeforeIsDone() {
    EpochRanges some = EpochRanges.between(1, 1).or(EpochRanges.between(5, 6));
    EpochSettings settings =
        new EpochSettings(9, false, 0)
            .selecting(new ScanSelection(ShardNames.ALL, some, ScanSelection.NO_LIMIT));
    MillraceEnumeratorState state =
        new MillraceEnumeratorState(
            FINGERPRINT, Optional.empty(), EpochProgress.start(1).snapshot(), List.of());
    MillraceEnumerator enumerator =
        new MillraceEnumerator(context, () -> TEN_UNITS, settings, state);
    enumerator.start();
    context.registerReader(0, "host");
    enumerator.addReader(0);
    context.triggerAllActions();
    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, 1);
    }
    assertThat(assigned(0)).hasSize(20).allMatch(split -> split.epoch() <= 5);

    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, NONE);
    }

    assertThat(assigned(0)).hasSize(30);
    assertThat(context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()).isTrue();
  }

  @Test
  void countsAssignmentsThatAreUnderWayAgainstAWish() {
    MillraceEnumerator enumerator = discovered(TEN_UNITS, 2, fresh());
    request(enumerator, 0, 0, 4, NONE);
    // Written before the four arrived: they are what it wished for.
    request(enumerator, 0, 0, 4, NONE);
    assertThat(assigned(0)).hasSize(4);
    // Three of them arrived: of the wish for two, one is under way.
    request(enumerator, 0, 3, 2, 0);
    assertThat(assigned(0)).hasSize(5);
  }

  @Test
  void givesOutFairSharesNearTheEnd() {
    context = new TestingSplitEnumeratorContext<>(2);
    MillraceEnumerator enumerator = started(TEN_UNITS, 1, fresh(), 2);
    context.triggerAllActions();
    request(enumerator, 0, 0, 100, NONE);
    request(enumerator, 1, 0, 100, NONE);

    // 10 left: half of an even share of 5 is 2; 8 left: 2.
    assertThat(assigned(0)).hasSize(2);
    assertThat(assigned(1)).hasSize(2);
  }

  @Test
  void givesReturnedSplitsToTheNextReaderAtTheirCursor() {
    MillraceEnumerator enumerator = discovered(TEN_UNITS, 1, fresh());
    request(enumerator, 0, 0, 2, NONE);
    List<MillraceSplit> lost = List.of(assigned(0).get(1).at(7), assigned(0).get(0).at(3));

    enumerator.addSplitsBack(lost, 0);
    MillraceEnumeratorState state = enumerator.snapshotState(1);
    enumerator.addReader(0);
    request(enumerator, 0, 0, 2, NONE);

    assertThat(state.returned()).containsExactly(lost.get(1), lost.get(0));
    assertThat(assigned(0).subList(2, 4)).containsExactly(lost.get(1), lost.get(0));
  }

  @Test
  void answersNoReaderThatIsGoneWhileItsRegionRestarts() {
    context = new TestingSplitEnumeratorContext<>(2);
    MillraceEnumerator enumerator = started(TEN_UNITS, 4, fresh(), 2);
    context.triggerAllActions();
    request(enumerator, 1, 0, 0, NONE);
    for (int i = 0; i < 40; i++) {
      request(enumerator, 0, assigned(0).size(), 100, 0);
    }
    request(enumerator, 1, 0, 3, NONE);
    assertThat(assigned(0)).as("two epochs").hasSize(20);
    assertThat(assigned(1)).as("waits until the first epoch is done").isEmpty();

    // Both fail: Flink ends their registration first, then gives the splits back one by one.
    context.registeredReaders().clear();
    enumerator.addSplitsBack(assigned(0).subList(0, 2), 0);
    assertThat(assigned(1)).isEmpty();
    enumerator.addSplitsBack(List.of(), 1);

    context.registerReader(1, "host");
    enumerator.addReader(1);
    request(enumerator, 1, 0, 2, NONE);
    assertThat(assigned(1)).hasSize(2);
  }

  @Test
  void goesOnFromACheckpoint() throws Exception {
    MillraceEnumerator first = discovered(TEN_UNITS, 1, fresh());
    request(first, 0, 0, 4, NONE);
    MillraceEnumeratorState state = first.snapshotState(1);
    MillraceEnumeratorStateSerializer serializer = new MillraceEnumeratorStateSerializer();
    MillraceEnumeratorState restored = serializer.deserialize(2, serializer.serialize(state));

    TestingSplitEnumeratorContext<MillraceSplit> other = new TestingSplitEnumeratorContext<>(1);
    other.registerReader(0, "host");
    MillraceEnumerator second =
        new MillraceEnumerator(other, () -> TEN_UNITS, new EpochSettings(1, false, 0), restored);
    second.start();
    other.triggerAllActions();
    request(second, 0, 0, 1, NONE);

    assertThat(other.getSplitAssignments().get(0).getAssignedSplits())
        .extracting(MillraceSplit::splitId)
        .containsExactly("0-4");
  }

  @Test
  void refusesACheckpointOfAnotherDataset() {
    MillraceEnumerator first = discovered(TEN_UNITS, 1, fresh());
    MillraceEnumeratorState state = first.snapshotState(1);
    new MillraceEnumerator(
            context,
            () -> TestingShards.manifest(10, 10, 10),
            new EpochSettings(1, false, 0),
            state)
        .start();

    assertThatThrownBy(context::triggerAllActions)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot restore from the checkpoint: dataset changed since the checkpoint: it had 10"
                + " shards (")
        .hasMessageContaining("now it has 2 (");
  }

  @Test
  void refusesACheckpointOfAnotherOrder() {
    ScanFingerprint other = new ScanFingerprint("mds", true, 5, 1);
    assertThatThrownBy(() -> other.checkRestores(FINGERPRINT))
        .hasMessage(
            "Cannot restore from the checkpoint: the order of the samples would change:"
                + " scan.shuffle was false and is true");
    assertThatThrownBy(() -> other.checkRestores(new ScanFingerprint("mds", true, 6, 1)))
        .hasMessageEndingWith("scan.shuffle.seed was 6 and is 5");
  }

  @Test
  void failsTheJobWithTheReasonWhenTheDatasetCannotBeFound() {
    MillraceEnumerator enumerator =
        new MillraceEnumerator(
            context,
            () -> {
              throw new FileNotFoundException("no index.json in file:/data");
            },
            new EpochSettings(1, false, 0),
            fresh());
    enumerator.start();

    assertThatThrownBy(context::triggerAllActions)
        .hasMessageContaining("no index.json in file:/data");
  }

  @Test
  void endsAtOnceWhenThereIsNoSample() {
    MillraceEnumerator enumerator = discovered(TestingShards.manifest(10, 0, 0), 2, fresh());
    request(enumerator, 0, 0, 4, NONE);

    assertThat(context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()).isTrue();
  }

  private static MillraceEnumeratorState fresh() {
    return new MillraceEnumeratorState(
        FINGERPRINT, Optional.empty(), EpochProgress.start(0).snapshot(), List.of());
  }

  private MillraceEnumerator discovered(
      DatasetManifest manifest, int epochs, MillraceEnumeratorState state) {
    MillraceEnumerator enumerator = started(manifest, epochs, state);
    context.triggerAllActions();
    return enumerator;
  }

  private MillraceEnumerator started(
      DatasetManifest manifest, int epochs, MillraceEnumeratorState state) {
    return started(manifest, epochs, state, 1);
  }

  private MillraceEnumerator started(
      DatasetManifest manifest, int epochs, MillraceEnumeratorState state, int readers) {
    MillraceEnumerator enumerator =
        new MillraceEnumerator(context, () -> manifest, new EpochSettings(epochs, false, 0), state);
    enumerator.start();
    for (int subtask = 0; subtask < readers; subtask++) {
      context.registerReader(subtask, "host");
      enumerator.addReader(subtask);
    }
    return enumerator;
  }

  private static void request(
      MillraceEnumerator enumerator, int subtask, long received, int wanted, int oldestEpoch) {
    enumerator.handleSourceEvent(
        subtask, new SplitRequestEvent("cache-" + subtask, 1, received, wanted, oldestEpoch));
  }

  private List<MillraceSplit> assigned(int subtask) {
    var assignment = context.getSplitAssignments().get(subtask);
    return assignment == null ? List.of() : new ArrayList<>(assignment.getAssignedSplits());
  }

  private List<String> idsOf(int subtask) {
    return assigned(subtask).stream().map(MillraceSplit::splitId).toList();
  }
}
