// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.DiskStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final ExtentCompression compression;

  /** Whether the live jobs read more than fits as it is. */
  private volatile boolean roomIsShort = true;

  /** Set by tests of whole jobs that need a failing disk. */
  private static volatile DiskFiles layer = DiskFiles.REAL;

  static void setFiles(DiskFiles files) {
    layer = files;
  }

  /** How a tier works, beside what users choose. */
  record Setup(
      String policy, CompressionMode compression, DiskFiles files, Duration retry, Duration idle) {

    static Setup of(String policy, CompressionMode compression) {
      return new Setup(policy, compression, layer, Duration.ofMinutes(1), Duration.ofSeconds(5));
    }
  }

  /**
   * Opens all directories; those that cannot be opened are off.
   *
   * @param memory where what waits to be written is counted
   * @param memoryBytes bound on that memory as a whole
   */
  DiskTier(DiskSettings settings, Setup setup, ExtentCache memory, long memoryBytes) {
    this.compression = new ExtentCompression(setup.compression());
    int count = settings.directories().size();
    boolean grouped = setup.policy().equals(GROUPED_POLICY);
    StoreLimits limits =
        StoreLimits.of(settings.bytesPerDirectory(), grouped, memoryBytes / 8 / count);
    DiskVolume.Setup volume =
        new DiskVolume.Setup(
            settings,
            setup.policy(),
            limits,
            setup.files(),
            compression,
            () -> setup.compression() == CompressionMode.ZSTD || roomIsShort,
            new CacheMemory(memory),
            setup.retry(),
            setup.idle());
    int copies = setup.compression() == CompressionMode.NONE ? 1 : 2;
    for (Path directory : settings.directories()) {
      WriteQueue queue = new WriteQueue(memory.workingMemory(), memoryBytes / 4 / count, copies);
      volumes.add(new DiskVolume(directory, volume, queue));
    }
  }

  /** Where an extent is kept; null if no directory works. */
  private @Nullable DiskVolume home(Extent extent) {
    DiskVolume home = null;
    long highest = 0;
    long key = ((long) extent.object().hashCode() << 32) ^ extent.offset();
    for (int i = 0; i < volumes.size(); i++) {
      DiskVolume volume = volumes.get(i);
      if (volume.isOn()) {
        long hash = mix(key + mix(i));
        if (home == null || Long.compareUnsigned(hash, highest) > 0) {
          home = volume;
          highest = hash;
        }
      }
    }
    return home;
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable PRNGs", 2014). */
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  boolean contains(Extent extent) {
    DiskVolume home = home(extent);
    return home != null && home.contains(extent);
  }

  /** As {@link DiskVolume#read}. */
  boolean read(Extent extent, ByteChunks target) throws ClosedByInterruptException {
    DiskVolume home = home(extent);
    return home != null && home.read(extent, target);
  }

  /** As {@link SegmentStore#use}. */
  SegmentStore.@Nullable Use use(Extent extent, Object purpose) {
    DiskVolume home = home(extent);
    return home == null ? null : home.use(extent, purpose);
  }

  void markIntact(Extent extent) {
    DiskVolume home = home(extent);
    if (home != null) {
      home.markIntact(extent);
    }
  }

  /**
   * Takes an extent over to write it, if it is worth that.
   *
   * @return whether it took the pin over
   */
  boolean offer(Extent extent, PinnedExtent pin, List<Object> purposes) {
    DiskVolume home = home(extent);
    return home != null && home.wouldAdmit(extent) && home.queue().offer(extent, pin, purposes);
  }

  /** Wherever it is: it may have been written while another directory was off. */
  void discard(Extent extent) {
    volumes.forEach(volume -> volume.discard(extent));
  }

  void clear() {
    volumes.forEach(DiskVolume::clear);
  }

  void setPlans(List<AccessPlan> plans) {
    double wanted = plans.stream().mapToDouble(AccessPlan::bytes).sum();
    roomIsShort = wanted > retainableBytes();
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
