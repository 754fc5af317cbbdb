// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.CacheSettings;
import io.millrace.cache.DiskStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.ExtentCaches;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.TimeToLive;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both tiers together: a memory of about ten extents, and a disk that holds all. */
@Tag("unit")
class DiskBackedExtentCacheTest {

  private static final int LENGTH = 10_000;
  private static final Access FIRST = new Access("epoch 0", true);
  private static final Access SECOND = new Access("epoch 1", true);

  @TempDir Path directory;

  private final AtomicInteger fetched = new AtomicInteger();
  private final TestingDisk files = new TestingDisk();
  private Duration retry = Duration.ofMillis(20);
  private final List<Opened> opened = new ArrayList<>();

  /** A cache and its disk. */
  private record Opened(DiskBackedExtentCache cache, DiskTier disk, ExtentCache memory) {
    void awaitWritten() throws InterruptedException {
      assertThat(disk.awaitWritten(Duration.ofSeconds(30))).isTrue();
    }
  }

  private Opened open(Path... directories) {
    return open(8 << 20, "plan", directories);
  }

  private Opened open(long size, String policy, Path... directories) {
    CacheSettings settings = new CacheSettings(10 * (LENGTH + 500), policy);
    ExtentCache memory = ExtentCaches.inMemory(settings);
    DiskTier disk =
        new DiskTier(
            TestingStore.settings(size, directories),
            new DiskTier.Setup(
                policy,
                CompressionMode.NONE,
                TimeToLive.of(CacheSettings.NO_TTL),
                files,
                new DiskVolume.Timing(retry, Duration.ofMillis(5), Duration.ofSeconds(10))),
            memory,
            16 << 20);
    DiskBackedExtentCache cache = new DiskBackedExtentCache(memory, disk, LocalFiles.AUTO);
    cache.register(extent -> 1);
    Opened both = new Opened(cache, disk, memory);
    opened.add(both);
    return both;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(both -> both.cache().close());
  }

  private static Extent extent(int number) {
    return TestingStore.extent(number, LENGTH);
  }

  private Touch touch(Opened both, Extent extent, Access access) throws Exception {
    try (PinnedExtent pin = both.cache().acquire(extent, this::fetch, access)) {
      assertThat(TestingStore.isRight(extent, pin.bytes())).isTrue();
      return pin.touch();
    }
  }

  private void fetch(Extent extent, ByteChunks target) {
    fetched.incrementAndGet();
    TestingStore.fill(extent, target);
  }

  @Test
  void countsWhatComesFromDiskAsAHit() throws Exception {
    Opened both = open(directory);
    for (int i = 0; i < 50; i++) {
      assertThat(touch(both, extent(i), FIRST)).isEqualTo(Touch.FETCHED);
    }
    both.awaitWritten();
    for (int i = 0; i < 50; i++) {
      assertThat(both.cache().isResident(extent(i))).isTrue();
      assertThat(touch(both, extent(i), SECOND)).as("%d", i).isEqualTo(Touch.RESIDENT);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(touch(both, extent(i), FIRST)).as("%d by the first", i).isEqualTo(Touch.AGAIN);
      assertThat(touch(both, extent(i), SECOND)).as("%d by the second", i).isEqualTo(Touch.AGAIN);
    }
    assertThat(fetched).hasValue(50);
    assertThat(both.cache().statistics().fetches()).isEqualTo(50);
    assertThat(both.cache().statistics().fetchedBytes()).isEqualTo(50 * LENGTH);
    DiskStatistics disk = both.cache().statistics().disk();
    assertThat(disk.state()).isEqualTo(DiskStatistics.OK);
    assertThat(disk.extents()).isEqualTo(50);
    assertThat(disk.writes()).isEqualTo(50);
    assertThat(disk.reads()).isBetween(80L, 150L);
    assertThat(disk.readBytes()).isEqualTo(disk.reads() * LENGTH);
    assertThat(disk.bytes()).isEqualTo(both.disk().statistics().bytes()).isGreaterThan(500_000);

    both.cache().resetStatistics();

    assertThat(both.cache().statistics().fetches()).isZero();
    assertThat(both.cache().statistics().disk().reads()).isZero();
    assertThat(both.cache().statistics().disk().extents()).isEqualTo(50);
  }

  @Test
  void readsNothingFromTheOriginAfterARestart() throws Exception {
    Opened before = open(directory);
    for (int i = 0; i < 40; i++) {
      touch(before, extent(i), FIRST);
      before.awaitWritten();
    }
    before.cache().close();
    Opened after = open(directory);

    for (int i = 0; i < 40; i++) {
      assertThat(touch(after, extent(i), new Access("another job", true)))
          .isEqualTo(Touch.RESIDENT);
    }
    assertThat(fetched).hasValue(40);
    assertThat(after.cache().identity()).isPresent();
  }

  @Test
  void keepsItsNameAcrossRestarts() {
    Opened before = open(directory);
    var identity = before.cache().identity();
    assertThat(identity).isPresent();
    before.cache().close();
    assertThat(open(directory).cache().identity()).isEqualTo(identity);
  }

  @Test
  void givesBackAllMemoryThatWaitedToBeWritten() throws Exception {
    Opened both = open(directory);
    for (int i = 0; i < 30; i++) {
      touch(both, extent(i), FIRST);
    }
    both.awaitWritten();
    Await.until(
        "only the index is reserved",
        () -> both.memory().workingMemory().reserved() <= Math.max(64 << 10, 30 * 600));
    assertThat(both.memory().statistics().retainedBytes())
        .isLessThanOrEqualTo(both.memory().statistics().capacityBytes());
  }

  @Test
  void writesNothingThatIsNotToStayOrWasFoundWrong() throws Exception {
    Opened both = open(directory);
    touch(both, extent(1), new Access("last epoch", false));
    PinnedExtent wrong = both.cache().acquire(extent(2), this::fetch, FIRST);
    PinnedExtent alsoWrong = both.cache().acquire(extent(2), this::fetch, FIRST);
    both.cache().discard(extent(2));
    wrong.close();
    alsoWrong.close();
    both.awaitWritten();
    assertThat(both.disk().contains(extent(1))).isFalse();
    assertThat(both.disk().contains(extent(2))).isFalse();
    assertThat(both.cache().isResident(extent(2))).isFalse();
  }

  @Test
  void forgetsOnDiskToo() throws Exception {
    Opened both = open(directory);
    for (int i = 0; i < 5; i++) {
      touch(both, extent(i), FIRST);
    }
    both.awaitWritten();
    both.cache().discard(extent(0));
    assertThat(both.cache().isResident(extent(0))).isFalse();
    assertThat(both.cache().isResident(extent(1))).isTrue();

    both.cache().clear();

    assertThat(both.cache().isResident(extent(1))).isFalse();
    Await.until("its files are gone", () -> both.cache().statistics().disk().bytes() == 0);
    assertThat(touch(both, extent(1), SECOND)).isEqualTo(Touch.FETCHED);
  }

  @Test
  void fetchesAnewWhatDoesNotMatchAChecksum() throws Exception {
    Opened both = open(directory);
    touch(both, extent(1), FIRST);
    both.awaitWritten();
    both.memory().discard(extent(1));
    // As if the object had been verified meanwhile with other bytes.
    both.cache().checksums().record(extent(1), 12345);

    assertThatThrownBy(() -> touch(both, extent(1), SECOND))
        .hasMessageContaining("had 00003039 when the object matched its published hash");
    assertThat(fetched).as("not from disk").hasValue(2);
    assertThat(both.disk().contains(extent(1))).isFalse();
  }

  @Test
  void remembersThatBytesAreIntact() throws Exception {
    Opened both = open(directory);
    try (PinnedExtent pin = both.cache().acquire(extent(1), this::fetch, FIRST)) {
      pin.markIntact();
    }
    both.awaitWritten();
    both.memory().clear();
    try (PinnedExtent pin = both.cache().acquire(extent(1), this::fetch, SECOND)) {
      assertThat(pin.isIntact()).isTrue();
    }
  }

  @Test
  void leavesLocalFilesWhereTheyAre() throws Exception {
    Opened both = open(directory);
    Extent local =
        new Extent(
            ObjectLocation.of(directory.resolve("data/x.mds").toUri().toString()),
            new ObjectVersion(LENGTH, 1, ""),
            0,
            LENGTH);
    assertThat(touch(both, local, FIRST)).isEqualTo(Touch.FETCHED);
    both.awaitWritten();
    assertThat(both.disk().contains(local)).isFalse();
    assertThat(touch(both, local, SECOND)).isEqualTo(Touch.RESIDENT);
    assertThat(both.cache().keeps(ObjectLocation.of("s3://bucket/data"))).isTrue();
    assertThat(both.cache().keeps(ObjectLocation.of("file:/"))).isFalse();
    assertThat(LocalFiles.ALWAYS.keeps(local.object())).isTrue();
    assertThat(LocalFiles.NEVER.keeps(local.object())).isFalse();
    assertThat(LocalFiles.isNetwork("nfs4")).isTrue();
    assertThat(LocalFiles.isNetwork("fuse.sshfs")).isTrue();
    assertThat(LocalFiles.isNetwork("ext4")).isFalse();
  }

  @Test
  void takesASubDirectoryOfItsOwnBesideAnotherCache() throws Exception {
    Opened mine = open(directory);
    Opened theirs = open(directory);
    touch(mine, extent(1), FIRST);
    touch(theirs, extent(2), FIRST);
    mine.awaitWritten();
    theirs.awaitWritten();
    assertThat(mine.cache().isResident(extent(2))).isFalse();
    assertThat(theirs.cache().isResident(extent(1))).isFalse();
    assertThat(mine.cache().identity()).isNotEqualTo(theirs.cache().identity());
    assertThat(directory.toFile().list()).contains("millrace-cache-0", "millrace-cache-1");
  }

  @Test
  void spreadsOverSeveralDirectoriesOfWhichOneMayFail() throws Exception {
    Path good = Files.createDirectory(directory.resolve("good"));
    Path bad = Files.writeString(directory.resolve("bad"), "a file, not a directory");
    Path other = Files.createDirectory(directory.resolve("other"));
    Opened both = open(good, bad, other);
    for (int i = 0; i < 60; i++) {
      touch(both, extent(i), FIRST);
      both.awaitWritten();
    }
    assertThat(both.cache().statistics().disk().state()).isEqualTo(DiskStatistics.DEGRADED);
    assertThat(both.cache().statistics().disk().extents()).isEqualTo(60);
    assertThat(TestingStore.bytesOnDisk(good)).isGreaterThan(200_000);
    assertThat(TestingStore.bytesOnDisk(other)).isGreaterThan(200_000);

    Files.delete(bad);

    Await.until(
        "the third one is there",
        () -> both.cache().statistics().disk().state() == DiskStatistics.OK);
  }

  @Test
  void goesOnWithoutADiskThatFails() throws Exception {
    Opened both = open(directory);
    touch(both, extent(1), FIRST);
    both.awaitWritten();
    files.writeError = "Input/output error";
    for (int i = 2; i < 20; i++) {
      touch(both, extent(i), FIRST);
    }
    Await.until("it is off", () -> both.cache().statistics().disk().state() == DiskStatistics.OFF);
    assertThat(touch(both, extent(1), SECOND)).isIn(Touch.FETCHED, Touch.RESIDENT);
    assertThat(both.cache().statistics().disk().skips()).isPositive();

    files.writeError = null;

    Await.until("it is back", () -> both.cache().statistics().disk().state() == DiskStatistics.OK);
    assertThat(both.disk().contains(extent(1))).as("found again").isTrue();
    touch(both, extent(100), FIRST);
    both.awaitWritten();
    assertThat(both.disk().contains(extent(100))).isTrue();
  }

  @Test
  void fetchesWhatADiskCannotRead() throws Exception {
    retry = Duration.ofHours(1);
    Opened both = open(directory);
    for (int i = 0; i < 20; i++) {
      touch(both, extent(i), FIRST);
      both.awaitWritten();
    }
    both.memory().clear();
    files.readError = "Input/output error";
    for (int i = 0; i < 20; i++) {
      assertThat(touch(both, extent(i), SECOND)).isEqualTo(Touch.FETCHED);
    }
    Await.until("it is off", () -> both.cache().statistics().disk().state() == DiskStatistics.OFF);
  }

  @Test
  void keepsLessOnAFullDisk() throws Exception {
    Opened both = open(directory);
    for (int i = 0; i < 100; i++) {
      touch(both, extent(i), FIRST);
      both.awaitWritten();
    }
    files.roomToGrow.set(1000);
    for (int i = 100; i < 150; i++) {
      touch(both, extent(i), FIRST);
      both.awaitWritten();
    }
    DiskStatistics disk = both.cache().statistics().disk();
    assertThat(disk.state()).isEqualTo(DiskStatistics.DEGRADED);
    assertThat(disk.extents()).isBetween(20L, 110L);
    for (int i = 0; i < 150; i++) {
      touch(both, extent(i), SECOND);
    }
  }

  @Test
  void endsReadersThatWereInterruptedAlone() throws Exception {
    Opened both = open(directory);
    touch(both, extent(1), FIRST);
    both.awaitWritten();
    both.memory().clear();
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger interrupts = new AtomicInteger();
    Thread reader =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              try {
                both.cache().acquire(extent(1), this::fetch, SECOND).close();
              } catch (InterruptedException e) {
                interrupts.incrementAndGet();
              } catch (IOException e) {
                throw new AssertionError(e);
              } finally {
                ended.countDown();
              }
            });
    reader.start();
    ended.await();
    reader.join();
    assertThat(interrupts).hasValue(1);
    assertThat(touch(both, extent(1), SECOND)).isEqualTo(Touch.RESIDENT);
    assertThat(fetched).hasValue(1);
  }
}
