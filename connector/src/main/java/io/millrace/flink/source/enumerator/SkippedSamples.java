// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the samples that all readers leave out of each epoch, and fails the job when they are too
 * many. Used by the enumerator's thread alone.
 *
 * <p>What is known of a split replaces what was known before, so that nothing counts twice: it may
 * come back from a failed reader, which had reported more of it than its last checkpoint has. So
 * splits are known until a checkpoint is complete that has them read to their end; without
 * checkpoints, until their epoch is long over.
 */
final class SkippedSamples {

  /** Of older epochs nothing is kept: two may be open at a time. */
  private static final int EPOCHS = 3;

  private static final long NOT_COVERED = Long.MAX_VALUE;

  private final ErrorSettings settings;

  /** Of all splits, by epoch. */
  private final TreeMap<Integer, Long> sums = new TreeMap<>();

  /** Those that may come back. */
  private final Map<Key, OfSplit> splits = new HashMap<>();

  private String last = "";
  private boolean failed;

  private record Key(int epoch, long rank) {}

  /**
   * Of a split.
   *
   * @param coveredBy the first checkpoint that has it read to its end
   */
  private record OfSplit(long skipped, boolean finished, long coveredBy) {}

  SkippedSamples(ErrorSettings settings, SkippedCounts restored) {
    this.settings = settings;
    sums.putAll(restored.ofEpochs());
    for (SkippedCounts.OfSplit split : restored.ofSplits()) {
      put(new Key(split.epoch(), split.rank()), split.skipped(), false);
    }
  }

  private void put(Key key, long skipped, boolean finished) {
    OfSplit before = splits.put(key, new OfSplit(skipped, finished, NOT_COVERED));
    sums.merge(key.epoch(), skipped - (before == null ? 0 : before.skipped()), Long::sum);
  }

  /** Takes a reader's report over. */
  void reported(SkippedSamplesEvent event) {
    put(new Key(event.epoch(), event.rank()), event.skipped(), event.finished());
    if (!event.last().isEmpty()) {
      last = event.last();
    }
    int oldest = event.epoch() - EPOCHS + 1;
    if (sums.firstKey() < oldest) {
      sums.headMap(oldest).clear();
      splits.keySet().removeIf(key -> key.epoch() < oldest);
    }
  }

  /** Splits came back from a failed reader, as its last checkpoint has them. */
  void returned(Collection<MillraceSplit> back) {
    for (MillraceSplit split : back) {
      Key key = new Key(split.epoch(), split.rank());
      if (split.skipped() > 0 || splits.containsKey(key)) {
        put(key, split.skipped(), false);
      }
    }
  }

  /** An epoch begins anew, and those after it: what was left out of them no longer counts. */
  void restarted(int epoch) {
    sums.tailMap(epoch).clear();
    splits.keySet().removeIf(key -> key.epoch() >= epoch);
  }

  /**
   * Whether an epoch may go beyond its bound, which has to be {@linkplain #check checked} then:
   * nothing was left out as long as it is false.
   */
  boolean isToBeChecked() {
    return settings.skips() && !failed && !sums.isEmpty();
  }

  /**
   * Checks that no epoch goes beyond its bound.
   *
   * @param samples samples of an epoch
   * @throws IllegalStateException if one does, once: that ends the enumerator
   */
  void check(long samples) {
    long most = settings.mostSkipped(samples);
    for (Map.Entry<Integer, Long> epoch : sums.entrySet()) {
      if (epoch.getValue() > most && isToBeChecked()) {
        failed = true;
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot go on: %d samples of epoch %d could not be read and were left out, but"
                    + " %s = %s of its %d samples allows %d; mend the dataset, or allow more. The"
                    + " last one: %s",
                epoch.getValue(),
                epoch.getKey(),
                MillraceOptions.SCAN_ON_ERROR_MAX_SKIPPED.key(),
                settings.maxSkipped(),
                samples,
                most,
                last));
      }
    }
  }

  /**
   * What a checkpoint holds.
   *
   * @param samplesBefore as {@link SkippedCounts#samplesBefore}
   */
  SkippedCounts snapshot(long checkpointId, long samplesBefore) {
    Map<Integer, Long> ofEpochs = new HashMap<>(sums);
    List<SkippedCounts.OfSplit> open = new ArrayList<>();
    splits.replaceAll(
        (key, split) -> {
          if (!split.finished()) {
            ofEpochs.merge(key.epoch(), -split.skipped(), Long::sum);
            if (split.skipped() > 0) {
              open.add(new SkippedCounts.OfSplit(key.epoch(), key.rank(), split.skipped()));
            }
            return split;
          }
          // Readers take their part of the checkpoint later: they do not have it any more.
          boolean first = split.coveredBy() == NOT_COVERED && checkpointId >= 0;
          return first ? new OfSplit(split.skipped(), true, checkpointId) : split;
        });
    ofEpochs.values().removeIf(skipped -> skipped == 0);
    return new SkippedCounts(samplesBefore, ofEpochs, open);
  }

  /** A checkpoint is complete: splits that it has read to their end do not come back. */
  void checkpointCompleted(long checkpointId) {
    splits.values().removeIf(split -> split.coveredBy() <= checkpointId);
  }
}
