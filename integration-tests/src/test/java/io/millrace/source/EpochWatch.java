// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.storage.Await;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Notes lines that come before all of an epoch before theirs did. Chained to the source it runs in
 * the readers' threads, so that nothing is under way between them. Samples that come again after a
 * failure count once. The subtask that sees the first line is slow.
 */
final class EpochWatch extends RichMapFunction<String, String> implements CheckpointListener {

  private static final long serialVersionUID = 1L;

  /** Of no subtask. */
  private static final int NONE = -1;

  private static final Map<String, Notes> NOTES = new ConcurrentHashMap<>();

  private final String test;
  private final int samples;
  private final boolean holdsUp;
  private final int times;
  private transient int checkpoints;
  private transient boolean held;

  /**
   * @param test names the notes, because Flink makes copies of the function
   * @param samples of an epoch
   */
  EpochWatch(String test, int samples) {
    this(test, samples, false, 0);
  }

  private EpochWatch(String test, int samples, boolean holdsUp, int times) {
    this.test = test;
    this.samples = samples;
    this.holdsUp = holdsUp;
    this.times = times;
  }

  /** The slow subtask waits at its first line until another one sees a line too early. */
  EpochWatch holdingUp() {
    return new EpochWatch(test, samples, true, times);
  }

  /** The slow subtask fails at most so often, each time at a line after a checkpoint. */
  EpochWatch failing(int failures) {
    return new EpochWatch(test, samples, holdsUp, failures);
  }

  private static Notes notes(String test) {
    return NOTES.computeIfAbsent(test, t -> new Notes());
  }

  /** The lines that came too early. */
  static Queue<String> early(String test) {
    return notes(test).early;
  }

  static int failures(String test) {
    return notes(test).failures.get();
  }

  @Override
  public String map(String line) throws Exception {
    Notes notes = notes(test);
    LedgerEntry entry = LedgerEntry.parse(line);
    for (int epoch = 0; epoch < entry.epoch(); epoch++) {
      if (notes.seen(epoch).size() < samples) {
        notes.early.add(line);
      }
    }
    notes.seen(entry.epoch()).add(entry.epochPosition());
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    notes.slow.compareAndSet(NONE, subtask);
    if (notes.slow.get() == subtask) {
      slowDown(notes);
    }
    return line;
  }

  private void slowDown(Notes notes) throws InterruptedException {
    if (holdsUp && !held) {
      held = true;
      Await.until("another reader is at the next epoch", () -> !notes.early.isEmpty());
    }
    boolean fails = notes.failures.get() < times;
    // Lets the others run ahead, if they may, and checkpoints happen; nothing waits for it.
    Thread.sleep(fails ? 20 : 2);
    if (checkpoints > 0 && fails) {
      checkpoints = 0;
      notes.failures.incrementAndGet();
      throw new IllegalStateException("Failure injected by the test");
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    checkpoints++;
  }

  private static final class Notes {
    private final Map<Integer, Set<Long>> seen = new ConcurrentHashMap<>();
    private final Queue<String> early = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger(NONE);

    Set<Long> seen(int epoch) {
      return seen.computeIfAbsent(epoch, e -> ConcurrentHashMap.newKeySet());
    }
  }
}
