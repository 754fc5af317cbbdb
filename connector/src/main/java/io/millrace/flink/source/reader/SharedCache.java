// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.ByteBudget;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.CacheStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.disk.DiskBackedExtentCache;
import io.millrace.cache.disk.DiskSettings;
import io.millrace.flink.metrics.CacheMetrics;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.prefetch.ParallelReads;
import io.millrace.storage.DecoratedObjectStore;
import io.millrace.storage.HedgeMemory;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectStore;
import io.millrace.storage.ObjectStores;
import io.millrace.storage.OriginCounters;
import io.millrace.storage.StorageSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache and the way to the origin, which the readers of a process share. Owned by {@link
 * SharedCaches}.
 */
final class SharedCache {

  private static final Logger LOG = LoggerFactory.getLogger(SharedCache.class);

  /** A unit's small files are fetched by 16 threads at most: its own and these. */
  private static final int HELPERS_PER_UNIT = 15;

  /** Of all units; the store bounds the requests under way besides. */
  private static final int HELPERS = 240;

  /** What hedges may take on top of the working memory, as its divisor. */
  private static final int HEDGE_SHARE = 4;

  private final Key key;
  private final ExtentCache cache;
  private final @Nullable DiskBackedExtentCache disk;
  private final FlinkObjectStore origin;
  private final DecoratedObjectStore store;
  private final OriginCounters counters = new OriginCounters();
  private final CacheMetrics metrics;
  private final ParallelReads parallelReads =
      new ParallelReads(HELPERS_PER_UNIT, HELPERS, "millrace-parallel-read");
  private final VersionChecks versions;
  private final Map<UUID, RegisteredScan> scans = new HashMap<>();
  private final Object closing = new Object();
  private boolean closed;

  SharedCache(Key key) {
    this.key = key;
    ExtentCache memory = ExtentCaches.inMemory(key.cache());
    this.disk =
        key.disk().isOn() ? DiskBackedExtentCache.over(memory, key.cache(), key.disk()) : null;
    this.cache = disk == null ? memory : disk;
    this.metrics = new CacheMetrics(cache, counters);
    this.origin = new FlinkObjectStore();
    this.versions = new VersionChecks(key.cache().memoryBytes());
    HedgeMemory hedges = bytes -> reserveForHedge(cache.workingMemory(), bytes);
    this.store = ObjectStores.decorated(origin, key.storage(), counters, hedges);
    LOG.info(
        "Opened a cache of {} bytes, policy {}, compression {}, disk {}",
        key.cache().memoryBytes(),
        key.cache().policy(),
        key.cache().compression().optionName(),
        key.disk().directories());
  }

  /**
   * Beyond what may be read ahead, which a slow request keeps full: that is when hedges are needed.
   * What is retained makes room.
   */
  private static Optional<Runnable> reserveForHedge(ByteBudget working, long bytes) {
    long most = working.capacity() + working.capacity() / HEDGE_SHARE;
    return working.reserved() + bytes <= most
        ? Optional.of(working.reserveNow(bytes)::close)
        : Optional.empty();
  }

  ExtentCache cache() {
    return cache;
  }

  /**
   * Registers the plan of a scan, once however many readers it has here: together they read
   * everything once an epoch, not each of them.
   */
  ExtentCache.Registration registerScan(UUID scanId, AccessPlan plan) {
    synchronized (scans) {
      scans.computeIfAbsent(scanId, id -> new RegisteredScan(cache, plan)).readers++;
    }
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        readerOfScanEnded(scanId);
      }
    };
  }

  /**
   * Names the readers of a scan that are here at the same time, until the last of them has ended.
   */
  UUID runOf(UUID scanId) {
    synchronized (scans) {
      RegisteredScan scan = scans.get(scanId);
      if (scan == null) {
        throw new IllegalStateException("Scan " + scanId + " has no reader here");
      }
      return scan.run;
    }
  }

  /**
   * Says how much of what a scan reads has its home here: all readers of the scan hear the same.
   */
  void scanOwns(UUID scanId, OwnedBytesEvent owned) {
    synchronized (scans) {
      RegisteredScan scan = scans.get(scanId);
      if (scan != null) {
        scan.owned = owned;
      }
    }
  }

  /** Says that a reader of a scan begins to read something of an epoch here. */
  void scanReadsEpoch(UUID scanId, int epoch) {
    synchronized (scans) {
      RegisteredScan scan = scans.get(scanId);
      if (scan != null) {
        scan.reads(epoch);
      }
    }
  }

  private void readerOfScanEnded(UUID scanId) {
    synchronized (scans) {
      RegisteredScan scan = scans.get(scanId);
      if (scan != null && --scan.readers == 0) {
        scans.remove(scanId);
        scan.registration.close();
      }
    }
  }

  /** The way to a dataset that one root holds, or several the same. */
  ObjectStore store(List<ObjectLocation> roots) {
    return store.replicated(roots);
  }

  /** Checks what readers of all scans fetched: they read the same objects in every epoch. */
  VersionChecks versions() {
    return versions;
  }

  ParallelReads parallelReads() {
    return parallelReads;
  }

  /** Drops what is not in use; nothing if it was closed meanwhile. */
  void clear() {
    synchronized (closing) {
      if (!closed) {
        cache.clear();
      }
    }
  }

  Key key() {
    return key;
  }

  OriginCounters counters() {
    return counters;
  }

  /**
   * Names the cache to the enumerator: by what is on disk, which may be there in the next process,
   * too. Memory dies with the process, so its process is its name.
   */
  String identity(String host) {
    String process =
        host + "/" + ProcessHandle.current().pid() + "/" + Integer.toHexString(key.hashCode());
    return disk == null ? process : disk.identity().map(UUID::toString).orElse(process);
  }

  /** The cache's metrics, for its readers to join. */
  CacheMetrics metrics() {
    return metrics;
  }

  /** Whether bytes of one of these places are kept for the next process. May block. */
  boolean persists(Collection<ObjectLocation> places) {
    return disk != null && places.stream().anyMatch(disk::keeps);
  }

  /**
   * Bytes that can be kept from one epoch to the next, were there no working memory.
   *
   * @param onDisk whether they are kept on disk, where they can be: what memory holds is there, too
   */
  long retainableBytes(boolean onDisk) {
    if (key.cache().policy().equals("none")) {
      return 0;
    }
    long inMemory = key.cache().memoryBytes();
    return disk == null || !onDisk ? inMemory : Math.max(inMemory, disk.retainableBytes());
  }

  /**
   * How many bytes of the origin stay from epoch to epoch, compressed as well as what is retained
   * at the moment: in memory in all but the most that readers have worked with so far.
   *
   * @param onDisk as for {@link #retainableBytes}
   */
  long retainedOriginBytes(boolean onDisk) {
    if (key.cache().policy().equals("none")) {
      return 0;
    }
    CacheStatistics now = cache.statistics();
    long inMemory =
        (long) (Math.max(0, key.cache().memoryBytes() - now.workingPeakBytes()) * now.expansion());
    return disk == null || !onDisk
        ? inMemory
        : Math.max(inMemory, (long) (disk.retainableBytes() * disk.expansion()));
  }

  void close() {
    parallelReads.close();
    synchronized (closing) {
      closed = true;
      cache.close();
    }
    try {
      store.close();
    } catch (IOException e) {
      LOG.warn("Cannot close the object store cleanly", e);
    } finally {
      origin.close();
    }
    LOG.info("Closed the cache of {} bytes", key.cache().memoryBytes());
  }

  /** The plan of a scan's readers here together. */
  private static final class RegisteredScan implements AccessPlan {
    private final UUID run = UUID.randomUUID();
    private final AccessPlan plan;
    private final ExtentCache.Registration registration;
    private int readers;
    private int newestEpoch = -1;

    /** Looked at by any thread that fetches; null as long as all of it is taken to be. */
    private volatile @Nullable OwnedBytesEvent owned;

    /** Asked by any thread that uses the cache. */
    private final AtomicInteger epochsBegun = new AtomicInteger();

    private RegisteredScan(ExtentCache cache, AccessPlan plan) {
      this.plan = plan;
      this.registration = cache.register(this);
    }

    private void reads(int epoch) {
      if (epoch > newestEpoch) {
        newestEpoch = epoch;
        epochsBegun.incrementAndGet();
      }
    }

    @Override
    public double readsPerEpoch(Extent extent) {
      return plan.readsPerEpoch(extent);
    }

    @Override
    public long bytes() {
      OwnedBytesEvent part = owned;
      return part == null ? plan.bytes() : part.of(plan.bytes());
    }

    @Override
    public int epochsBegun() {
      return epochsBegun.get();
    }
  }

  /**
   * What readers must agree on to share a cache.
   *
   * @param cache its size, policy and compression
   * @param storage how the origin is asked
   * @param disk its tier on disk
   */
  record Key(CacheSettings cache, StorageSettings storage, DiskSettings disk) {

    /** Without a tier on disk. */
    Key(CacheSettings cache, StorageSettings storage) {
      this(cache, storage, DiskSettings.OFF);
    }
  }
}
