// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.CacheProbe;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ByteChunks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A cache of both tiers over a disk that can fail, with what it was made of. */
final class TestingTier implements AutoCloseable {

  static final Access FIRST = new Access("epoch 0", true);
  static final Access SECOND = new Access("epoch 1", true);
  static final int LENGTH = 10_000;

  /** Of the memory of a cache on disk beside what {@code memoryBytes} bounds. */
  static final long QUEUE_MEMORY = 16 << 20;

  final ExtentCache memory;
  final DiskTier disk;
  final DiskBackedExtentCache cache;
  final AtomicInteger fetched = new AtomicInteger();

  /** Of a plan that reads everything, however much that is. */
  final ExtentCache.Registration plan;

  /**
   * How one is made.
   *
   * @param memoryBytes what the cache in memory has
   * @param queueMemory what the bound on the queue is a share of
   * @param between what is put between the tiers
   * @param time by which both tiers age
   */
  record Setup(
      TestingDisk files,
      String policy,
      CompressionMode mode,
      long memoryBytes,
      long queueMemory,
      DiskVolume.Timing timing,
      UnaryOperator<ExtentCache> between,
      TestingClock.Time time) {

    /** Memory for ten extents, and short waits. */
    static Setup of(TestingDisk files) {
      return new Setup(
          files,
          "plan",
          CompressionMode.NONE,
          10 * (LENGTH + 500),
          QUEUE_MEMORY,
          new DiskVolume.Timing(
              Duration.ofMillis(20), Duration.ofMillis(5), Duration.ofSeconds(10)),
          cache -> cache,
          TestingClock.Time.NO_LIMIT);
    }

    Setup with(CompressionMode other) {
      return new Setup(files, policy, other, memoryBytes, queueMemory, timing, between, time);
    }

    Setup withMemory(long bytes, long queue) {
      return new Setup(files, policy, mode, bytes, queue, timing, between, time);
    }

    Setup withClose(Duration limit) {
      DiskVolume.Timing other = new DiskVolume.Timing(timing.retry(), timing.idle(), limit);
      return new Setup(files, policy, mode, memoryBytes, queueMemory, other, between, time);
    }

    Setup withRetry(Duration retry) {
      DiskVolume.Timing other = new DiskVolume.Timing(retry, timing.idle(), timing.close());
      return new Setup(files, policy, mode, memoryBytes, queueMemory, other, between, time);
    }

    Setup withBetween(UnaryOperator<ExtentCache> other) {
      return new Setup(files, policy, mode, memoryBytes, queueMemory, timing, other, time);
    }

    Setup withTime(TestingClock.Time other) {
      return new Setup(files, policy, mode, memoryBytes, queueMemory, timing, between, other);
    }
  }

  TestingTier(Setup setup, long size, Path... directories) {
    memory =
        setup.between.apply(
            CacheProbe.inMemory(
                new CacheSettings(setup.memoryBytes, setup.policy, setup.mode, setup.time.ttl()),
                setup.time.nanoClock()));
    boolean opened = false;
    try {
      disk =
          new DiskTier(
              TestingStore.settings(size, directories),
              new DiskTier.Setup(
                  setup.policy, setup.mode, setup.time.toTimeToLive(), setup.files, setup.timing),
              memory,
              setup.queueMemory);
      opened = true;
    } finally {
      if (!opened) {
        memory.close();
      }
    }
    cache = new DiskBackedExtentCache(memory, disk, LocalFiles.AUTO);
    plan = cache.register(extent -> 1);
  }

  static Extent extent(int number) {
    return TestingStore.extent(number, LENGTH);
  }

  /** Asks for an extent, whose bytes must be right. */
  Touch touch(Extent extent, Access access) throws Exception {
    try (PinnedExtent pin = cache.acquire(extent, this::fetch, access)) {
      if (!TestingStore.isRight(extent, pin.bytes())) {
        throw new AssertionError("Wrong bytes served of " + extent);
      }
      return pin.touch();
    }
  }

  void fetch(Extent extent, ByteChunks target) {
    fetched.incrementAndGet();
    TestingStore.fill(extent, target);
  }

  void awaitWritten() throws InterruptedException {
    if (!disk.awaitWritten(Duration.ofSeconds(30))) {
      throw new AssertionError("Not written within half a minute");
    }
  }

  int state() {
    return cache.statistics().disk().state();
  }

  @Override
  public void close() {
    cache.close();
  }
}
