// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanStart;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.EpochPosition;
import io.millrace.plan.EpochProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * When the enumerator opens the next epoch with {@code scan.epoch-barrier}, and where it starts.
 */
@Tag("unit")
class EpochBarrierTest {

  private static final ScanFingerprint FINGERPRINT = new ScanFingerprint("mds", false, 0, 1);
  private static final int NONE = SplitRequestEvent.HOLDS_NONE;

  /** Four shards of one unit each. */
  private static final DatasetManifest FOUR_UNITS =
      TestingShards.manifest(10, LongStream.generate(() -> 10).limit(4).toArray());

  private static final EpochSettings THREE = new EpochSettings(3, false, 0).withBarrier(true);

  private final TestingSplitEnumeratorContext<MillraceSplit> context =
      new TestingSplitEnumeratorContext<>(2);

  private MillraceEnumerator discovered(EpochSettings settings, MillraceEnumeratorState state) {
    MillraceEnumerator enumerator =
        new MillraceEnumerator(context, () -> FOUR_UNITS, settings, state);
    enumerator.start();
    for (int subtask = 0; subtask < 2; subtask++) {
      start(enumerator, subtask);
    }
    context.triggerAllActions();
    return enumerator;
  }

  private void start(MillraceEnumerator enumerator, int subtask) {
    context.registerReader(subtask, "host");
    enumerator.addReader(subtask);
  }

  private static MillraceEnumeratorState fresh() {
    return new MillraceEnumeratorState(
        FINGERPRINT, Optional.empty(), EpochProgress.start(0).snapshot(), List.of());
  }

  private static void request(
      MillraceEnumerator enumerator, int subtask, long received, int oldestEpoch) {
    enumerator.handleSourceEvent(
        subtask, new SplitRequestEvent("cache", 1, received, 100, oldestEpoch));
  }

  private List<MillraceSplit> assigned(int subtask) {
    var assignment = context.getSplitAssignments().get(subtask);
    return assignment == null ? List.of() : new ArrayList<>(assignment.getAssignedSplits());
  }

  private List<String> idsOf(int subtask) {
    return assigned(subtask).stream().map(MillraceSplit::splitId).toList();
  }

  /** A reader that has all that it was given read to its end; whatever is sent, all is there. */
  private void finish(MillraceEnumerator enumerator, int subtask) {
    request(enumerator, subtask, assigned(subtask).size(), NONE);
  }

  @Test
  void anAnswerEndsAtTheEpochsEnd() {
    MillraceEnumerator enumerator = discovered(THREE, fresh());
    for (int i = 0; i < 10; i++) {
      request(enumerator, 0, assigned(0).size(), assigned(0).isEmpty() ? NONE : 0);
    }
    assertThat(idsOf(0)).containsExactly("0-0", "0-1", "0-2", "0-3");

    finish(enumerator, 0);

    assertThat(assigned(0).subList(4, assigned(0).size()))
        .isNotEmpty()
        .allMatch(split -> split.epoch() == 1);
  }

  @Test
  void allWaitForTheReaderThatHasTheLastUnit() {
    MillraceEnumerator enumerator = discovered(THREE, fresh());
    request(enumerator, 1, 0, NONE);
    assertThat(idsOf(1)).containsExactly("0-0");
    for (int i = 0; i < 5; i++) {
      finish(enumerator, 0);
    }
    assertThat(idsOf(0)).containsExactly("0-1", "0-2", "0-3");
    request(enumerator, 1, 1, 0); // it has one, and would take more
    assertThat(idsOf(0)).hasSize(3);
    assertThat(idsOf(1)).hasSize(1);

    finish(enumerator, 1);

    assertThat(idsOf(0)).hasSize(4).last().isEqualTo("1-0");
    assertThat(idsOf(1)).hasSize(2).last().isEqualTo("1-1");
  }

  @Test
  void withoutABarrierNobodyWaits() {
    MillraceEnumerator enumerator = discovered(THREE.withBarrier(false), fresh());
    request(enumerator, 1, 0, NONE);
    for (int i = 0; i < 9; i++) {
      finish(enumerator, 0);
    }
    assertThat(assigned(1)).isNotEmpty().allMatch(split -> split.epoch() == 0);
    assertThat(assigned(0)).anyMatch(split -> split.epoch() == 1);
  }

  @Test
  void readsAllEpochsToTheirEnd() {
    MillraceEnumerator enumerator = discovered(THREE, fresh());
    for (int i = 0; i < 30; i++) {
      finish(enumerator, i % 2);
    }
    assertThat(assigned(0).size() + assigned(1).size()).isEqualTo(12);
    for (int subtask = 0; subtask < 2; subtask++) {
      assertThat(assigned(subtask)).extracting(MillraceSplit::epoch).isSorted();
      assertThat(context.getSplitAssignments().get(subtask).hasReceivedNoMoreSplitsSignal())
          .isTrue();
    }
  }

  @Test
  void splitsThatCameBackBelongToTheirEpoch() {
    MillraceEnumerator enumerator = discovered(THREE, fresh());
    enumerator.snapshotState(1); // before anything was assigned
    request(enumerator, 1, 0, NONE);
    request(enumerator, 0, 0, NONE);
    for (int i = 0; i < 5; i++) {
      finish(enumerator, 0);
    }
    assertThat(idsOf(0)).containsExactly("0-1", "0-2", "0-3");

    context.registeredReaders().remove(1);
    enumerator.addSplitsBack(assigned(1), 1);
    // It is not known what the next attempt of the other one holds: nothing of epoch 1 yet.
    finish(enumerator, 0);
    assertThat(idsOf(0)).hasSize(4).last().isEqualTo("0-0");
    finish(enumerator, 0);
    assertThat(idsOf(0)).hasSize(4);

    start(enumerator, 1);
    request(enumerator, 1, 0, NONE);
    assertThat(idsOf(0)).hasSize(5).last().isEqualTo("1-0");
  }

  @Test
  void noReaderIsWaitedForThatRestoresNothing() {
    MillraceEnumerator enumerator = discovered(THREE, fresh());
    enumerator.snapshotState(-1); // a batch job
    request(enumerator, 1, 0, NONE);
    for (int i = 0; i < 5; i++) {
      finish(enumerator, 0);
    }
    assertThat(idsOf(0)).containsExactly("0-1", "0-2", "0-3");

    // It fails, and there is no slot for its next attempt until the other one ends.
    context.registeredReaders().remove(1);
    enumerator.addSplitsBack(assigned(1), 1);
    for (int i = 0; i < 30; i++) {
      finish(enumerator, 0);
    }

    assertThat(assigned(0)).hasSize(12);
    assertThat(context.getSplitAssignments().get(0).hasReceivedNoMoreSplitsSignal()).isTrue();
  }

  /** All of epoch 0 is assigned. */
  private MillraceEnumeratorState atTheEndOfTheFirstEpoch(long checkpoint) {
    TestingSplitEnumeratorContext<MillraceSplit> before = new TestingSplitEnumeratorContext<>(1);
    MillraceEnumerator enumerator =
        new MillraceEnumerator(before, () -> FOUR_UNITS, THREE, fresh());
    enumerator.start();
    before.registerReader(0, "host");
    enumerator.addReader(0);
    before.triggerAllActions();
    for (int i = 0; i < 4; i++) {
      request(enumerator, 0, i, i == 0 ? NONE : 0);
    }
    assertThat(before.getSplitAssignments().get(0).getAssignedSplits()).hasSize(4);
    return enumerator.snapshotState(checkpoint);
  }

  @Test
  void afterARestoreEachReaderMustTellWhatItHolds() {
    context.registeredReaders().clear();
    MillraceEnumerator enumerator =
        new MillraceEnumerator(context, () -> FOUR_UNITS, THREE, atTheEndOfTheFirstEpoch(3));
    enumerator.start();
    context.triggerAllActions();
    start(enumerator, 0);
    finish(enumerator, 0);
    assertThat(assigned(0)).as("the other one may hold splits of epoch 0").isEmpty();

    start(enumerator, 1);
    finish(enumerator, 0);
    assertThat(assigned(0)).isEmpty();
    request(enumerator, 1, 0, 0);
    assertThat(assigned(0)).as("it does").isEmpty();
    finish(enumerator, 1);
    assertThat(idsOf(0)).containsExactly("1-0");
  }

  @Test
  void aBatchJobThatIsRecoveredWaitsForNoReaderThatHasNoSlot() {
    context.registeredReaders().clear();
    MillraceEnumerator enumerator =
        new MillraceEnumerator(context, () -> FOUR_UNITS, THREE, atTheEndOfTheFirstEpoch(-1));
    enumerator.start();
    context.triggerAllActions();
    start(enumerator, 0);
    finish(enumerator, 0);
    assertThat(idsOf(0)).containsExactly("1-0");
  }

  @Test
  void startsWhereItIsToldUnlessItIsRestored() {
    EpochSettings settings = THREE.from(new ScanStart(1, EpochPosition.of(2, 4)));
    MillraceEnumerator enumerator = discovered(settings, fresh());
    MillraceEnumeratorState state = enumerator.snapshotState(1);
    request(enumerator, 0, 0, NONE);
    request(enumerator, 1, 0, NONE);
    assertThat(assigned(0)).singleElement().hasToString("1-2 (unit 0 of shard.2.mds from 4)");
    assertThat(idsOf(1)).containsExactly("1-3");
    assertThat(state.returned()).hasSize(1);
    assertThat(state.progress().watermark()).isEqualTo(3);

    context.getSplitAssignments().clear();
    context.registeredReaders().clear();
    MillraceEnumerator restored =
        discovered(THREE.from(new ScanStart(2, EpochPosition.of(1, 1))), state);
    finish(restored, 0);
    request(restored, 1, 0, NONE);
    assertThat(assigned(0)).singleElement().hasToString("1-2 (unit 0 of shard.2.mds from 4)");
    assertThat(idsOf(1)).containsExactly("1-3");
  }

  @Test
  void failsTheJobWhenThereIsNoUnitToStartAt() {
    MillraceEnumerator enumerator =
        new MillraceEnumerator(
            context,
            () -> FOUR_UNITS,
            THREE.from(new ScanStart(1, EpochPosition.of(4, 0))),
            fresh());
    enumerator.start();
    assertThatThrownBy(context::triggerAllActions)
        .hasMessageContaining("it is in the unit of rank 4, but an epoch has 4 units");
  }
}
