// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.Assignment;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.source.split.IncarnationEvent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.RestoredSplitsEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.EpochProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;

/**
 * An enumerator of a scan with epochs over a dataset that tests change while it does not run, and
 * its readers.
 */
final class RestoredScan {

  static final int NONE = SplitRequestEvent.HOLDS_NONE;
  static final EpochSettings THREE = new EpochSettings(3, false, 0);

  private static final MillraceEnumeratorStateSerializer SERIALIZER =
      new MillraceEnumeratorStateSerializer();

  final TestingSplitEnumeratorContext<MillraceSplit> context;
  final MillraceEnumerator enumerator;
  private long checkpoint;

  RestoredScan(
      TestingGrowth dataset,
      OnChange onChange,
      EpochSettings settings,
      MillraceEnumeratorState state,
      int readers) {
    context = new TestingSplitEnumeratorContext<>(readers);
    enumerator =
        MillraceEnumerator.ofEpochs(
            context,
            new EpochDiscovery(dataset::manifest, dataset, onChange),
            settings,
            ErrorSettings.FAIL,
            Assignment.FIRST_COME,
            state);
    enumerator.start();
    for (int subtask = 0; subtask < readers; subtask++) {
      startReader(subtask);
    }
  }

  /** With one reader that restored nothing, and the dataset found. */
  static RestoredScan of(TestingGrowth dataset, OnChange onChange, MillraceEnumeratorState state) {
    return new RestoredScan(dataset, onChange, THREE, state, 1).find();
  }

  static MillraceEnumeratorState fresh() {
    return new MillraceEnumeratorState(
        new ScanFingerprint("mds", false, 0, 1),
        Optional.empty(),
        EpochProgress.start(0).snapshot(),
        List.of());
  }

  /** Looks at the dataset. */
  RestoredScan find() {
    context.triggerAllActions();
    return this;
  }

  void startReader(int subtask) {
    context.registerReader(subtask, "host");
    enumerator.addReader(subtask);
  }

  void failReader(int subtask, List<MillraceSplit> back) {
    context.registeredReaders().remove(subtask);
    enumerator.addSplitsBack(back, subtask);
  }

  /** A reader says what it restored. */
  void restored(int subtask, Map<Integer, Integer> oldestEpochs) {
    enumerator.handleSourceEvent(subtask, new RestoredSplitsEvent(oldestEpochs));
  }

  void request(int subtask, int wanted, int oldestEpoch) {
    enumerator.handleSourceEvent(
        subtask,
        new SplitRequestEvent(
            "cache-" + subtask, 1, assigned(subtask).size(), wanted, oldestEpoch));
  }

  /** Has a reader read splits, each at once, until it has so many in all. */
  RestoredScan readTo(int subtask, int splits) {
    for (int i = 0; i < splits && assigned(subtask).size() < splits; i++) {
      request(subtask, 1, NONE);
    }
    return this;
  }

  /** Has a reader read all that there is. */
  RestoredScan readAll(int subtask) {
    for (int before = -1; before < assigned(subtask).size(); ) {
      before = assigned(subtask).size();
      request(subtask, 1, NONE);
    }
    return this;
  }

  List<MillraceSplit> assigned(int subtask) {
    var assignment = context.getSplitAssignments().get(subtask);
    return assignment == null ? List.of() : new ArrayList<>(assignment.getAssignedSplits());
  }

  /** Epoch and shard of each. */
  List<String> names(int subtask) {
    return assigned(subtask).stream().map(split -> split.epoch() + split.shard().name()).toList();
  }

  boolean isDone(int subtask) {
    var assignment = context.getSplitAssignments().get(subtask);
    return assignment != null && assignment.hasReceivedNoMoreSplitsSignal();
  }

  /** Incarnations that a reader was told. */
  List<Integer> told(int subtask) {
    return context.getSentEvents().getOrDefault(subtask, List.of()).stream()
        .filter(IncarnationEvent.class::isInstance)
        .map(event -> ((IncarnationEvent) event).current())
        .toList();
  }

  /** The state as a later process reads it. */
  MillraceEnumeratorState checkpoint() throws IOException {
    return checkpointOfVersion(SERIALIZER.getVersion());
  }

  /** The state as a process would have it that wrote an earlier version. */
  MillraceEnumeratorState checkpointOfVersion(int version) throws IOException {
    checkpoint++;
    byte[] bytes = SERIALIZER.serialize(enumerator.snapshotState(checkpoint));
    return SERIALIZER.deserialize(version, bytes);
  }
}
