// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.harness.ledger.LedgerEntry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Passes some lines on, then so slowly that a job is stopped long before its end. Counts what all
 * its copies did.
 */
final class Paced implements MapFunction<String, String>, CheckpointListener {

  private static final long serialVersionUID = 1L;

  private static final Map<String, Counts> COUNTS = new ConcurrentHashMap<>();

  private final String test;
  private final int linesAtFullSpeed;

  /**
   * @param test names the counts, because Flink makes copies of the function
   */
  Paced(String test, int linesAtFullSpeed) {
    this.test = test;
    this.linesAtFullSpeed = linesAtFullSpeed;
  }

  static Counts counts(String test) {
    return COUNTS.computeIfAbsent(test, t -> new Counts());
  }

  @Override
  public String map(String line) throws Exception {
    Counts counts = counts(test);
    LedgerEntry entry = LedgerEntry.parse(line);
    counts
        .ofShards
        .computeIfAbsent(entry.epoch() + entry.shard(), shard -> new AtomicInteger())
        .incrementAndGet();
    if (counts.lines.incrementAndGet() > linesAtFullSpeed) {
      Thread.sleep(20); // paces the job; nothing waits for it
    }
    return line;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    counts(test).checkpoints.incrementAndGet();
  }

  /** What the copies of a function did so far. */
  static final class Counts {

    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger checkpoints = new AtomicInteger();
    private final Map<String, AtomicInteger> ofShards = new ConcurrentHashMap<>();

    int lines() {
      return lines.get();
    }

    /** Completed ones, each counted by every copy; once there is one, all copies are running. */
    int checkpoints() {
      return checkpoints.get();
    }

    /** Whether some of a shard's samples were passed on in an epoch and others were not. */
    boolean isInsideOfAShard(int samplesPerShard) {
      return ofShards.values().stream().anyMatch(count -> count.get() < samplesPerShard);
    }
  }
}
