// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.metrics.CacheMetrics;
import io.millrace.flink.metrics.ReaderMetrics;
import io.millrace.flink.scan.ScanContext;
import io.millrace.flink.scan.ScanSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.format.DatasetFormats;
import io.millrace.prefetch.BackgroundPrefetcher;
import io.millrace.prefetch.PrefetchSettings;
import io.millrace.prefetch.PrefetchTask;
import io.millrace.prefetch.Prefetcher;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.util.IOUtils;

/**
 * What one reader works with: its share in the process's cache, its statistics, and how its parts
 * are put together. Owned by the reader, which closes it last.
 *
 * @param <T> what the source emits
 */
final class ReaderResources<T> implements AutoCloseable {

  /** Most bytes of a batch; where memory is scarce, an eighth of what readers may hold. */
  private static final long MAX_BATCH_BYTES = 1 << 20;

  /** Units that are begun at most for each request that may be in flight. */
  private static final long MOST_AHEAD = 4;

  /**
   * The plan of an epoch without an end. What the units of a shard share stays until others need
   * the place, oldest use first.
   */
  private static final AccessPlan NEVER_AGAIN =
      new AccessPlan() {
        @Override
        public double readsPerEpoch(Extent extent) {
          return 0;
        }

        /** Nothing that should stay. */
        @Override
        public long bytes() {
          return 0;
        }
      };

  private final ScanContext<T> scan;
  private final int subtask;
  private final String host;
  private final ScanDataset dataset;
  private final SharedCaches.Lease lease;
  private final List<UnitAccess.Origin> origins;
  private final ExtentCache.Registration plan;

  /** This attempt of the scan's readers here, for the cache's accounting. */
  private final UUID run;

  /** Whether what it reads is kept for the next process. */
  private final boolean persists;

  private final ScanStatistics statistics;
  private final CacheMetrics.Membership metrics;

  /** How much of the dataset has its home in the cache: all, as long as nobody says otherwise. */
  private long ownedBytes;

  /** One, unless Flink has ended its fetcher and makes another one. */
  private final List<MillraceSplitReader<T>> splitReaders = new CopyOnWriteArrayList<>();

  private ReaderResources(
      ScanContext<T> scan, SourceReaderContext context, SharedCaches.Lease lease) {
    this.scan = scan;
    this.subtask = context.getIndexOfSubtask();
    this.host = context.getLocalHostName();
    this.dataset =
        ScanDataset.of(scan, DatasetFormats.load(context.getUserCodeClassLoader().asClassLoader()));
    this.lease = lease;
    this.origins =
        scan.settings().dataset().parts().stream()
            .map(
                part ->
                    new UnitAccess.Origin(
                        part.root(),
                        lease.cache().store(part.locations()),
                        lease.cache().versions()))
            .toList();
    boolean readOnce = scan.settings().epochs().discoveryInterval().isPresent();
    this.plan = lease.cache().registerScan(scan.scanId(), readOnce ? NEVER_AGAIN : dataset.plan());
    this.run = lease.cache().runOf(scan.scanId());
    this.statistics = LocalScans.newReader(scan.scanId(), lease.cache().metrics());
    this.persists =
        !readOnce && lease.cache().persists(origins.stream().map(UnitAccess.Origin::root).toList());
    this.ownedBytes = dataset.storedBytes();
    statistics.setSizes(ownedBytes, () -> lease.cache().retainedOriginBytes(persists));
    ReaderMetrics.register(context.metricGroup(), statistics);
    this.metrics = lease.cache().metrics().join(context.metricGroup());
  }

  static <T> ReaderResources<T> open(SourceReaderContext context, ScanContext<T> scan) {
    ScanSettings settings = scan.settings();
    settings.checkHolds(scan.dataset());
    SharedCache.Key key =
        new SharedCache.Key(
            settings.memory().toCacheSettings(),
            settings.storage().toStorageSettings(),
            settings.disk().toDiskSettings(settings.memory().cachePolicy()));
    SharedCaches.Lease lease = SharedCaches.lease(key, context.getUserCodeClassLoader());
    boolean opened = false;
    try {
      ReaderResources<T> resources = new ReaderResources<>(scan, context, lease);
      opened = true;
      return resources;
    } finally {
      if (!opened) {
        lease.close();
      }
    }
  }

  private ExtentCache cache() {
    return lease.cache().cache();
  }

  private boolean prefetches() {
    return scan.settings().memory().prefetchBytes() != 0;
  }

  SplitDemand newSplitDemand() {
    return new SplitDemand(
        scan.settings().window() + (prefetches() ? splitsAhead() : 1),
        lease.cache().identity(host),
        lease.cache().retainableBytes(persists));
  }

  /**
   * Enough to fill the memory for what is ahead, and for each request that may be in flight one
   * more: so that they do not run out before others come, and their offset tables can be fetched
   * before there is memory for their samples.
   */
  private long splitsAhead() {
    long requests = scan.settings().memory().prefetchMaxRequests();
    long unitBytes =
        Math.max(1, scan.dataset().storedBytes() / Math.max(1, scan.dataset().units()));
    long units = budgetAhead().capacity() / unitBytes;
    return Math.min(units, MOST_AHEAD * requests) + requests;
  }

  private ByteBudget budgetAhead() {
    ByteBudget shared = cache().workingMemory();
    long ahead = scan.settings().memory().prefetchBytes();
    return ahead == ScanSettings.Memory.AUTO ? shared : new AheadBudget(shared, ahead);
  }

  RestoredSplits newRestoredSplits() {
    return new RestoredSplits(scan.settings().onChange());
  }

  SkipReports newSkipReports(SourceReaderContext context) {
    return new SkipReports(
        statistics, context.metricGroup(), context::sendSourceEventToCoordinator);
  }

  SplitReader<Object, MillraceSplit> newSplitReader() {
    ScanSettings settings = scan.settings();
    ByteBudget shared = cache().workingMemory();
    ByteBudget budget = budgetAhead();
    Prefetcher<OpenUnit> prefetcher =
        new BackgroundPrefetcher<>(
            PrefetchSettings.DEFAULT
                .withMaxRequests(settings.memory().prefetchMaxRequests())
                .withEnabled(prefetches()),
            budget,
            "millrace-prefetch-" + subtask);
    UnitWindow window =
        new UnitWindow(
            prefetcher,
            shared,
            statistics,
            settings.window(),
            settings.epochs().seed() * 31 + subtask);
    DamagePolicy damage = new DamagePolicy(settings.errors().onError(), new Rereads());
    MillraceSplitReader<T> reader =
        new MillraceSplitReader<>(
            split -> taskOf(split, damage),
            prefetcher,
            window,
            scan.records().newAssembler(scan.projection()),
            shared,
            damage.rereads(),
            Math.max(1, Math.min(MAX_BATCH_BYTES, shared.capacity() / 8)));
    splitReaders.removeIf(MillraceSplitReader::isClosed);
    splitReaders.add(reader);
    return reader;
  }

  private PrefetchTask<OpenUnit> taskOf(MillraceSplit split, DamagePolicy damage) {
    ScanSettings settings = scan.settings();
    lease.cache().scanReadsEpoch(scan.scanId(), split.epoch());
    // The last epoch leaves nothing behind, except what other units or the next job need.
    boolean needed = persists || split.shard().units() > 1 || dataset.sharesBytes();
    boolean retain = split.admit() && (needed || !settings.epochs().isLast(split.epoch()));
    UnitAccess access =
        new UnitAccess(
            split,
            origins,
            cache(),
            lease.cache().parallelReads(),
            new ExtentCache.Access(new ScanEpoch(run, split.epoch()), retain),
            settings.verifyHashes(),
            statistics.epoch(split.epoch()));
    return new UnitTask(dataset.opener(), scan.projection(), settings.epochs(), access, damage);
  }

  /** Takes over how much of what is read has its home in the cache; called by the task's thread. */
  void owns(OwnedBytesEvent owned) {
    ownedBytes = owned.of(dataset.storedBytes());
    statistics.setSizes(ownedBytes, () -> lease.cache().retainedOriginBytes(persists));
    lease.cache().scanOwns(scan.scanId(), owned);
  }

  /** Notes what the reader failed with, for programs that embed Flink. */
  void failed(Throwable failure) {
    LocalScans.readerFailed(scan.scanId(), failure);
  }

  /**
   * Called after Flink closed its fetchers. Those close their split readers, except one that waits
   * forever for its last batch to be recycled (FLINK-40660): threads, pins and memory would stay.
   */
  @Override
  public void close() {
    // What the cache is compressed to is known only as long as it is there.
    statistics.setSizes(ownedBytes, lease.cache().retainedOriginBytes(persists));
    List<AutoCloseable> all = new ArrayList<>(splitReaders);
    all.add(plan);
    all.add(metrics);
    all.add(() -> LocalScans.readerEnded(scan.scanId(), statistics));
    all.add(lease);
    try {
      IOUtils.closeAll(all); // each, whatever the others end with
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close reader " + subtask + ": " + e.getMessage(), e);
    }
  }
}
