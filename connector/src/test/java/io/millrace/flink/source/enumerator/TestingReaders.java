// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.testutils.source.reader.TestingSplitEnumeratorContext;

/** Readers of an enumerator that ask as real ones do, when the test lets them. */
final class TestingReaders {

  final TestingSplitEnumeratorContext<MillraceSplit> context;
  final MillraceEnumerator enumerator;
  private final Map<Integer, Reader> readers = new HashMap<>();

  /** Whatever was assigned, in order. */
  private final List<Assigned> log = new ArrayList<>();

  /**
   * An assignment.
   *
   * @param subtask who got it
   * @param cache what it reads through
   */
  record Assigned(int subtask, String cache, MillraceSplit split) {}

  TestingReaders(
      TestingSplitEnumeratorContext<MillraceSplit> context, MillraceEnumerator enumerator) {
    this.context = context;
    this.enumerator = enumerator;
    enumerator.start();
  }

  private final class Reader {
    private final int subtask;
    private final String cache;
    private final long capacity;
    private final int target;
    private final List<MillraceSplit> held = new ArrayList<>();

    /** Splits that were assigned to earlier attempts, too. */
    private int seen;

    private long received;

    private Reader(int subtask, String cache, long capacity, int target) {
      this.subtask = subtask;
      this.cache = cache;
      this.capacity = capacity;
      this.target = target;
      this.seen = assignedBefore(subtask);
    }

    private void ask() {
      enumerator.handleSourceEvent(
          subtask,
          new SplitRequestEvent(
              cache,
              capacity,
              received,
              Math.max(0, target - held.size()),
              held.size(),
              held.stream()
                  .mapToInt(MillraceSplit::epoch)
                  .min()
                  .orElse(SplitRequestEvent.HOLDS_NONE)));
    }

    private void receive() {
      var state = context.getSplitAssignments().get(subtask);
      if (state != null) {
        List<MillraceSplit> all = state.getAssignedSplits();
        for (MillraceSplit split : all.subList(seen, all.size())) {
          held.add(split);
          log.add(new Assigned(subtask, cache, split));
          received++;
        }
        seen = all.size();
      }
    }
  }

  private int assignedBefore(int subtask) {
    var state = context.getSplitAssignments().get(subtask);
    return state == null ? 0 : state.getAssignedSplits().size();
  }

  /** Starts a reader, which asks. */
  void start(int subtask, String cache, int target) {
    start(subtask, cache, 1000, target);
  }

  void start(int subtask, String cache, long capacity, int target) {
    Reader reader = new Reader(subtask, cache, capacity, target);
    readers.put(subtask, reader);
    if (!context.registeredReaders().containsKey(subtask)) {
      context.registerReader(subtask, "host");
    }
    enumerator.addReader(subtask);
    reader.ask();
    deliver();
  }

  /** Brings all readers what was assigned to them. */
  void deliver() {
    readers.values().forEach(Reader::receive);
  }

  /** Lets a reader finish some of its splits, the oldest first, and ask. */
  void finish(int subtask, int splits) {
    Reader reader = readers.get(subtask);
    reader.held.subList(0, Math.min(splits, reader.held.size())).clear();
    if (!isDismissed(subtask)) {
      reader.ask();
      deliver();
    }
  }

  /** Ends a reader: its splits come back, none of them finished by any checkpoint. */
  List<MillraceSplit> fail(int subtask) {
    context.registeredReaders().remove(subtask);
    List<MillraceSplit> lost = List.copyOf(readers.remove(subtask).held);
    log.removeIf(assigned -> assigned.subtask == subtask && lost.contains(assigned.split));
    enumerator.addSplitsBack(lost, subtask);
    deliver();
    return lost;
  }

  boolean isRunning(int subtask) {
    return readers.containsKey(subtask);
  }

  boolean isDismissed(int subtask) {
    var state = context.getSplitAssignments().get(subtask);
    return state != null && state.hasReceivedNoMoreSplitsSignal();
  }

  List<MillraceSplit> held(int subtask) {
    return List.copyOf(readers.get(subtask).held);
  }

  /** All assignments that were not taken back. */
  List<Assigned> log() {
    return List.copyOf(log);
  }

  /** What a reader was told last of what its cache owns. */
  Optional<OwnedBytesEvent> owned(int subtask) {
    List<OwnedBytesEvent> told = allOwned(subtask);
    return told.isEmpty() ? Optional.empty() : Optional.of(told.get(told.size() - 1));
  }

  /** Everything that it was told. */
  List<OwnedBytesEvent> allOwned(int subtask) {
    return context.getSentEvents().getOrDefault(subtask, List.of()).stream()
        .filter(OwnedBytesEvent.class::isInstance)
        .map(OwnedBytesEvent.class::cast)
        .toList();
  }
}
