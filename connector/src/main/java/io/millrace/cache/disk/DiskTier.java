// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.DiskStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.TimeToLive;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All directories together. An extent's home is the directory that works and has the highest hash
 * with it, so that extents are spread evenly, and those of one that fails go to the others without
 * any of theirs moving.
 */
final class DiskTier implements AutoCloseable {

  /** The policy whose {@code lifetime} says something. */
  private static final String GROUPED_POLICY = "plan";

  private final List<DiskVolume> volumes = new ArrayList<>();
  private final TimeToLive ttl;
  private final ExtentCompression compression;

  /** Bytes that the live jobs read, each for itself. */
  private volatile double wantedBytes = Double.POSITIVE_INFINITY;

  /** Set by tests of whole jobs that need a failing disk. */
  private static volatile DiskFiles layer = DiskFiles.REAL;

  static void setFiles(DiskFiles files) {
    layer = files;
  }

  /** How a tier works, beside what users choose. */
  record Setup(
      String policy,
      CompressionMode compression,
      TimeToLive ttl,
      DiskFiles files,
      DiskVolume.Timing timing) {

    /** As the cache in memory. */
    static Setup of(CacheSettings memory) {
      return new Setup(
          memory.policy(),
          memory.compression(),
          TimeToLive.of(memory.ttl()),
          layer,
          DiskVolume.Timing.USUAL);
    }
  }

  /**
   * Opens all directories; those that cannot be opened are off.
   *
   * @param memory where what waits to be written is counted
   * @param memoryBytes bound on that memory as a whole
   */
  DiskTier(DiskSettings settings, Setup setup, ExtentCache memory, long memoryBytes) {
    this.ttl = setup.ttl();
    this.compression = new ExtentCompression(setup.compression());
    int count = settings.directories().size();
    boolean grouped = setup.policy().equals(GROUPED_POLICY);
    StoreLimits limits =
        StoreLimits.of(settings.bytesPerDirectory(), grouped, memoryBytes / 8 / count);
    DiskVolume.Setup volume =
        new DiskVolume.Setup(
            settings,
            setup.policy(),
            ttl,
            limits,
            setup.files(),
            compression,
            () -> setup.compression() == CompressionMode.ZSTD || roomIsShort(),
            new CacheMemory(memory),
            setup.timing());
    int copies = setup.compression() == CompressionMode.NONE ? 1 : 2;
    boolean opened = false;
    try {
      for (Path directory : settings.directories()) {
        WriteQueue queue =
            new WriteQueue(memory.workingMemory(), ttl, memoryBytes / 4 / count, copies);
        volumes.add(new DiskVolume(directory, volume, queue));
      }
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  /** Whether the live jobs read more than fits as it is. */
  private boolean roomIsShort() {
    return wantedBytes > retainableBytes();
  }

  /** Where an extent is to be kept; null if no directory works. */
  private @Nullable DiskVolume home(Extent extent) {
    DiskVolume home = null;
    long highest = 0;
    for (DiskVolume volume : volumes) {
      if (volume.isOn()) {
        long hash = Homes.rank(volume.seed(), extent);
        if (home == null || Long.compareUnsigned(hash, highest) > 0) {
          home = volume;
          highest = hash;
        }
      }
    }
    return home;
  }

  /**
   * Where an extent is kept: at its home, or where its home was while another directory was off or
   * was not there. Null if it is nowhere.
   */
  private @Nullable DiskVolume holder(Extent extent) {
    DiskVolume home = home(extent);
    if (home == null || home.contains(extent)) {
      return home;
    }
    for (DiskVolume volume : volumes) {
      if (volume != home && volume.contains(extent)) {
        return volume;
      }
    }
    return null;
  }

  boolean contains(Extent extent) {
    return holder(extent) != null;
  }

  /** As {@link DiskVolume#read}. */
  OptionalLong read(Extent extent, ByteChunks target) throws ClosedByInterruptException {
    DiskVolume holder = holder(extent);
    return holder == null ? OptionalLong.empty() : holder.read(extent, target);
  }

  /** As {@link SegmentStore#use}. */
  SegmentStore.@Nullable Use use(Extent extent, Object purpose) {
    DiskVolume holder = holder(extent);
    return holder == null ? null : holder.use(extent, purpose);
  }

  /** As {@link SegmentStore#markIntact}. */
  void markIntact(Extent extent, long fetchedNanos) {
    DiskVolume holder = holder(extent);
    if (holder != null) {
      holder.markIntact(extent, fetchedNanos);
    }
  }

  /**
   * Takes an extent over to write it, if it is worth that, nowhere yet and not too old.
   *
   * @return whether it took the pin over
   */
  boolean offer(Extent extent, PinnedExtent pin, List<Object> purposes) {
    DiskVolume home = home(extent);
    return home != null
        && !ttl.isOver(pin.fetchedNanos())
        && holder(extent) == null
        && home.wouldAdmit(extent)
        && home.queue().offer(extent, pin, purposes);
  }

  /** Wherever it is: it may have been written while another directory was off. */
  void discard(Extent extent) {
    volumes.forEach(volume -> volume.discard(extent));
  }

  /** Forgets everything; what is being written at the moment, whose pins end a little later. */
  List<Extent> clear() {
    List<Extent> writing = new ArrayList<>();
    volumes.forEach(volume -> writing.addAll(volume.clear()));
    return writing;
  }

  void setPlans(List<AccessPlan> plans) {
    wantedBytes = plans.stream().mapToDouble(AccessPlan::bytes).sum();
    volumes.forEach(volume -> volume.setPlans(plans));
  }

  long retainableBytes() {
    return volumes.stream().mapToLong(DiskVolume::retainableBytes).sum();
  }

  /** How many bytes of the origin a byte on disk stands for; 1 if nothing is there. */
  double expansion() {
    double live = volumes.stream().mapToLong(DiskVolume::liveBytes).sum();
    double raw = volumes.stream().mapToLong(DiskVolume::rawBytes).sum();
    return live == 0 ? 1 : raw / live;
  }

  long indexBytes() {
    return volumes.stream().mapToLong(DiskVolume::indexBytes).sum();
  }

  /** Names the first directory that works; null if none does. */
  @Nullable UUID identity() {
    for (DiskVolume volume : volumes) {
      UUID identity = volume.identity();
      if (identity != null) {
        return identity;
      }
    }
    return null;
  }

  DiskStatistics statistics() {
    DiskStatistics sum = volumes.get(0).statistics();
    for (DiskVolume volume : volumes.subList(1, volumes.size())) {
      sum = sum.plus(volume.statistics());
    }
    return sum;
  }

  void resetStatistics() {
    volumes.forEach(DiskVolume::resetStatistics);
  }

  /** For tests: waits until everything that was offered was dealt with. */
  boolean awaitWritten(Duration limit) throws InterruptedException {
    for (DiskVolume volume : volumes) {
      if (!volume.queue().awaitEmpty(limit)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    volumes.forEach(DiskVolume::close);
    compression.close();
  }

  /** The cache's own memory. */
  private record CacheMemory(ExtentCache cache) implements RecordIo.Scratch {
    @Override
    public ByteChunks allocate(long length) {
      return cache.allocate(length);
    }

    @Override
    public void release(ByteChunks memory) {
      cache.release(memory);
    }
  }
}
