// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/**
 * Decoded samples on their way from the fetcher thread to the task's: runs of several splits,
 * interleaved as they were drawn. Filled by the fetcher, then handed over. {@link LeftOut} stands
 * where samples were left out.
 *
 * @param <T> what the source emits
 */
final class SampleBatch<T> implements RecordsWithSplitIds<Object> {

  private final List<@Nullable Object> records = new ArrayList<>();
  private final List<String> runSplits = new ArrayList<>();
  private int[] runEnds = new int[16];
  private final Set<String> finished = new HashSet<>();
  private final Runnable onRecycle;
  private long bytes;
  private long places;
  private int run = -1;
  private int next;

  /**
   * @param onRecycle runs once, when Flink is done with the batch
   */
  SampleBatch(Runnable onRecycle) {
    this.onRecycle = onRecycle;
  }

  /** Adds a sample of a split, which took about so many bytes. */
  void add(String splitId, T record, long recordBytes) {
    put(splitId, record);
    places++;
    bytes += recordBytes;
  }

  /** Notes that a split's next samples were left out. */
  void leaveOut(String splitId, LeftOut leftOut) {
    put(splitId, leftOut);
    places += leftOut.count();
  }

  private void put(String splitId, Object record) {
    int last = runSplits.size() - 1;
    // Same object for the same open unit: no comparison of characters per sample.
    if (last >= 0 && isSame(runSplits.get(last), splitId)) {
      runEnds[last]++;
    } else {
      if (last + 1 == runEnds.length) {
        runEnds = Arrays.copyOf(runEnds, 2 * runEnds.length);
      }
      runSplits.add(splitId);
      runEnds[last + 1] = records.size() + 1;
    }
    records.add(record);
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(String left, String right) {
    return left == right;
  }

  /** Marks a split as read to its end. */
  void finish(String splitId) {
    finished.add(splitId);
  }

  /** Samples, those that were left out included. */
  long places() {
    return places;
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return records.isEmpty() && finished.isEmpty();
  }

  @Override
  public @Nullable String nextSplit() {
    run++;
    return run < runSplits.size() ? runSplits.get(run) : null;
  }

  @Override
  public @Nullable Object nextRecordFromSplit() {
    if (run < 0 || run >= runSplits.size() || next >= runEnds[run]) {
      return null;
    }
    // Emitted samples are not held until the whole batch is done.
    return records.set(next++, null);
  }

  @Override
  public Set<String> finishedSplits() {
    return finished;
  }

  @Override
  public void recycle() {
    onRecycle.run();
  }
}
