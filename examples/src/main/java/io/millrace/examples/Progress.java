// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples;

import io.millrace.cache.EpochStatistics;
import io.millrace.examples.report.Amounts;
import io.millrace.flink.source.reader.LocalScans;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Prints a line a second on how far a scan is, from its start until it is closed. */
final class Progress implements AutoCloseable {

  private final UUID scanId;
  private final long samples;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "quickstart-progress");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param samples samples of all epochs together
   */
  private Progress(UUID scanId, long samples, PrintStream out) {
    this.scanId = scanId;
    this.samples = samples;
    this.out = out;
  }

  /** Starts to print on the progress of a scan of this process. */
  static Progress of(UUID scanId, long samples, PrintStream out) {
    Progress progress = new Progress(scanId, samples, out);
    var unused =
        progress.timer.scheduleAtFixedRate(
            () -> progress.out.println(progress.line()), 1, 1, TimeUnit.SECONDS);
    return progress;
  }

  private String line() {
    SortedMap<Long, EpochStatistics.Snapshot> epochs = LocalScans.epochs(scanId);
    long done = epochs.values().stream().mapToLong(EpochStatistics.Snapshot::samples).sum();
    String at = epochs.isEmpty() ? "starting Flink" : "epoch " + epochs.lastKey();
    return String.format(
        Locale.ROOT,
        "  %.0f s: %s of %s samples, %s",
        (System.nanoTime() - startNanos) / 1e9,
        Amounts.count(done),
        Amounts.count(samples),
        at);
  }

  /** Prints no more lines. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
