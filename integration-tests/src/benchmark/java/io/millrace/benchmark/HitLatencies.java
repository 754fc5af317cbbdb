// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ExtentFetcher;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.disk.DiskBackedExtentCache;
import io.millrace.cache.disk.DiskSettings;
import io.millrace.cache.disk.LocalFiles;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Times single samples of 100 KB at the cache itself: pin the extent, copy the sample out of it,
 * release it. One thread, extents and samples drawn at random.
 */
final class HitLatencies {

  private static final int SAMPLE_BYTES = 100_000;
  private static final int SAMPLES_PER_EXTENT = 40;
  private static final long EXTENT_BYTES = (long) SAMPLE_BYTES * SAMPLES_PER_EXTENT;
  private static final int EXTENTS_PER_FILE = 16;
  private static final int FULL_FILES = 4;
  private static final long SEED = 20_240_229;

  private static final int HITS = 200_000;
  private static final int DISK_HITS = 20_000;
  private static final int MISSES = 4_000;
  private static final int EXTENTS_IN_MEMORY = 8;
  private static final Duration FILLING_LIMIT = Duration.ofMinutes(2);

  private static final double MEMORY_AIM_MICROS = 100;
  private static final double DISK_AIM_MICROS = 2_000;
  private static final double MISS_AIM_MICROS = 100_000;

  private final Path directory;
  private final double scale;

  /** So that copies must be made. */
  private byte[] newest = new byte[0];

  /**
   * @param directory for files of some 256 MB
   * @param scale factor of the number of draws, and of files, up to 1
   */
  HitLatencies(Path directory, double scale) {
    this.directory = directory;
    this.scale = Math.min(1, scale);
  }

  List<HitLatency> measure() throws IOException, InterruptedException {
    List<Path> files = writeFiles();
    List<Extent> extents = cut(files, EXTENT_BYTES);
    List<HitLatency> measured = new ArrayList<>();
    try (FlinkObjectStore store = new FlinkObjectStore()) {
      ExtentFetcher fromFile = (extent, target) -> fetch(store, extent, target);
      try (ExtentCache cache =
          ExtentCaches.inMemory(new CacheSettings(4L * extents.size() * EXTENT_BYTES, "plan"))) {
        for (Extent extent : extents) {
          draw(cache, fromFile, extent, 0);
        }
        measured.add(time("memory", cache, fromFile, extents, HITS, MEMORY_AIM_MICROS));
      }
      measured.add(fromDisk("disk, a file a sample", fromFile, cut(files, SAMPLE_BYTES)));
      measured.add(fromDisk("disk, 40 samples an extent", fromFile, extents));
      try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(4 * EXTENT_BYTES, "none"))) {
        measured.add(time("miss, local file", cache, fromFile, extents, MISSES, MISS_AIM_MICROS));
      }
    }
    return measured;
  }

  /**
   * Memory holds few of the extents: nearly all samples come from disk. An extent is read from
   * there as a whole, and its checksum checked.
   */
  private HitLatency fromDisk(String tier, ExtentFetcher fetcher, List<Extent> extents)
      throws IOException, InterruptedException {
    CacheSettings memory = new CacheSettings(EXTENTS_IN_MEMORY * EXTENT_BYTES, "plan");
    DiskSettings disk =
        new DiskSettings(
            List.of(directory.resolve(tier)),
            4 * FULL_FILES * EXTENTS_PER_FILE * EXTENT_BYTES,
            0,
            Duration.ofDays(1),
            LocalFiles.ALWAYS);
    try (ExtentCache cache =
            DiskBackedExtentCache.over(ExtentCaches.inMemory(memory), memory, disk);
        ExtentCache.Registration plan = cache.register(extent -> 1)) {
      long begin = System.nanoTime();
      while (cache.statistics().disk().extents() < extents.size()) {
        if (System.nanoTime() - begin > FILLING_LIMIT.toNanos()) {
          throw new IOException("Cannot bring all extents to disk: " + cache.statistics().disk());
        }
        // What finds no room among what waits to be written is offered when it is read again.
        for (Extent extent : extents) {
          draw(cache, fetcher, extent, 0);
        }
      }
      return time(tier, cache, fetcher, extents, DISK_HITS, DISK_AIM_MICROS);
    }
  }

  private List<Path> writeFiles() throws IOException {
    Files.createDirectories(directory);
    SplittableRandom random = new SplittableRandom(SEED);
    List<Path> files = new ArrayList<>();
    byte[] content = new byte[(int) (EXTENTS_PER_FILE * EXTENT_BYTES)];
    for (int file = 0; file < Math.max(1, FULL_FILES * scale); file++) {
      random.nextBytes(content);
      files.add(Files.write(directory.resolve("latency." + file), content));
    }
    return files;
  }

  private static List<Extent> cut(List<Path> files, long extentBytes) throws IOException {
    List<Extent> extents = new ArrayList<>();
    for (Path file : files) {
      ObjectLocation object = ObjectLocation.of(file.toUri().toString());
      long length = Files.size(file);
      ObjectVersion version =
          new ObjectVersion(length, Files.getLastModifiedTime(file).toMillis(), "");
      for (long offset = 0; offset < length; offset += extentBytes) {
        extents.add(new Extent(object, version, offset, extentBytes));
      }
    }
    return extents;
  }

  private static void fetch(FlinkObjectStore store, Extent extent, ByteChunks target)
      throws IOException {
    try (RangeReader reader = store.open(extent.object(), extent.version())) {
      reader.readFully(extent.offset(), target);
    }
  }

  private HitLatency time(
      String tier,
      ExtentCache cache,
      ExtentFetcher fetcher,
      List<Extent> extents,
      int fullDraws,
      double aimMicros)
      throws IOException, InterruptedException {
    int draws = (int) Math.max(100, fullDraws * scale);
    SplittableRandom random = new SplittableRandom(SEED);
    long[] nanos = new long[draws];
    // The first quarter is for the compiler.
    for (int i = -draws / 4; i < draws; i++) {
      Extent extent = extents.get(random.nextInt(extents.size()));
      long offset = random.nextInt((int) (extent.length() / SAMPLE_BYTES)) * (long) SAMPLE_BYTES;
      long begin = System.nanoTime();
      draw(cache, fetcher, extent, offset);
      if (i >= 0) {
        nanos[i] = System.nanoTime() - begin;
      }
    }
    return HitLatency.of(tier, SAMPLE_BYTES, aimMicros, nanos);
  }

  private void draw(ExtentCache cache, ExtentFetcher fetcher, Extent extent, long offset)
      throws IOException, InterruptedException {
    try (PinnedExtent pin =
        cache.acquire(extent, fetcher, new ExtentCache.Access("latency", true))) {
      newest = pin.bytes().copy(offset, SAMPLE_BYTES);
    }
  }

  /** The last sample, for whoever doubts that there were any. */
  byte[] newest() {
    return newest;
  }
}
