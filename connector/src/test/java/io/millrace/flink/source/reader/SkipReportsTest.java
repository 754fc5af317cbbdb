// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.ScanStatistics;
import io.millrace.flink.source.TestingShards;
import io.millrace.flink.source.split.MillraceSplitState;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import io.millrace.flink.source.split.SkipsCountedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SkipReportsTest {

  private final ScanStatistics statistics = new ScanStatistics();
  private final List<SkippedSamplesEvent> events = new ArrayList<>();
  private final SourceReaderMetricGroup metrics =
      InternalSourceReaderMetricGroup.mock(new UnregisteredMetricsGroup());
  private final SkipReports reports = new SkipReports(statistics, metrics, events::add);
  private final MillraceRecordEmitter<String> emitter = new MillraceRecordEmitter<>(reports);
  private final TestingReaderOutput<String> output = new TestingReaderOutput<>();

  private static LeftOut leftOut(long count, String reason) {
    return new LeftOut(count, "sample 3 of shard x", new IOException(reason));
  }

  @Test
  void theCursorPassesOverWhatIsLeftOut() {
    MillraceSplitState state = new MillraceSplitState(TestingShards.split(1, 4).at(2, 1));
    emitter.emitRecord("a", output, state);
    emitter.emitRecord(leftOut(3, "damaged"), output, state);
    emitter.emitRecord("b", output, state);

    assertThat(output.getEmittedRecords()).containsExactly("a", "b");
    assertThat(state.toSplit()).isEqualTo(TestingShards.split(1, 4).at(7, 4));
    assertThat(statistics.totals().skippedSamples()).isEqualTo(3);
    assertThat(metrics.getNumRecordsInErrorsCounter().getCount()).isEqualTo(3);
    assertThat(events)
        .containsExactly(
            new SkippedSamplesEvent(
                1, 4, 4, false, "sample 3 of shard x and 2 after it in its unit: damaged", 1));
  }

  @Test
  void reportsInSteps() {
    MillraceSplitState state = new MillraceSplitState(TestingShards.split(0, 4, 1_000));
    for (int i = 0; i < 100; i++) {
      emitter.emitRecord(leftOut(1, "damaged " + i), output, state);
    }
    assertThat(events)
        .extracting(SkippedSamplesEvent::skipped)
        .containsExactly(
            1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 10L, 12L, 15L, 18L, 22L, 27L, 33L, 41L, 51L, 63L, 78L,
            97L);

    reports.finished(List.of(state));
    assertThat(events.get(events.size() - 1))
        .isEqualTo(
            new SkippedSamplesEvent(
                0, 4, 100, true, "sample 3 of shard x: damaged 99", events.size()));
    reports.finished(List.of(new MillraceSplitState(TestingShards.split(0, 5))));
    assertThat(events).as("nothing of what is whole").hasSize(21);
  }

  @Test
  void isDoneWhenAllReportsAreCounted() {
    assertThat(reports.allAnswered()).isDone();
    MillraceSplitState state = new MillraceSplitState(TestingShards.split(0, 4));
    emitter.emitRecord(leftOut(1, "damaged"), output, state);
    reports.finished(List.of(state));
    CompletableFuture<Void> done = reports.allAnswered();
    assertThat(done).isNotDone();
    reports.answered(new SkipsCountedEvent(1));
    assertThat(done).isNotDone();
    reports.answered(new SkipsCountedEvent(2));
    assertThat(done).isDone();
    assertThat(reports.allAnswered()).isDone();
  }

  @Test
  void shortensWhatAFileMayHaveMadeLong() {
    MillraceSplitState state = new MillraceSplitState(TestingShards.split(0, 4));
    emitter.emitRecord(leftOut(1, "x".repeat(100_000)), output, state);
    assertThat(events.get(0).last()).hasSize(1001).endsWith("x…");
  }
}
