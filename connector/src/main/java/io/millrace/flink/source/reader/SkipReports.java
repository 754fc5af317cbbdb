// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ScanStatistics;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.MillraceSplitState;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import io.millrace.flink.source.split.SkipsCountedEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the samples that one reader leaves out, and reports them to the enumerator, which
 * counts those of all readers: at a split's first one, whenever there are a quarter more of them
 * than were reported, and at its end. Used by the task's thread alone.
 */
final class SkipReports {

  private static final Logger LOG = LoggerFactory.getLogger(SkipReports.class);

  /** So many of an epoch are logged one by one. */
  private static final int LOGGED = 100;

  /** Nothing comes of epochs before these. */
  private static final int OPEN_EPOCHS = 2;

  /** Messages may quote what is in a file. */
  private static final int LONGEST_REASON = 1000;

  private final ScanStatistics statistics;
  private final Counter recordsIn;
  private final Counter recordsInErrors;
  private final Consumer<SkippedSamplesEvent> enumerator;

  /** By split. */
  private final Map<String, Report> reports = new HashMap<>();

  /** By epoch: places in the log, and samples. */
  private final TreeMap<Integer, Logged> logged = new TreeMap<>();

  private long sent;
  private long answered;
  private CompletableFuture<Void> allAnswered = CompletableFuture.completedFuture(null);

  private record Report(long skipped, String last) {}

  private record Logged(long lines, long samples) {}

  /**
   * @param enumerator sends events there
   */
  SkipReports(
      ScanStatistics statistics,
      SourceReaderMetricGroup metrics,
      Consumer<SkippedSamplesEvent> enumerator) {
    this.statistics = statistics;
    this.recordsIn = metrics.getIOMetricGroup().getNumRecordsInCounter();
    this.recordsInErrors = metrics.getNumRecordsInErrorsCounter();
    this.enumerator = enumerator;
  }

  /** Samples of a split were left out, which its state knows by now. */
  void leftOut(MillraceSplitState state, LeftOut leftOut) {
    MillraceSplit split = state.split();
    statistics.epoch(split.epoch()).recordSkipped(leftOut.count());
    recordsIn.inc(leftOut.count() - 1); // Flink has counted one record
    recordsInErrors.inc(leftOut.count());
    log(split.epoch(), leftOut);
    Report before = reports.getOrDefault(split.splitId(), new Report(0, ""));
    boolean enough = state.skipped() - before.skipped >= Math.max(1, before.skipped / 4);
    Report now = new Report(enough ? state.skipped() : before.skipped, shortened(leftOut));
    reports.put(split.splitId(), now);
    if (enough) {
      send(state, false, now.last);
    }
  }

  private static String shortened(LeftOut leftOut) {
    String text = leftOut.describe();
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
  }

  private void log(int epoch, LeftOut leftOut) {
    Logged before = logged.getOrDefault(epoch, new Logged(0, 0));
    Logged now = new Logged(before.lines + 1, before.samples + leftOut.count());
    logged.put(epoch, now);
    while (logged.size() > OPEN_EPOCHS) {
      logSum(logged.pollFirstEntry());
    }
    if (now.lines <= LOGGED) {
      LOG.warn("Left out of epoch {}: {}", epoch, shortened(leftOut));
    } else if (Long.bitCount(now.lines / LOGGED) == 1 && now.lines % LOGGED == 0) {
      LOG.warn(
          "Left out of epoch {}: {} samples so far, which are not all logged any more; the last"
              + " one: {}",
          epoch,
          now.samples,
          shortened(leftOut));
    }
  }

  /** Splits were read to their end. */
  void finished(Collection<MillraceSplitState> states) {
    for (MillraceSplitState state : states) {
      Report last = reports.remove(state.split().splitId());
      if (state.skipped() > 0) {
        send(state, true, last == null ? "" : last.last);
      }
    }
  }

  private void send(MillraceSplitState state, boolean finished, String last) {
    sent++;
    if (allAnswered.isDone()) {
      allAnswered = new CompletableFuture<>();
    }
    MillraceSplit split = state.split();
    enumerator.accept(
        new SkippedSamplesEvent(
            split.epoch(), split.rank(), state.skipped(), finished, last, sent));
  }

  /** The enumerator has counted a report. */
  void answered(SkipsCountedEvent answer) {
    answered = Math.max(answered, answer.number());
    if (answered >= sent) {
      allAnswered.complete(null);
    }
  }

  /**
   * Completed while all reports are counted. Until then a reader does not end: the enumerator may
   * be about to fail the job.
   */
  CompletableFuture<Void> allAnswered() {
    return allAnswered;
  }

  /** Sums up what was left out, at the reader's end. */
  void logSums() {
    while (!logged.isEmpty()) {
      logSum(logged.pollFirstEntry());
    }
  }

  private static void logSum(Map.Entry<Integer, Logged> epoch) {
    LOG.warn(
        "Left out of epoch {} by this reader: {} samples in all",
        epoch.getKey(),
        epoch.getValue().samples);
  }
}
