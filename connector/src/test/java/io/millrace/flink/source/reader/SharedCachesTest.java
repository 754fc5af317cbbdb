// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.disk.DiskSettings;
import io.millrace.cache.disk.LocalFiles;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Alone with the process's caches while it runs. */
@ResourceLock("SharedCaches")
@Tag("unit")
class SharedCachesTest {

  private static final SharedCache.Key KEY = key(1 << 20, "plan");

  private final Job job = new Job();
  private int before;

  private static SharedCache.Key key(long bytes, String policy) {
    return new SharedCache.Key(new CacheSettings(bytes, policy), StorageSettings.DEFAULTS);
  }

  @BeforeEach
  void countOpenCaches() {
    before = SharedCaches.openCaches();
  }

  @AfterEach
  void nothingStaysOpen() {
    job.end();
    assertThat(SharedCaches.openCaches()).isEqualTo(before);
  }

  @Test
  void refusesMoreMemoryThanTheHeapHas() {
    long heap = Runtime.getRuntime().maxMemory();
    try (SharedCaches.Lease first = SharedCaches.lease(KEY, job)) {
      assertThatThrownBy(() -> SharedCaches.lease(key(heap, "lru"), job))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot open a cache of " + heap + " bytes: the heap of")
          .hasMessageContaining("set cache.memory.size to less");
      assertThat(first.cache().cache().statistics().capacityBytes()).isEqualTo(1 << 20);
      assertThat(opened()).isEqualTo(1);
    }
  }

  private int opened() {
    return SharedCaches.openCaches() - before;
  }

  @Test
  void keepsACacheThroughTheFailoverOfAllReaders() {
    SharedCaches.Lease first = SharedCaches.lease(KEY, job);
    SharedCaches.Lease second = SharedCaches.lease(KEY, job);
    assertThat(first.cache()).isSameAs(second.cache());
    assertThat(job.hooks).hasSize(1);
    SharedCache cache = first.cache();
    first.close();
    second.close();
    assertThat(opened()).isEqualTo(1);

    try (SharedCaches.Lease restarted = SharedCaches.lease(KEY, job)) {
      assertThat(restarted.cache()).isSameAs(cache);
      assertThat(job.hooks).hasSize(1);
    }
    assertThat(opened()).isEqualTo(1);

    job.end();

    assertThat(opened()).isZero();
    assertThatThrownBy(() -> cache.cache().allocate(1)).hasMessageContaining("the cache is closed");
  }

  @Test
  void readersOfARestartedScanAreAnotherRun() {
    UUID scan = UUID.randomUUID();
    try (SharedCaches.Lease lease = SharedCaches.lease(KEY, job)) {
      SharedCache cache = lease.cache();
      ExtentCache.Registration first = cache.registerScan(scan, extent -> 1);
      UUID run = cache.runOf(scan);
      ExtentCache.Registration second = cache.registerScan(scan, extent -> 1);
      first.close();
      assertThat(cache.runOf(scan)).isEqualTo(run);
      second.close();
      assertThatThrownBy(() -> cache.runOf(scan))
          .hasMessage("Scan " + scan + " has no reader here");

      ExtentCache.Registration restarted = cache.registerScan(scan, extent -> 1);
      assertThat(cache.runOf(scan)).isNotEqualTo(run);
      restarted.close();
    }
  }

  @Test
  void keepsACacheUntilTheLastReaderIfThatEndsAfterTheJob() {
    SharedCaches.Lease lease = SharedCaches.lease(KEY, job);
    job.end();
    assertThat(opened()).isEqualTo(1);
    lease.close();
    assertThat(opened()).isZero();
    lease.close();
    assertThat(opened()).isZero();
  }

  @Test
  void sharesACacheBetweenJobsOfTheSameSettings() {
    Job other = new Job();
    SharedCaches.Lease mine = SharedCaches.lease(KEY, job);
    SharedCaches.Lease theirs = SharedCaches.lease(key(1 << 20, "plan"), other);
    assertThat(theirs.cache()).isSameAs(mine.cache());

    mine.close();
    job.end();
    assertThat(opened()).isEqualTo(1);
    theirs.close();
    assertThat(opened()).isEqualTo(1);
    other.end();
    assertThat(opened()).isZero();
  }

  @Test
  void opensACacheForEachSettings() {
    SharedCaches.Lease plan = SharedCaches.lease(KEY, job);
    SharedCaches.Lease lru = SharedCaches.lease(key(1 << 20, "lru"), job);
    SharedCaches.Lease larger = SharedCaches.lease(key(2 << 20, "plan"), job);
    assertThat(opened()).isEqualTo(3);
    assertThat(job.hooks).hasSize(3);
    assertThat(plan.cache().identity("h")).isNotEqualTo(lru.cache().identity("h"));
    assertThat(plan.cache().identity("h")).startsWith("h/" + ProcessHandle.current().pid() + "/");
    assertThat(larger.cache().retainableBytes(false)).isEqualTo(2 << 20);
    for (SharedCaches.Lease lease : List.of(plan, lru, larger)) {
      lease.close();
    }
  }

  @Test
  void retainsNothingWithThePolicyNone() {
    try (SharedCaches.Lease none = SharedCaches.lease(key(1 << 20, "none"), job)) {
      assertThat(none.cache().retainableBytes(false)).isZero();
    }
  }

  @Test
  void opensAgainForAJobThatStartsAgainAfterItsEnd() {
    SharedCaches.Lease first = SharedCaches.lease(KEY, job);
    SharedCache cache = first.cache();
    first.close();
    job.end();
    SharedCaches.Lease second = SharedCaches.lease(KEY, job);
    assertThat(second.cache()).isNotSameAs(cache);
    second.close();
  }

  @Test
  void closesEveryCacheThatManyThreadsLeased() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(
            executor.submit(
                () -> {
                  for (int j = 0; j < 200; j++) {
                    Job own = new Job();
                    SharedCaches.Lease lease = SharedCaches.lease(KEY, own);
                    lease.cache().cache().release(lease.cache().cache().allocate(10));
                    if (j % 2 == 0) {
                      own.end();
                      lease.close();
                    } else {
                      lease.close();
                      own.end();
                    }
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(opened()).isZero();
  }

  /** Readers of a scan, which begin an epoch one after the other, tell its plan so once. */
  @Test
  void forgetsWhatNoReaderOfAScanReadForTwoWholeEpochs() throws Exception {
    UUID scan = UUID.randomUUID();
    try (SharedCaches.Lease lease = SharedCaches.lease(KEY, job);
        ExtentCache.Registration first = lease.cache().registerScan(scan, extent -> 1);
        ExtentCache.Registration second = lease.cache().registerScan(scan, extent -> 1)) {
      assertThat(first).isNotSameAs(second);
      SharedCache cache = lease.cache();
      for (int epoch = 0; epoch < 3; epoch++) {
        cache.scanReadsEpoch(scan, epoch);
        read(cache, epoch == 0 ? 0 : 4, 8);
        cache.scanReadsEpoch(scan, epoch);
        read(cache, 4, 8);
      }
      read(cache, 8, 16);
      assertThat(extents(0, 4)).as("kept by hash").anyMatch(cache.cache()::isResident);

      cache.scanReadsEpoch(scan, 3);
      cache.scanReadsEpoch(UUID.randomUUID(), 4);
      read(cache, 4, 24);
      assertThat(extents(0, 4)).noneMatch(cache.cache()::isResident);
    }
  }

  private static void read(SharedCache cache, int from, int to) throws Exception {
    for (Extent extent : extents(from, to)) {
      cache
          .cache()
          .acquire(extent, (wanted, target) -> {}, new ExtentCache.Access("epoch", true))
          .close();
    }
  }

  /** Ten of them fit. */
  private static List<Extent> extents(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            number ->
                new Extent(
                    ObjectLocation.of("test://data/shard." + number),
                    new ObjectVersion(100_000, 1, ""),
                    0,
                    100_000))
        .toList();
  }

  private static SharedCache.Key onDisk(Path directory, long size) {
    return new SharedCache.Key(
        new CacheSettings(1 << 20, "plan"),
        StorageSettings.DEFAULTS,
        new DiskSettings(List.of(directory), size, 0, Duration.ofDays(7), LocalFiles.AUTO));
  }

  @Test
  void keepsTheNameOfACacheOnDiskFromJobToJob(@TempDir Path directory) {
    String identity;
    try (SharedCaches.Lease lease = SharedCaches.lease(onDisk(directory, 8 << 20), job)) {
      identity = lease.cache().identity("host");
      assertThat(lease.cache().retainableBytes(false)).isEqualTo(1 << 20);
      assertThat(lease.cache().retainableBytes(true)).isBetween(6L << 20, 8L << 20);
      assertThat(lease.cache().persists(List.of(ObjectLocation.of("s3://bucket/data")))).isTrue();
    }
    job.end();
    Job next = new Job();
    try (SharedCaches.Lease lease = SharedCaches.lease(onDisk(directory, 8 << 20), next)) {
      assertThat(lease.cache().identity("another host")).isEqualTo(identity);
    }
    next.end();
  }

  @Test
  void refusesADirectoryThatIsInUseWithOtherSizes(@TempDir Path directory) {
    SharedCaches.Lease lease = SharedCaches.lease(onDisk(directory, 8 << 20), job);
    assertThatThrownBy(() -> SharedCaches.lease(onDisk(directory, 9 << 20), job))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another job on this TaskManager has one in the same directory")
        .hasMessageContaining("sizeBytes=8388608")
        .hasMessageContaining("sizeBytes=9437184");
    lease.close();
  }

  /** A job's class loader, which runs its release hooks when the job ends. */
  private static final class Job implements UserCodeClassLoader {

    private final ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
    private final Map<String, Runnable> hooks = new HashMap<>();

    @Override
    public ClassLoader asClassLoader() {
      return loader;
    }

    @Override
    public void registerReleaseHookIfAbsent(String name, Runnable hook) {
      hooks.putIfAbsent(name, hook);
    }

    void end() {
      hooks.values().forEach(Runnable::run);
      hooks.clear();
    }
  }
}
