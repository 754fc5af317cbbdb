// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static io.millrace.cache.disk.TestingTier.FIRST;
import static io.millrace.cache.disk.TestingTier.SECOND;
import static io.millrace.cache.disk.TestingTier.extent;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.CacheStatistics;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Extents that become too old in memory, on disk, between them and while no process runs. */
@Tag("unit")
@Timeout(120)
final class DiskTtlTest {

  private static final Duration TTL = Duration.ofMinutes(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final long SIZE = 8 << 20;

  /** Five times what the memory holds. */
  private static final int COUNT = 50;

  @TempDir Path directory;

  private final TestingDisk files = new TestingDisk();
  private final TestingClock clock = new TestingClock();
  private CompressionMode mode = CompressionMode.NONE;
  private int epochs;

  /** A process that finds what the one before it left. */
  private TestingTier open() {
    return open(TTL);
  }

  private TestingTier open(Duration ttl) {
    clock.restart();
    return new TestingTier(
        TestingTier.Setup.of(files).with(mode).withTime(clock.time(ttl)), SIZE, directory);
  }

  private static void readAll(TestingTier tier, Access access, Touch expected) throws Exception {
    for (int i = 0; i < COUNT; i++) {
      assertThat(tier.touch(extent(i), access)).as("%d", i).isEqualTo(expected);
      tier.awaitWritten();
    }
  }

  /** What asking anew is, of an epoch that has not asked before. */
  private Touch again(TestingTier tier, int number) throws Exception {
    return tier.touch(extent(number), new Access("again " + epochs++, true));
  }

  private void leaveOnDisk() throws Exception {
    try (TestingTier tier = open()) {
      readAll(tier, FIRST, Touch.FETCHED);
    }
  }

  @ParameterizedTest
  @EnumSource(CompressionMode.class)
  void servesUntilItIsTooOldAndFetchesAgainThen(CompressionMode compression) throws Exception {
    mode = compression;
    try (TestingTier tier = open()) {
      readAll(tier, FIRST, Touch.FETCHED);
      clock.pass(TTL.minus(MILLI));
      readAll(tier, SECOND, Touch.RESIDENT);

      clock.pass(MILLI);

      for (int i = 0; i < COUNT; i++) {
        assertThat(tier.cache.isResident(extent(i))).isFalse();
      }
      CacheStatistics statistics = tier.cache.statistics();
      assertThat(statistics.disk().expirations()).isEqualTo(COUNT);
      assertThat(statistics.disk().evictions()).isZero();
      assertThat(statistics.disk().extents()).isZero();
      assertThat(statistics.retainedExtents()).isZero();
      assertThat(tier.cache.expansion()).isEqualTo(1);
      Await.until("room is given back", () -> tier.cache.statistics().disk().bytes() == 0);
      assertThat(TestingStore.bytesOnDisk(directory)).isZero();
      readAll(tier, new Access("epoch 2", true), Touch.FETCHED);
      clock.pass(TTL.minus(MILLI));
      readAll(tier, new Access("epoch 3", true), Touch.RESIDENT);
      assertThat(tier.fetched).hasValue(2 * COUNT);
    }
  }

  @ParameterizedTest
  @EnumSource(CompressionMode.class)
  void growsOldWhileNoProcessRuns(CompressionMode compression) throws Exception {
    mode = compression;
    leaveOnDisk();
    clock.pass(MINUTE.multipliedBy(5));
    try (TestingTier tier = open()) {
      readAll(tier, FIRST, Touch.RESIDENT);
    }
    clock.pass(MINUTE.multipliedBy(4));
    try (TestingTier tier = open()) {
      readAll(tier, SECOND, Touch.RESIDENT);
      clock.pass(MINUTE);
      assertThat(again(tier, 0)).as("by use it became no younger").isEqualTo(Touch.FETCHED);
      assertThat(tier.cache.statistics().disk().expirations()).isEqualTo(COUNT);
      tier.awaitWritten();
    }
    clock.pass(MINUTE.multipliedBy(9));
    try (TestingTier tier = open()) {
      assertThat(again(tier, 0)).as("of the second fetch").isEqualTo(Touch.RESIDENT);
      assertThat(again(tier, 1)).isEqualTo(Touch.FETCHED);
    }
  }

  @Test
  void leavesNothingOnDiskOfWhatWasTooOldAtTheStart() throws Exception {
    leaveOnDisk();
    assertThat(TestingStore.bytesOnDisk(directory)).isPositive();
    clock.pass(TTL);
    try (TestingTier tier = open()) {
      assertThat(tier.cache.statistics().disk().expirations()).isEqualTo(COUNT);
      assertThat(tier.cache.statistics().disk().extents()).isZero();
      assertThat(TestingStore.bytesOnDisk(directory)).isZero();
    }
  }

  @Test
  void keepsItsAgeWhenItIsTakenUpIntoMemory() throws Exception {
    try (TestingTier tier = open()) {
      readAll(tier, FIRST, Touch.FETCHED);
      tier.memory.clear();
      clock.pass(MINUTE.multipliedBy(9));
      assertThat(again(tier, 3)).isEqualTo(Touch.RESIDENT);
      assertThat(tier.memory.isResident(extent(3))).isTrue();

      clock.pass(MINUTE);

      assertThat(tier.memory.isResident(extent(3))).isFalse();
      assertThat(again(tier, 3)).isEqualTo(Touch.FETCHED);
      assertThat(tier.cache.statistics().expirations()).isEqualTo(1);
    }
  }

  /** It is offered to the disk anew with the age that it has. */
  @Test
  void keepsItsAgeOnTheWayBackToDisk() throws Exception {
    leaveOnDisk();
    clock.pass(MINUTE.multipliedBy(6));
    try (TestingTier tier = open()) {
      assertThat(again(tier, 3)).isEqualTo(Touch.RESIDENT);
      tier.disk.discard(extent(3)); // as if it were evicted
      assertThat(again(tier, 3)).isEqualTo(Touch.RESIDENT);
      tier.awaitWritten();
      assertThat(tier.disk.contains(extent(3))).isTrue();
      assertThat(tier.fetched).hasValue(0);
    }
    clock.pass(MINUTE.multipliedBy(3));
    try (TestingTier tier = open()) {
      assertThat(tier.cache.isResident(extent(3))).isTrue();
      clock.pass(MINUTE);
      assertThat(tier.cache.isResident(extent(3))).isFalse();
    }
  }

  @Test
  void countsWhatIsFromTheFutureAsTooOld() throws Exception {
    leaveOnDisk();
    clock.setBack(MILLI);
    try (TestingTier tier = open()) {
      assertThat(again(tier, 0)).isEqualTo(Touch.FETCHED);
      assertThat(tier.cache.statistics().disk().expirations()).isEqualTo(COUNT);
    }
  }

  @Test
  void isNotServedForEverByAClockThatIsSet() throws Exception {
    try (TestingTier tier = open()) {
      tier.touch(extent(0), FIRST);
      tier.awaitWritten();
      clock.setBack(Duration.ofDays(400));
      clock.pass(TTL.minus(MILLI));
      assertThat(again(tier, 0)).isEqualTo(Touch.RESIDENT);
      clock.pass(MILLI);
      assertThat(again(tier, 0)).as("set back").isEqualTo(Touch.FETCHED);

      clock.setForward(Duration.ofDays(800));
      tier.touch(extent(1), FIRST);
      tier.awaitWritten();
      assertThat(again(tier, 0)).as("set forward").isEqualTo(Touch.RESIDENT);
      clock.pass(TTL);
      assertThat(again(tier, 0)).isEqualTo(Touch.FETCHED);
      assertThat(again(tier, 1)).isEqualTo(Touch.FETCHED);
      tier.awaitWritten();
    }
    clock.setBack(Duration.ofDays(400)); // to what it is
    try (TestingTier tier = open()) {
      assertThat(again(tier, 1)).isEqualTo(Touch.FETCHED);
    }
  }

  @Test
  void turningTooOldWhileItIsReadFromDiskIsFetched() throws Exception {
    try (TestingTier tier = open()) {
      tier.touch(extent(0), FIRST);
      tier.awaitWritten();
      tier.memory.clear();
      clock.pass(TTL.minus(MILLI));
      files.fault =
          (operation, file, position) -> {
            if (operation.equals("read")) {
              files.fault = (other, sameFile, place) -> {};
              clock.pass(MILLI);
            }
          };
      assertThat(again(tier, 0)).isEqualTo(Touch.FETCHED);
      assertThat(tier.cache.statistics().disk().damages()).isZero();
    }
  }

  private CountDownLatch blockWrites() {
    CountDownLatch gate = new CountDownLatch(1);
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("write")) {
            await(gate);
          }
        };
    return gate;
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isAsOldOnDiskAsItsFetchAndNotAsItsWrite() throws Exception {
    try (TestingTier tier = open()) {
      CountDownLatch gate = blockWrites();
      tier.touch(extent(0), FIRST);
      tier.touch(extent(1), FIRST);
      clock.pass(MINUTE.multipliedBy(6));
      gate.countDown();
      tier.awaitWritten();
    }
    clock.pass(MINUTE.multipliedBy(3));
    try (TestingTier tier = open()) {
      assertThat(tier.disk.contains(extent(0))).isTrue();
      assertThat(tier.disk.contains(extent(1))).isTrue();
      clock.pass(MINUTE);
      assertThat(tier.disk.contains(extent(0))).isFalse();
      assertThat(tier.disk.contains(extent(1))).isFalse();
    }
  }

  /** The first is being written, the second waits; both have become too old. */
  @Test
  void whatBecameTooOldBeforeItWasWrittenKeepsNothingOut() throws Exception {
    try (TestingTier tier = open()) {
      CountDownLatch gate = blockWrites();
      tier.touch(extent(0), FIRST);
      tier.touch(extent(1), FIRST);
      tier.touch(extent(2), FIRST);
      clock.pass(TTL);

      assertThat(tier.cache.isResident(extent(0))).isFalse();
      assertThat(tier.cache.isResident(extent(1))).isFalse();
      assertThat(again(tier, 0)).isEqualTo(Touch.FETCHED);
      assertThat(again(tier, 1)).isEqualTo(Touch.FETCHED);
      clock.pass(TTL.minus(MILLI));
      gate.countDown();
      tier.awaitWritten();

      tier.memory.clear();
      assertThat(again(tier, 0)).isEqualTo(Touch.RESIDENT);
      assertThat(again(tier, 1)).isEqualTo(Touch.RESIDENT);
      assertThat(tier.disk.contains(extent(2))).as("not asked for again").isFalse();
      assertThat(tier.cache.statistics().disk().skips()).isZero();
      assertThat(tier.memory.workingMemory().reserved()).isLessThanOrEqualTo(64 << 10);
    }
  }

  @Test
  void whatIsHeldPastItsTimeIsNotOffered() throws Exception {
    try (TestingTier tier = open()) {
      PinnedExtent old = tier.cache.acquire(extent(0), tier::fetch, FIRST);
      clock.pass(TTL);
      old.close();
      tier.awaitWritten();
      assertThat(tier.cache.isResident(extent(0))).isFalse();
      assertThat(tier.cache.statistics().disk().writes()).isZero();
    }
  }

  /** That old bytes were found right says nothing of those that were fetched since. */
  @Test
  void whatIsFoundRightOfOldBytesIsNotSaidOfNewOnes() throws Exception {
    try (TestingTier tier = open()) {
      PinnedExtent old = tier.cache.acquire(extent(0), tier::fetch, FIRST);
      clock.pass(TTL);
      assertThat(again(tier, 0)).isEqualTo(Touch.FETCHED);
      tier.awaitWritten();

      old.markIntact();
      old.close();

      tier.memory.clear();
      try (PinnedExtent fresh = tier.cache.acquire(extent(0), tier::fetch, SECOND)) {
        assertThat(fresh.touch()).isEqualTo(Touch.RESIDENT);
        assertThat(fresh.isIntact()).isFalse();
        fresh.markIntact();
      }
      tier.memory.clear();
      try (PinnedExtent known = tier.cache.acquire(extent(0), tier::fetch, SECOND)) {
        assertThat(known.isIntact()).isTrue();
      }
    }
  }

  @Test
  void hasNoLimitWithoutOne() throws Exception {
    leaveOnDisk();
    clock.setBack(Duration.ofDays(400));
    try (TestingTier tier = open(Duration.ZERO)) {
      readAll(tier, FIRST, Touch.RESIDENT);
      assertThat(tier.cache.statistics().disk().expirations()).isZero();
    }
  }
}
