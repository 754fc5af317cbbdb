// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessKind;
import io.millrace.cache.CacheSettings;
import io.millrace.cache.EpochStatistics.Accesses;
import io.millrace.cache.EpochStatistics.Snapshot;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.ScanStatistics;
import io.millrace.flink.metrics.CacheMetrics;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import io.millrace.storage.OriginCounters;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LocalScansTest {

  private static final ExtentCache CACHE =
      ExtentCaches.inMemory(new CacheSettings(100_000, "plan"));

  private final OriginCounters origin = new OriginCounters();
  private final CacheMetrics cache = new CacheMetrics(CACHE, origin);

  private ScanStatistics newReader(UUID scan) {
    return LocalScans.newReader(scan, cache);
  }

  @Test
  void addsUpTheReadersOfAScan() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.epochs(scan)).isEmpty();
    var first = newReader(scan);
    var second = newReader(scan);
    newReader(UUID.randomUUID()).epoch(0).recordSamples(1000);

    first.epoch(0).recordSamples(3);
    first.epoch(1).recordSamples(5);
    second.epoch(0).recordSamples(4);
    second.epoch(0).recordAccess(AccessKind.HIT, 70);

    assertThat(LocalScans.epochs(scan).keySet()).containsExactly(0L, 1L);
    assertThat(LocalScans.epochs(scan).get(0L).samples()).isEqualTo(7);
    assertThat(LocalScans.epochs(scan).get(0L).of(AccessKind.HIT).bytes()).isEqualTo(70);
    assertThat(LocalScans.epochs(scan).get(1L).samples()).isEqualTo(5);
  }

  @Test
  void keepsTheSumsOfReadersThatWereClosed() {
    UUID scan = UUID.randomUUID();
    for (int restart = 0; restart < 3; restart++) {
      var reader = newReader(scan);
      reader.epoch(0).recordSamples(2);
      reader.epoch(restart).recordAccess(AccessKind.MISS, 10);
      LocalScans.readerEnded(scan, reader);
      LocalScans.readerEnded(scan, reader);
    }
    newReader(scan).epoch(0).recordSamples(1);

    assertThat(LocalScans.epochs(scan).get(0L).samples()).isEqualTo(7);
    assertThat(LocalScans.epochs(scan).get(2L).of(AccessKind.MISS).bytes()).isEqualTo(10);
  }

  @Test
  void tellsWhatAReaderFailedWithLast() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.failure(scan)).isEmpty();
    newReader(scan);
    assertThat(LocalScans.failure(scan)).isEmpty();
    IllegalStateException failure = new IllegalStateException("gone");
    LocalScans.readerFailed(scan, failure);
    assertThat(LocalScans.failure(scan)).containsSame(failure);
  }

  @Test
  void doesNotTakeTheEndOfACancelledReaderForAFailure() {
    UUID scan = UUID.randomUUID();
    newReader(scan);
    newReader(scan);
    IllegalStateException failure = new IllegalStateException("gone");
    LocalScans.readerFailed(scan, failure);

    LocalScans.readerFailed(scan, new RuntimeException(new ClosedByInterruptException()));
    LocalScans.readerFailed(scan, new RuntimeException(new InterruptedException()));
    Thread.currentThread().interrupt();
    try {
      LocalScans.readerFailed(scan, new IOException("Cannot read: interrupted"));
    } finally {
      assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    }

    assertThat(LocalScans.failure(scan)).containsSame(failure);
  }

  @Test
  void keepsTheNewestScans() {
    UUID oldest = UUID.randomUUID();
    var ended = newReader(oldest);
    ended.epoch(0).recordSamples(1);
    LocalScans.readerEnded(oldest, ended);
    UUID running = UUID.randomUUID();
    newReader(running).epoch(0).recordSamples(1);
    UUID newest = oldest;
    for (int i = 0; i < 64; i++) {
      newest = UUID.randomUUID();
      var reader = newReader(newest);
      reader.epoch(0).recordSamples(1);
      LocalScans.readerEnded(newest, reader);
    }
    assertThat(LocalScans.epochs(oldest)).isEmpty();
    assertThat(LocalScans.epochs(newest).get(0L).samples()).isEqualTo(1);
    assertThat(LocalScans.totals(running).samples()).as("it has a reader").isEqualTo(1);
  }

  @Test
  void totalsHaveTheEpochsThatAreNotKept() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.totals(scan)).isEqualTo(Snapshot.NONE);
    for (int part = 0; part < 2; part++) {
      var reader = newReader(scan);
      for (long epoch = 0; epoch < 100; epoch++) {
        reader.epoch(epoch).recordAccess(AccessKind.HIT, 3);
      }
      LocalScans.readerEnded(scan, reader);
    }
    newReader(scan).epoch(200).recordAccess(AccessKind.MISS, 5);

    assertThat(LocalScans.totals(scan).all()).isEqualTo(new Accesses(201, 605));
    assertThat(LocalScans.epochs(scan)).hasSizeLessThanOrEqualTo(65);
  }

  @Test
  void tellsPartsAndTheBound() {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.bound(scan)).isEqualTo(1);
    var first = newReader(scan);
    var second = newReader(scan);
    first.setSizes(400, 100);
    second.setSizes(400, 100);
    first.part(0).recordAccess(AccessKind.HIT, 1);
    first.part(1).recordAccess(AccessKind.MISS, 20);
    second.part(1).recordAccess(AccessKind.HIT, 300);
    LocalScans.readerEnded(scan, first);

    assertThat(LocalScans.bound(scan)).isEqualTo(0.25);
    assertThat(LocalScans.parts(scan)).containsOnlyKeys(0, 1);
    assertThat(LocalScans.parts(scan).get(1).of(AccessKind.MISS)).isEqualTo(new Accesses(1, 20));
    assertThat(LocalScans.parts(scan).get(1).all()).isEqualTo(new Accesses(2, 320));
    LocalScans.readerEnded(scan, second);
    assertThat(LocalScans.bound(scan)).isEqualTo(0.25);
    assertThat(LocalScans.parts(scan).get(1).all()).isEqualTo(new Accesses(2, 320));
  }

  @Test
  void resetsWhatItTellsButNotWhatAccumulatorsAreTold() {
    UUID scan = UUID.randomUUID();
    var ended = newReader(scan);
    ended.epoch(0).recordAccess(AccessKind.MISS, 10);
    LocalScans.readerEnded(scan, ended);
    var running = newReader(scan);
    running.epoch(0).recordAccess(AccessKind.HIT, 20);
    running.part(0).recordAccess(AccessKind.HIT, 20);

    LocalScans.reset(scan);

    assertThat(LocalScans.totals(scan)).isEqualTo(Snapshot.NONE);
    assertThat(LocalScans.parts(scan).get(0)).isEqualTo(Snapshot.NONE);
    running.epoch(1).recordAccess(AccessKind.HIT, 7);
    assertThat(LocalScans.totals(scan).all()).isEqualTo(new Accesses(1, 7));
    assertThat(LocalScans.totals(scan).hitRate()).isEqualTo(1);
    assertThat(LocalScans.counts(scan))
        .containsEntry("cacheHitBytes", 27L)
        .containsEntry("cacheMissBytes", 10L);
    LocalScans.reset(UUID.randomUUID());
  }

  @Test
  void countsOfACacheWhatItDidWhileTheScanHadReaders() throws Exception {
    UUID scan = UUID.randomUUID();
    assertThat(LocalScans.counts(scan)).isEmpty();
    evict();
    var first = newReader(scan);
    var second = newReader(scan);
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 0L);
    evict();
    LocalScans.readerEnded(scan, first);
    evict();
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 2L);
    LocalScans.readerEnded(scan, second);
    evict();
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 2L);

    var third = newReader(scan);
    evict();
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 3L);
    LocalScans.readerEnded(scan, third);
    assertThat(LocalScans.counts(scan)).containsEntry("evictions", 3L);
  }

  /** Fills the cache with one extent and drives it out with working memory. */
  private static void evict() throws Exception {
    long before = CACHE.statistics().evictions();
    ObjectVersion version = new ObjectVersion(90_000, 1, "");
    Extent extent = new Extent(ObjectLocation.of("test://data/x"), version, 0, 90_000);
    ExtentCache.Access access = new ExtentCache.Access("evict", true);
    CACHE.acquire(extent, (wanted, target) -> {}, access).close();
    CACHE.workingMemory().reserveNow(90_000).close();
    assertThat(CACHE.statistics().evictions()).isEqualTo(before + 1);
  }
}
