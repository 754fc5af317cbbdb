// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.scan.OnChange;
import io.millrace.flink.source.MillraceSource;
import io.millrace.flink.source.split.IncarnationEvent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.RestoredSplitsEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.mds.MdsWriter;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a reader does with the splits that it has out of a checkpoint. */
@Tag("unit")
@ResourceLock("SharedCaches")
class RestoredSplitsTest {

  private static final int SAMPLES = 3;

  @TempDir private Path dataset;

  private final Job job = new Job();
  private final List<String> releasedOutputs = new ArrayList<>();
  private final TestingReaderOutput<Sample> output =
      new TestingReaderOutput<>() {
        @Override
        public void releaseOutputForSplit(String splitId) {
          releasedOutputs.add(splitId);
        }
      };
  private final TestingReaderContext context =
      new TestingReaderContext() {
        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
          return job;
        }
      };

  /** A job's class loader. */
  private static final class Job implements UserCodeClassLoader {
    private final Map<String, Runnable> hooks = new HashMap<>();

    @Override
    public ClassLoader asClassLoader() {
      return getClass().getClassLoader();
    }

    @Override
    public void registerReleaseHookIfAbsent(String name, Runnable hook) {
      hooks.putIfAbsent(name, hook);
    }
  }

  @BeforeEach
  void write() throws IOException {
    try (MdsWriter writer = new MdsWriter(dataset, Map.of("id", "int"))) {
      for (long i = 0; i < 4 * SAMPLES; i++) {
        writer.write(Map.of("id", i));
        if (i % SAMPLES == SAMPLES - 1) {
          writer.endShard();
        }
      }
    }
  }

  @AfterEach
  void endJob() {
    job.hooks.values().forEach(Runnable::run);
  }

  private MillraceSource<Sample> source(OnChange onChange) {
    return MillraceSource.builder()
        .path(dataset.toUri().toString())
        .scanEpochs(2)
        .scanRestoreOnChange(onChange.option())
        .cacheMemorySize(MemorySize.ofMebiBytes(8))
        .build();
  }

  /** The first splits of the first epoch. */
  private static List<MillraceSplit> splits(MillraceSource<Sample> source) throws Exception {
    TestingSplitEnumeratorContext<MillraceSplit> enumerators =
        new TestingSplitEnumeratorContext<>(1);
    var enumerator = source.createEnumerator(enumerators);
    enumerator.start();
    enumerators.registerReader(0, "host");
    enumerators.triggerAllActions();
    for (int i = 0; i < 4; i++) {
      enumerator.handleSourceEvent(0, new SplitRequestEvent("cache", 1, i, 1, 0));
    }
    return List.copyOf(enumerators.getSplitAssignments().get(0).getAssignedSplits());
  }

  private static MillraceSplit in(int incarnation, MillraceSplit split) {
    return new MillraceSplit(
        split.epoch(),
        split.rank(),
        split.units(),
        split.unitId(),
        split.shard(),
        split.unit(),
        split.admit(),
        split.consumed(),
        split.skipped(),
        incarnation);
  }

  private List<Long> emitted(SourceReader<Sample, MillraceSplit> reader, int count) {
    Await.until(
        count + " samples",
        () -> {
          try {
            reader.pollNext(output);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return output.getEmittedRecords().size() >= count;
        });
    return output.getEmittedRecords().stream().map(sample -> sample.getLong("id")).toList();
  }

  private List<SourceEvent> sent() {
    List<SourceEvent> sent = context.getSentEvents();
    context.clearSentEvents();
    return sent;
  }

  private static SplitRequestEvent request(List<SourceEvent> sent, int index) {
    return (SplitRequestEvent) sent.get(index);
  }

  @Test
  void areSetAsideUntilTheEnumeratorSaysWhatIsCurrent() throws Exception {
    MillraceSource<Sample> source = source(OnChange.RESTART_EPOCH);
    List<MillraceSplit> splits = splits(source);
    List<MillraceSplit> restored =
        List.of(in(1, splits.get(0)), in(2, splits.get(1).at(1)), in(0, splits.get(2).at(SAMPLES)));
    try (var reader = source.createReader(context)) {
      reader.addSplits(restored);
      reader.start();

      assertThat(sent()).containsExactly(new RestoredSplitsEvent(Map.of(1, 0, 2, 0)));
      assertThat(reader.snapshotState(1)).containsExactlyInAnyOrderElementsOf(restored);
      reader.pollNext(output);
      assertThat(reader.isAvailable()).as("nothing was begun").isNotDone();

      reader.handleSourceEvents(new IncarnationEvent(2));

      assertThat(reader.snapshotState(2)).containsExactly(restored.get(1));
      List<SourceEvent> sent = sent();
      assertThat(sent).hasSize(1);
      assertThat(request(sent, 0).oldestEpoch()).isZero();
      assertThat(request(sent, 0).received()).isZero();
      assertThat(emitted(reader, 2)).containsExactly(4L, 5L);
      assertThat(releasedOutputs)
          .filteredOn(split -> !split.equals("0-1"))
          .containsExactlyInAnyOrder("0-0", "0-2");

      sent();
      reader.handleSourceEvents(new IncarnationEvent(2));
      assertThat(sent()).as("it was told already").isEmpty();
    }
  }

  /** Flink's output of a split is told by its id, which the new split has, too. */
  @Test
  void anOutputThatANewSplitNeedsIsNotReleased() throws Exception {
    MillraceSource<Sample> source = source(OnChange.RESTART_EPOCH);
    List<MillraceSplit> splits = splits(source);
    try (var reader = source.createReader(context)) {
      reader.addSplits(splits.subList(0, 2));
      reader.start();
      reader.handleSourceEvents(new IncarnationEvent(1));
      SplitRequestEvent request = request(sent(), 1);
      assertThat(request.oldestEpoch()).isEqualTo(SplitRequestEvent.HOLDS_NONE);

      reader.addSplits(List.of(in(1, splits.get(0))));
      reader.pollNext(output);

      assertThat(releasedOutputs).containsExactly("0-1");
      assertThat(emitted(reader, SAMPLES)).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void aReaderThatRestoredNothingAsksAtOnce() throws Exception {
    MillraceSource<Sample> source = source(OnChange.RESTART_EPOCH);
    List<MillraceSplit> splits = splits(source);
    try (var reader = source.createReader(context)) {
      reader.start();
      assertThat(request(sent(), 0).oldestEpoch()).isEqualTo(SplitRequestEvent.HOLDS_NONE);

      reader.addSplits(List.of(in(1, splits.get(0))));

      assertThat(emitted(reader, SAMPLES)).containsExactly(0L, 1L, 2L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "ACCEPT_NEW_SHARDS"})
  void otherwiseNothingIsSetAside(OnChange onChange) throws Exception {
    MillraceSource<Sample> source = source(onChange);
    List<MillraceSplit> splits = splits(source);
    try (var reader = source.createReader(context)) {
      reader.addSplits(splits.subList(1, 2));
      reader.start();

      List<SourceEvent> sent = sent();
      assertThat(sent.get(0)).isEqualTo(new RestoredSplitsEvent(Map.of(0, 0)));
      assertThat(request(sent, 1).oldestEpoch()).isZero();
      assertThat(emitted(reader, SAMPLES)).containsExactly(3L, 4L, 5L);
    }
  }
}
