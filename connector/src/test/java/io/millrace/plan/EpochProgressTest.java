// SPDX-License-Identifier: Apache-2.0
package io.millrace.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
final class EpochProgressTest {
  private static final int WINDOW = EpochProgress.WINDOW;

  @Test
  void theWatermarkPassesWhatIsAssignedWithoutAGap() {
    EpochProgress progress = EpochProgress.start(4);
    progress.assign(1);
    progress.assign(3);
    assertThat(progress.watermark()).isZero();

    progress.assign(0);

    assertThat(progress.watermark()).isEqualTo(2);
    assertThat(progress.isAssigned(1)).isTrue();
    assertThat(progress.isAssigned(2)).isFalse();
    assertThat(progress.isAssigned(3)).isTrue();
    assertThat(progress.nextUnassigned(10)).hasValue(2);
    assertThat(progress.nextUnassigned(3, 10)).hasValue(4);
    assertThat(progress.nextUnassigned(3, 4)).isEmpty();
    assertThat(progress.isComplete(3)).isFalse();
    assertThat(progress.epoch()).isEqualTo(4);
  }

  @Test
  void anEpochIsCompleteWhenAllRanksAreAssigned() {
    EpochProgress progress = EpochProgress.start(0);
    assertThat(progress.isComplete(0)).isTrue();
    assertThat(progress.nextUnassigned(0)).isEmpty();
    for (long rank = 99; rank >= 0; rank--) {
      assertThat(progress.isComplete(100)).isFalse();
      progress.assign(rank);
    }
    assertThat(progress.isComplete(100)).isTrue();
    assertThat(progress.nextUnassigned(100)).isEmpty();
  }

  @Test
  void whatIsTakenBackIsOfferedAgain() {
    EpochProgress progress = EpochProgress.start(0);
    progress.assign(5);
    progress.assign(6);

    assertThat(progress.unassign(5)).isTrue();

    assertThat(progress.isAssigned(5)).isFalse();
    assertThat(progress.nextUnassigned(5, 10)).hasValue(5);
  }

  @Test
  void belowTheWatermarkNothingIsTakenBack() {
    EpochProgress progress = EpochProgress.start(0);
    progress.assign(0);
    progress.assign(1);

    assertThat(progress.unassign(1)).isFalse();

    assertThat(progress.watermark()).isEqualTo(2);
    assertThat(progress.isAssigned(1)).isTrue();
  }

  @Test
  void nothingIsAssignedBeyondTheWindow() {
    EpochProgress progress = EpochProgress.start(0);
    for (long rank = 1; rank < WINDOW; rank++) {
      progress.assign(rank);
    }
    assertThat(progress.nextUnassigned(1, Long.MAX_VALUE)).isEmpty();
    assertThat(progress.isAssigned(WINDOW)).isFalse();
    assertThatThrownBy(() -> progress.assign(WINDOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot assign rank 262144 of epoch 0 (watermark 0): beyond the window, which ends at"
                + " 262144");
    assertThat(progress.snapshot().assigned()).hasSize(WINDOW / 64);

    progress.assign(0);

    assertThat(progress.watermark()).isEqualTo(WINDOW);
    assertThat(progress.nextUnassigned(Long.MAX_VALUE)).hasValue(WINDOW);
    assertThat(progress.snapshot().assigned()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAPlainSetOverSeveralWindows(long seed) {
    Random random = new Random(seed);
    int total = 3 * WINDOW;
    EpochProgress progress = EpochProgress.start(1);
    BitSet model = new BitSet(total);
    int mark = 0;
    while (mark < total) {
      // Runs rather than single ranks, some at the watermark, to get through three windows quickly.
      int end = Math.min(mark + WINDOW, total);
      int from = random.nextInt(3) == 0 ? mark : mark + random.nextInt(end - mark);
      int to = Math.min(end, from + 1 + random.nextInt(WINDOW / 16));
      for (int rank = from; rank < to; rank++) {
        if (!model.get(rank)) {
          progress.assign(rank);
          model.set(rank);
        } else if (rank >= progress.watermark() && random.nextInt(8) == 0) {
          assertThat(progress.unassign(rank)).isTrue();
          model.clear(rank);
        }
      }
      // What was taken back within the run may have left the watermark behind the model's prefix.
      mark = model.nextClearBit((int) progress.watermark());
      assertThat(progress.watermark()).isEqualTo(mark);
      assertAgrees(progress, model, total, random);
      if (random.nextInt(4) == 0) {
        progress = EpochProgress.restore(progress.snapshot());
        assertAgrees(progress, model, total, random);
      }
    }
    assertThat(progress.isComplete(total)).isTrue();
    assertThat(progress.snapshot().assigned()).isEmpty();
  }

  private static void assertAgrees(EpochProgress progress, BitSet model, int total, Random random) {
    long end = Math.min(progress.watermark() + WINDOW, total);
    for (int i = 0; i < 50; i++) {
      int rank = random.nextInt(total);
      assertThat(progress.isAssigned(rank)).isEqualTo(model.get(rank));
      int next = model.nextClearBit(rank);
      assertThat(progress.nextUnassigned(rank, total))
          .isEqualTo(next < end ? OptionalLong.of(next) : OptionalLong.empty());
    }
  }

  @Test
  void aSnapshotIsRestoredAndDoesNotChange() {
    EpochProgress progress = EpochProgress.start(7);
    progress.assign(0);
    progress.assign(2);
    progress.assign(70);
    EpochProgressSnapshot snapshot = progress.snapshot();
    progress.assign(1);

    assertThat(snapshot.epoch()).isEqualTo(7);
    assertThat(snapshot.watermark()).isEqualTo(1);
    assertThat(snapshot.assigned()).containsExactly(1L << 1, 1L << 5);
    assertThat(snapshot).hasToString("epoch 7: ranks below 1 and 2 beyond are assigned");
    EpochProgress restored = EpochProgress.restore(snapshot);
    assertThat(restored.epoch()).isEqualTo(7);
    assertThat(restored.watermark()).isEqualTo(1);
    assertThat(restored.isAssigned(2)).isTrue();
    assertThat(restored.isAssigned(70)).isTrue();
    assertThat(restored.nextUnassigned(2, 100)).hasValue(3);
    assertThat(restored.snapshot()).isEqualTo(snapshot).hasSameHashCodeAs(snapshot);
    assertThat(progress.snapshot()).isNotEqualTo(snapshot);
  }

  @Test
  void anArrayGivenOrTakenIsACopy() {
    long[] words = {2, 0};
    EpochProgressSnapshot snapshot = new EpochProgressSnapshot(0, 5, words);
    words[0] = 4;
    snapshot.assigned()[0] = 8;

    assertThat(snapshot.assigned()).containsExactly(2);
    assertThat(snapshot).isEqualTo(new EpochProgressSnapshot(0, 5, new long[] {2}));
  }

  @Test
  void impossibleSnapshotsAreRefused() {
    assertThatThrownBy(() -> new EpochProgressSnapshot(-1, 0, new long[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot restore progress of epoch -1 at watermark 0: negative");
    assertThatThrownBy(() -> new EpochProgressSnapshot(0, -2, new long[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot restore progress of epoch 0 at watermark -2: negative");
    assertThatThrownBy(() -> new EpochProgressSnapshot(0, 0, new long[4097]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot restore progress of epoch 0: 4097 words exceed the window");
    assertThatThrownBy(() -> new EpochProgressSnapshot(0, 9, new long[] {3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot restore progress of epoch 0: rank 9 is the watermark and marked as assigned");
  }

  @Test
  void contradictionsAreRefused() {
    EpochProgress progress = EpochProgress.start(2);
    progress.assign(0);
    progress.assign(4);

    assertThatThrownBy(() -> progress.assign(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot assign rank 0 of epoch 2 (watermark 1): it is assigned");
    assertThatThrownBy(() -> progress.assign(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot assign rank 4 of epoch 2 (watermark 1): it is assigned");
    assertThatThrownBy(() -> progress.unassign(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot take rank 5 of epoch 2 (watermark 1) back: it is not assigned");
    assertThatThrownBy(() -> progress.isAssigned(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot look up rank -1 of epoch 2 (watermark 1): negative");
  }
}
