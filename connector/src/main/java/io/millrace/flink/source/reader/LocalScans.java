// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.EpochStatistics;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.metrics.CacheMetrics;
import java.nio.channels.ClosedByInterruptException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.util.ExceptionUtils;

/**
 * The statistics and failures of the scans whose readers ran in this process, for programs that
 * embed Flink: they have no other process to ask. On a cluster use the metrics. The newest 64 scans
 * are kept, and all that have readers. What is counted is added up over the readers of this
 * process, restarted ones included, and kept when they are closed. {@link LocalCaches} tells of the
 * caches that they read through.
 */
@PublicEvolving
public final class LocalScans {

  private static final int KEPT = 64;

  /** Names these counters among those of all processes, and of all class loaders in one. */
  private static final UUID HOME = UUID.randomUUID();

  private static final Map<UUID, LocalScan> SCANS = new LinkedHashMap<>();

  private LocalScans() {}

  /**
   * What the readers of a scan did in each epoch.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   * @return by epoch, counted from 0; empty if no reader of it has run here. Of epochs the newest
   *     64 are kept
   */
  public static SortedMap<Long, EpochStatistics.Snapshot> epochs(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? new TreeMap<>() : scan.epochs();
    }
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

  /**
   * What the readers of a scan did in all epochs together, those that {@link #epochs} does not keep
   * included.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   */
  public static EpochStatistics.Snapshot totals(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? Snapshot.NONE : scan.totals();
    }
  }

  /**
   * How the readers of a scan got the bytes of each part of an aligned dataset, in all epochs
   * together. Samples, waiting and requests are not told apart by part.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   * @return by part, in the order in which {@code Datasets.aligned} was given them, from 0; of
   *     another dataset one. Empty if nothing was read here
   */
  public static SortedMap<Integer, EpochStatistics.Snapshot> parts(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? new TreeMap<>() : scan.parts();
    }
  }

  /**
   * The best hit rate that an epoch of a scan can have here, from its second one on: the share of
   * what has its home in the cache here, which may be a part of the dataset, or of the shards of it
   * that are selected, that stays in the cache beside the most that readers have worked with so
   * far. 1 if no reader of it has run here.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   */
  public static double bound(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? 1 : scan.bound();
    }
  }

  /**
   * Sets what {@link #epochs}, {@link #totals} and {@link #parts} tell of a scan to zero, and the
   * metrics of its readers, not its accumulators. A scan that runs goes on counting from there: the
   * four kinds of accesses still add up, of those since then.
   *
   * @param scanId from {@code MillraceSource.scanId()}
   */
  public static void reset(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      if (scan != null) {
        scan.reset();
      }
    }
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
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? Optional.empty() : Optional.ofNullable(scan.failure());
    }
  }

  /**
   * Everything that the readers of a scan and their caches counted here, by the names of the
   * metrics; never less than before. For {@code MillraceAccumulators}.
   */
  @Internal
  public static Map<String, Long> counts(UUID scanId) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      return scan == null ? Map.of() : scan.counts();
    }
  }

  /** Names the place where {@link #counts} are kept, uniquely in a cluster. */
  @Internal
  public static UUID home() {
    return HOME;
  }

  /** Statistics for a new reader. */
  static ScanStatistics newReader(UUID scanId, CacheMetrics cache) {
    ScanStatistics statistics = new ScanStatistics();
    synchronized (SCANS) {
      SCANS.computeIfAbsent(scanId, id -> new LocalScan()).add(statistics, cache);
      forgetOldest();
    }
    return statistics;
  }

  private static void forgetOldest() {
    var oldest = SCANS.values().iterator();
    while (SCANS.size() > KEPT && oldest.hasNext()) {
      if (!oldest.next().isRunning()) {
        oldest.remove();
      }
    }
  }

  /** Keeps the sums of a reader that was closed; before its cache may be. */
  static void readerEnded(UUID scanId, ScanStatistics reader) {
    synchronized (SCANS) {
      LocalScan scan = SCANS.get(scanId);
      if (scan != null) {
        scan.ended(reader);
      }
    }
  }

  /** Sets a cache's counters to zero, not what scans know of them. */
  static void resetCache(SharedCache cache) {
    synchronized (SCANS) {
      SCANS.values().forEach(scan -> scan.beforeReset(cache.metrics()));
      cache.cache().resetStatistics();
      SCANS.values().forEach(scan -> scan.afterReset(cache.metrics()));
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
      LocalScan scan = SCANS.get(scanId);
      if (scan != null) {
        scan.failed(failure);
      }
    }
  }

  /** What waits clears the thread's flag when it throws; what reads and writes leaves it set. */
  private static boolean isInterrupt(Throwable failure) {
    return Thread.currentThread().isInterrupted()
        || ExceptionUtils.findThrowable(failure, InterruptedException.class).isPresent()
        || ExceptionUtils.findThrowable(failure, ClosedByInterruptException.class).isPresent();
  }
}
