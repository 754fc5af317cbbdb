// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.PinnedExtent;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What pinning and releasing a resident extent costs: per extent, of some 40 samples usually, and
 * never per sample. Extents are asked for in an order that jumps through all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExtentCacheBenchmark {
  private static final int EXTENTS_PER_OBJECT = 100;
  private static final long LENGTH = 64;

  @Param({"plan", "lru"})
  private String policy;

  @Param("100000")
  private int extents;

  private ExtentCache cache;
  private Extent[] keys;
  private Access access;

  /** A thread's own place in the order. */
  @State(Scope.Thread)
  public static class Place {
    private int index;
  }

  @Setup
  public void fill() throws Exception {
    cache = ExtentCaches.inMemory(new CacheSettings(extents * 1000L, policy));
    cache.register(extent -> 1);
    access = new Access("epoch 0", true);
    keys = new Extent[extents];
    ObjectVersion version = new ObjectVersion(EXTENTS_PER_OBJECT * LENGTH, 1, "");
    for (int i = 0; i < extents; i++) {
      ObjectLocation object =
          ObjectLocation.of("s3://bucket/dataset/train/shard." + i / EXTENTS_PER_OBJECT + ".mds");
      keys[i] = new Extent(object, version, i % EXTENTS_PER_OBJECT * LENGTH, LENGTH);
      cache.acquire(keys[i], ExtentCacheBenchmark::fetch, access).close();
    }
    if (cache.statistics().retainedExtents() != extents) {
      throw new IllegalStateException("Cannot keep all: " + cache.statistics());
    }
  }

  @TearDown
  public void close() {
    cache.close();
  }

  @Benchmark
  @Threads(1)
  public long oneThread(Place place) throws Exception {
    return pinAndRelease(place);
  }

  @Benchmark
  @Threads(2)
  public long twoThreads(Place place) throws Exception {
    return pinAndRelease(place);
  }

  private long pinAndRelease(Place place) throws Exception {
    place.index = (place.index + 61_803) % extents;
    try (PinnedExtent pin =
        cache.acquire(keys[place.index], ExtentCacheBenchmark::fetch, access)) {
      return pin.bytes().length();
    }
  }

  private static void fetch(Extent extent, ByteChunks target) {}
}
