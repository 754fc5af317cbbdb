// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ExtentFetcher;
import io.millrace.cache.PinnedExtent;
import io.millrace.flink.storage.FlinkObjectStore;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.RangeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int MISSES = 4_000;

  private static final double MEMORY_AIM_MICROS = 100;
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
    List<Extent> extents = writeFiles();
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
      try (ExtentCache cache = ExtentCaches.inMemory(new CacheSettings(4 * EXTENT_BYTES, "none"))) {
        measured.add(time("miss, local file", cache, fromFile, extents, MISSES, MISS_AIM_MICROS));
      }
    }
    return measured;
  }

  private List<Extent> writeFiles() throws IOException {
    Files.createDirectories(directory);
    SplittableRandom random = new SplittableRandom(SEED);
    List<Extent> extents = new ArrayList<>();
    byte[] content = new byte[(int) (EXTENTS_PER_FILE * EXTENT_BYTES)];
    for (int file = 0; file < Math.max(1, FULL_FILES * scale); file++) {
      random.nextBytes(content);
      Path path = Files.write(directory.resolve("latency." + file), content);
      ObjectLocation object = ObjectLocation.of(path.toUri().toString());
      ObjectVersion version =
          new ObjectVersion(content.length, Files.getLastModifiedTime(path).toMillis(), "");
      for (int i = 0; i < EXTENTS_PER_FILE; i++) {
        extents.add(new Extent(object, version, i * EXTENT_BYTES, EXTENT_BYTES));
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
      long offset = (long) random.nextInt(SAMPLES_PER_EXTENT) * SAMPLE_BYTES;
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
