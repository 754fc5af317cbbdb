// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Passes lines on slowly enough for checkpoints to fall between them, and fails a number of times:
 * each time at some lines after a checkpoint was completed.
 */
final class FailOnce extends RichMapFunction<String, String> implements CheckpointListener {

  private static final long serialVersionUID = 1L;

  /** By test, because Flink makes new copies of the function at every restart. */
  private static final Map<String, AtomicInteger> FAILURES = new ConcurrentHashMap<>();

  private final String test;
  private final int times;
  private final int linesAfterCheckpoint;
  private transient int checkpoints;
  private transient int lines;

  FailOnce(String test, int times, int linesAfterCheckpoint) {
    this.test = test;
    this.times = times;
    this.linesAfterCheckpoint = linesAfterCheckpoint;
  }

  /** How often a test's function has failed. */
  static int failures(String test) {
    AtomicInteger count = FAILURES.get(test);
    return count == null ? 0 : count.get();
  }

  @Override
  public String map(String line) throws Exception {
    Thread.sleep(1); // paces the job; nothing waits for it
    if (checkpoints > 0 && ++lines >= linesAfterCheckpoint) {
      AtomicInteger failures = FAILURES.computeIfAbsent(test, t -> new AtomicInteger());
      if (failures.get() < times && failures.incrementAndGet() <= times) {
        throw new IllegalStateException("Failure injected by the test");
      }
    }
    return line;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    checkpoints++;
  }
}
