// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.flink.source.reader.LocalCaches.LocalCache;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.StorageSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Alone with the process's caches while it runs. */
@Tag("unit")
@ResourceLock("SharedCaches")
class LocalCachesTest {

  private static final CacheSettings SETTINGS = new CacheSettings(234_567, "lru");

  private final Job job = new Job();
  private final SharedCaches.Lease lease =
      SharedCaches.lease(new SharedCache.Key(SETTINGS, StorageSettings.DEFAULTS), job);
  private final ExtentCache cache = lease.cache().cache();

  @AfterEach
  void end() {
    lease.close();
    job.end();
    assertThat(caches()).isEmpty();
  }

  /** Of tests elsewhere there may be others. */
  private static List<LocalCache> caches() {
    return LocalCaches.all().stream().filter(c -> c.settings().equals(SETTINGS)).toList();
  }

  private static LocalCache only() {
    assertThat(caches()).hasSize(1);
    return caches().get(0);
  }

  private void read(int number) throws Exception {
    Extent extent =
        new Extent(
            ObjectLocation.of("test://data/shard." + number),
            new ObjectVersion(100_000, 1, ""),
            0,
            100_000);
    ExtentCache.Access access = new ExtentCache.Access("epoch", true);
    cache.acquire(extent, (wanted, target) -> {}, access).close();
  }

  @Test
  void tellsWhatTheOpenCachesHold() throws Exception {
    for (int i = 0; i < 3; i++) {
      read(i);
    }

    assertThat(only().statistics().capacityBytes()).isEqualTo(234_567);
    assertThat(only().statistics().retainedExtents()).isEqualTo(2);
    assertThat(only().statistics().evictions()).isEqualTo(1);
    assertThat(only().origin().requests().total()).isZero();
  }

  @Test
  void clearsTheContentsAndNotTheCounters() throws Exception {
    read(0);

    LocalCaches.clear();

    assertThat(only().statistics().retainedExtents()).isZero();
    assertThat(only().statistics().fetches()).isEqualTo(1);
    read(0);
    assertThat(only().statistics().fetches()).isEqualTo(2);
  }

  @Test
  void resetsTheCountersAndNotTheContents() throws Exception {
    UUID scan = UUID.randomUUID();
    var reader = LocalScans.newReader(scan, lease.cache().metrics());
    for (int i = 0; i < 3; i++) {
      read(i);
    }
    cache.workingMemory().reserveNow(5).close();
    assertThat(only().statistics().workingPeakBytes()).isEqualTo(5);

    LocalCaches.reset();

    assertThat(only().statistics().retainedExtents()).isEqualTo(2);
    assertThat(only().statistics().evictions()).isZero();
    assertThat(only().statistics().fetches()).isZero();
    assertThat(only().statistics().workingPeakBytes()).isZero();
    read(3);
    assertThat(only().statistics().evictions()).isEqualTo(1);
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 2L);
    LocalScans.readerEnded(scan, reader);
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 2L);
  }

  @Test
  void clearingACacheThatWasClosedDoesNothing() {
    SharedCache mine = lease.cache();
    end();
    mine.clear();
    assertThat(mine.cache().statistics().retainedExtents()).isZero();
  }

  /** A job's class loader, which runs its release hooks when the job ends. */
  private static final class Job implements UserCodeClassLoader {

    private final Map<String, Runnable> hooks = new HashMap<>();

    @Override
    public ClassLoader asClassLoader() {
      return getClass().getClassLoader();
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
