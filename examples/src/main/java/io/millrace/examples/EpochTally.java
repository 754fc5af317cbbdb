// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * Counts samples by epoch, and when the last of each came, in the process's {@link
 * System#nanoTime}. Flink reads it, for its heartbeats, while the task adds to it.
 */
final class EpochTally implements Accumulator<Integer, EpochTally.Counts> {

  private static final long serialVersionUID = 1L;

  private final ConcurrentHashMap<Integer, Entry> entries = new ConcurrentHashMap<>();

  @Override
  public void add(Integer epoch) {
    entries.merge(epoch, new Entry(1, System.nanoTime()), Entry::plus);
  }

  @Override
  public Counts getLocalValue() {
    return new Counts(Map.copyOf(entries));
  }

  @Override
  public void resetLocal() {
    entries.clear();
  }

  @Override
  public void merge(Accumulator<Integer, Counts> other) {
    other
        .getLocalValue()
        .byEpoch()
        .forEach((epoch, entry) -> entries.merge(epoch, entry, Entry::plus));
  }

  @Override
  public EpochTally clone() {
    EpochTally copy = new EpochTally();
    copy.entries.putAll(entries);
    return copy;
  }

  /**
   * What was counted.
   *
   * @param byEpoch an entry for each epoch that had a sample
   */
  record Counts(Map<Integer, Entry> byEpoch) implements Serializable {}

  /**
   * One epoch.
   *
   * @param samples number of samples
   * @param lastNanos when the last of them came
   */
  record Entry(long samples, long lastNanos) implements Serializable {
    Entry plus(Entry other) {
      return new Entry(samples + other.samples, Math.max(lastNanos, other.lastNanos));
    }
  }
}
