// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.PinnedExtent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A process that fills a cache on disk until it is killed; checks what it reads from there. */
final class DiskWriterMain {

  static final long DISK_BYTES = 16 << 20;
  static final int EXTENTS = 400;

  private DiskWriterMain() {}

  /** Always the same extents; more than the disk holds. */
  static Extent extent(int number) {
    return TestingStore.extent(number, 20_000 + 397L * number % 100_000);
  }

  /**
   * @param args the directory; the seed of the order
   */
  public static void main(String[] args) throws Exception {
    CacheSettings memory = new CacheSettings(2 << 20, "plan");
    DiskSettings disk =
        new DiskSettings(
            List.of(Path.of(args[0])), DISK_BYTES, 0, Duration.ofDays(7), LocalFiles.AUTO);
    Random random = new Random(Long.parseLong(args[1]));
    try (ExtentCache cache =
        DiskBackedExtentCache.over(ExtentCaches.inMemory(memory), memory, disk)) {
      cache.register(extent -> 1);
      System.out.println("found " + cache.statistics().disk().extents());
      for (long i = 0; ; i++) {
        Extent extent = extent(random.nextInt(EXTENTS));
        try (PinnedExtent pin =
            cache.acquire(extent, TestingStore::fill, new ExtentCache.Access(i / EXTENTS, true))) {
          if (!TestingStore.isRight(extent, pin.bytes())) {
            System.out.println("wrong " + extent);
          }
        }
        if (i % 20 == 0) {
          System.out.println("step " + i);
        }
      }
    }
  }
}
