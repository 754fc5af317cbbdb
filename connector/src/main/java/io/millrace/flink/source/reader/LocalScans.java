// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.EpochStatistics;
import io.millrace.cache.ScanStatistics;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * The statistics and failures of the scans whose readers ran in this process, for programs that
 * embed Flink: they have no other process to ask. On a cluster use the metrics. The newest 64 scans
 * are kept.
 */
@PublicEvolving
public final class LocalScans {

  private static final int KEPT = 64;

  private static final Map<UUID, Scan> SCANS = new LinkedHashMap<>();

  private LocalScans() {}

  /**
   * What the readers of a scan did in each epoch, added up over the readers of this process,
   * restarted ones included.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   * @return by epoch, counted from 0; empty if no reader of it has run here
   */
  public static SortedMap<Long, EpochStatistics.Snapshot> epochs(UUID scanId) {
    SortedMap<Long, EpochStatistics.Snapshot> sums = new TreeMap<>();
    synchronized (SCANS) {
      Scan scan = SCANS.get(scanId);
      if (scan != null) {
        sums.putAll(scan.ended);
        scan.readers.forEach(reader -> add(reader, sums));
      }
    }
    return sums;
  }

  /**
   * The scans that are kept, by the first of their readers: the newest is the last. For those who
   * have no source to ask for its id, because SQL made it.
   */
  public static List<UUID> scanIds() {
    synchronized (SCANS) {
      return List.copyOf(SCANS.keySet());
    }
  }

  private static void add(ScanStatistics reader, SortedMap<Long, EpochStatistics.Snapshot> sums) {
    reader
        .epochs()
        .forEach((epoch, part) -> sums.merge(epoch, part, EpochStatistics.Snapshot::plus));
  }

  /**
   * What a reader of a scan failed with last, other than by being cancelled. Flink's own report can
   * miss it: when the enumerator happens to send something to the task that fails, the job may end
   * with that message's loss.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   * @return empty if no reader of it has failed here
   */
  public static Optional<Throwable> failure(UUID scanId) {
    synchronized (SCANS) {
      Scan scan = SCANS.get(scanId);
      return scan == null ? Optional.empty() : Optional.ofNullable(scan.failure);
    }
  }

  /** Statistics for a new reader. */
  static ScanStatistics newReader(UUID scanId) {
    ScanStatistics statistics = new ScanStatistics();
    synchronized (SCANS) {
      SCANS.computeIfAbsent(scanId, id -> new Scan()).readers.add(statistics);
      if (SCANS.size() > KEPT) {
        SCANS.remove(SCANS.keySet().iterator().next());
      }
    }
    return statistics;
  }

  /** Keeps the sums of a reader that was closed, not its counters: readers may restart often. */
  static void readerEnded(UUID scanId, ScanStatistics reader) {
    synchronized (SCANS) {
      Scan scan = SCANS.get(scanId);
      if (scan != null && scan.readers.remove(reader)) {
        add(reader, scan.ended);
        while (scan.ended.size() > ScanStatistics.MAX_EPOCHS) {
          scan.ended.remove(scan.ended.firstKey());
        }
      }
    }
  }

  /**
   * Notes that a reader failed. Not that it was interrupted, as the others are when one has failed:
   * theirs come last and say nothing.
   */
  static void readerFailed(UUID scanId, Throwable failure) {
    if (isInterrupt(failure)) {
      return;
    }
    synchronized (SCANS) {
      Scan scan = SCANS.get(scanId);
      if (scan != null) {
        scan.failure = failure;
      }
    }
  }

  /** What waits clears the thread's flag when it throws; what reads and writes leaves it set. */
  private static boolean isInterrupt(Throwable failure) {
    return Thread.currentThread().isInterrupted()
        || ExceptionUtils.findThrowable(failure, InterruptedException.class).isPresent()
        || ExceptionUtils.findThrowable(failure, ClosedByInterruptException.class).isPresent();
  }

  private static final class Scan {
    private final List<ScanStatistics> readers = new ArrayList<>();
    private final SortedMap<Long, EpochStatistics.Snapshot> ended = new TreeMap<>();
    private @Nullable Throwable failure;
  }
}
