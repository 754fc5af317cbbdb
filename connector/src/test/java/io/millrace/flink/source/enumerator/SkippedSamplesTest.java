// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.Assignment;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.OnError;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import io.millrace.flink.source.split.SkipsCountedEvent;
import io.millrace.plan.EpochProgress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SkippedSamplesTest {

  private static final ErrorSettings FIVE_PERCENT = new ErrorSettings(OnError.SKIP_SAMPLE, 5);
  private static final ScanFingerprint FINGERPRINT = new ScanFingerprint("mds", false, 0, 1);

  private final SkippedSamples skipped = new SkippedSamples(FIVE_PERCENT, SkippedCounts.NONE);

  private static SkippedSamplesEvent report(int epoch, long rank, long count, boolean finished) {
    return new SkippedSamplesEvent(epoch, rank, count, finished, "sample 3 of x: damaged", 1);
  }

  @Test
  void failsWithAllThereIsToKnowOnceAnEpochHasTooMany() {
    skipped.reported(report(0, 1, 3, true));
    skipped.reported(report(0, 2, 2, false));
    skipped.reported(report(1, 2, 4, false));
    assertThatCode(() -> skipped.check(100)).doesNotThrowAnyException();

    skipped.reported(report(0, 2, 3, false));

    assertThatThrownBy(() -> skipped.check(100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot go on: 6 samples of epoch 0 could not be read and were left out, but"
                + " scan.on-error.max-skipped = 5 % of its 100 samples allows 5; mend the dataset,"
                + " or allow more. The last one: sample 3 of x: damaged");
    assertThatCode(() -> skipped.check(100)).as("once is enough").doesNotThrowAnyException();
  }

  @Test
  void countsTheSameReportOnce() {
    for (int i = 0; i < 9; i++) {
      skipped.reported(report(0, 1, 5, i > 3));
    }
    assertThatCode(() -> skipped.check(100)).doesNotThrowAnyException();
  }

  @Test
  void countsWhatASplitThatCameBackHasByItsCheckpoint() {
    skipped.reported(report(0, 1, 5, true));
    skipped.reported(report(0, 2, 5, false));
    skipped.returned(List.of(split(1, 0), split(2, 2)));
    assertThat(skipped.snapshot(1, 0).ofSplits())
        .containsExactly(new SkippedCounts.OfSplit(0, 2, 2));

    skipped.reported(report(0, 1, 3, false));
    assertThatCode(() -> skipped.check(100)).doesNotThrowAnyException();
    skipped.reported(report(0, 1, 4, false));
    assertThatThrownBy(() -> skipped.check(100)).hasMessageContaining("6 samples of epoch 0");
  }

  private static MillraceSplit split(int rank, long left) {
    return TestingShards.split(0, rank).at(5, left);
  }

  /** Whatever comes back has been read to its end after the last complete checkpoint. */
  @Test
  void keepsSplitsApartUntilACheckpointHasThem() {
    skipped.reported(report(0, 1, 2, true));
    SkippedCounts first = skipped.snapshot(7, 0);
    assertThat(first).isEqualTo(new SkippedCounts(0, Map.of(0, 2L), List.of()));
    skipped.reported(report(0, 2, 2, true));
    skipped.checkpointCompleted(7);
    skipped.returned(List.of(split(2, 0)));

    SkippedCounts second = skipped.snapshot(8, 0);
    assertThat(second).isEqualTo(first);
    skipped.reported(report(0, 1, 2, true)); // would count twice now
    assertThat(skipped.snapshot(9, 0).ofEpochs()).isEqualTo(Map.of(0, 4L));
  }

  @Test
  void aBatchJobsSnapshotsAreNoCheckpoints() {
    skipped.reported(report(0, 1, 2, true));
    assertThat(skipped.snapshot(-1, 0).ofEpochs()).isEqualTo(Map.of(0, 2L));
    skipped.checkpointCompleted(3);
    skipped.returned(List.of(split(1, 0)));
    assertThat(skipped.snapshot(-1, 0)).isEqualTo(SkippedCounts.NONE);
  }

  @Test
  void goesOnWithTheCountsOfACheckpoint() {
    SkippedSamples restored =
        new SkippedSamples(
            FIVE_PERCENT,
            new SkippedCounts(0, Map.of(2, 3L), List.of(new SkippedCounts.OfSplit(2, 9, 2))));
    restored.reported(report(2, 9, 2, true));
    assertThatCode(() -> restored.check(100)).doesNotThrowAnyException();
    restored.reported(report(2, 10, 1, false));
    assertThatThrownBy(() -> restored.check(100)).hasMessageContaining("6 samples of epoch 2");
  }

  @Test
  void forgetsEpochsThatAreLongOver() {
    skipped.reported(report(0, 1, 2, true));
    skipped.reported(report(1, 1, 2, true));
    skipped.reported(report(3, 1, 2, false));
    assertThat(skipped.snapshot(1, 0).ofEpochs()).isEqualTo(Map.of(1, 2L));
  }

  @Test
  void anEnumeratorAnswersReportsAndFailsTheJob() {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    context.registerReader(0, "host");
    MillraceEnumerator enumerator = enumerator(context, SkippedCounts.NONE);
    enumerator.start();
    enumerator.handleSourceEvent(0, new SkippedSamplesEvent(0, 1, 6, false, "sample 3", 4));
    assertThat(context.getSentEvents().get(0)).containsExactly(new SkipsCountedEvent(4));

    assertThatThrownBy(context::triggerAllActions)
        .as("the number of samples is known now")
        .hasStackTraceContaining(
            "Cannot go on: 6 samples of epoch 0 could not be read and were left out, but"
                + " scan.on-error.max-skipped = 5 % of its 100 samples allows 5");
  }

  @Test
  void anEnumeratorsStateHasTheCounts() {
    TestingSplitEnumeratorContext<MillraceSplit> context = new TestingSplitEnumeratorContext<>(1);
    context.registerReader(0, "host");
    SkippedCounts counts =
        new SkippedCounts(0, Map.of(0, 3L), List.of(new SkippedCounts.OfSplit(0, 4, 1)));
    MillraceEnumerator enumerator = enumerator(context, counts);
    enumerator.start();
    context.triggerAllActions();
    assertThat(enumerator.snapshotState(1).skipped()).isEqualTo(counts);

    enumerator.handleSourceEvent(0, new SkippedSamplesEvent(0, 4, 2, true, "sample 3", 1));
    assertThat(enumerator.snapshotState(2).skipped())
        .isEqualTo(new SkippedCounts(0, Map.of(0, 5L), List.of()));
    enumerator.notifyCheckpointComplete(2);
    assertThatThrownBy(
            () ->
                enumerator.handleSourceEvent(
                    0, new SkippedSamplesEvent(0, 5, 1, true, "sample 9", 2)))
        .hasMessageEndingWith("The last one: sample 9");
  }

  private static MillraceEnumerator enumerator(
      TestingSplitEnumeratorContext<MillraceSplit> context, SkippedCounts counts) {
    return new MillraceEnumerator(
        context,
        () -> TestingShards.manifest(10, 100),
        new EpochSettings(2, false, 0),
        FIVE_PERCENT,
        Assignment.STICKY,
        new MillraceEnumeratorState(
            FINGERPRINT,
            Optional.empty(),
            Optional.empty(),
            EpochProgress.start(0).snapshot(),
            List.of(),
            true,
            counts,
            EpochShards.NONE));
  }
}
