// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.metrics;

import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;

/**
 * Lets go of the metric groups that Flink makes for each split. From 2.1 on it has one for each
 * split of a reader, closes it with the split, and keeps it, more than a kilobyte, in the group
 * above until the job ends: a split is a few megabytes here, and a job may read millions of them.
 * Closing the group above drops all of them, and Flink makes a new one for the next split. The
 * metrics of the splits that are open at that moment end early; they would have lasted for seconds.
 *
 * <p>Used by the task's thread alone, as Flink uses these groups.
 */
@Internal
public final class FinishedSplits {

  /** Name of the group above those of the splits, in Flink's {@code SourceOperator}. */
  private static final String GROUP = "split";

  /** How many groups are left to pile up: some 1 MB. */
  static final int KEPT = 1024;

  private final MetricGroup reader;
  private int finished;

  /**
   * @param reader the reader's metric group
   */
  public FinishedSplits(MetricGroup reader) {
    this.reader = reader;
  }

  /** Notes that splits were finished. */
  public void add(int count) {
    finished += count;
    if (finished >= KEPT) {
      finished = 0;
      if (reader.addGroup(GROUP) instanceof AbstractMetricGroup<?> group) {
        group.close();
      }
    }
  }
}
