// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * A count that each process keeps as a whole. All subtasks in a process report the same count, at
 * different times, and restarted ones report what their predecessors counted, too. So of each place
 * the highest report is taken, and only places are added up.
 */
final class LocalCount implements Accumulator<LocalCount.Report, Long> {

  private static final long serialVersionUID = 1L;

  /** Flink serializes it for a heartbeat while the task may add to it. */
  private final Map<String, Long> highest = new ConcurrentHashMap<>();

  /**
   * What was counted at a place up to now.
   *
   * @param place a process's counters of one scan, uniquely named
   * @param count never less than in earlier reports of the place
   */
  record Report(String place, long count) {}

  @Override
  public void add(Report report) {
    highest.merge(report.place(), report.count(), Math::max);
  }

  @Override
  public Long getLocalValue() {
    return highest.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void resetLocal() {
    highest.clear();
  }

  @Override
  public void merge(Accumulator<Report, Long> other) {
    ((LocalCount) other).highest.forEach((place, count) -> add(new Report(place, count)));
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // the map is the whole of it, and final
  public LocalCount clone() {
    LocalCount copy = new LocalCount();
    copy.merge(this);
    return copy;
  }

  @Override
  public String toString() {
    return "LocalCount " + highest;
  }
}
