// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static io.millrace.cache.disk.TestingTier.FIRST;
import static io.millrace.cache.disk.TestingTier.LENGTH;
import static io.millrace.cache.disk.TestingTier.SECOND;
import static io.millrace.cache.disk.TestingTier.extent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.DiskStatistics;
import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.PinnedExtent.Touch;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of both tiers when a disk fails, and of what waits to be written to it. */
@Tag("unit")
@Timeout(120)
class DiskFaultsTest {

  private static final long SIZE = 8 << 20;

  @TempDir Path directory;

  private final TestingDisk files = new TestingDisk();
  private final TestingTier.Setup setup = TestingTier.Setup.of(files);

  /** Writes wait for it. */
  private final CountDownLatch gate = new CountDownLatch(1);

  private void blockWrites() {
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("write")) {
            awaitGate();
          }
        };
  }

  /** As a disk that does not answer does: no interrupt ends it. */
  private void awaitGate() {
    boolean open = false;
    while (!open) {
      try {
        gate.await();
        open = true;
      } catch (InterruptedException e) {
        // still no answer
      }
    }
  }

  private static void fail(String message) throws IOException {
    throw new IOException(message);
  }

  private Path subdirectory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  @Test
  void findsEverythingWhenItsOpeningWasInterrupted() throws Exception {
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      for (int i = 0; i < 20; i++) {
        tier.touch(extent(i), FIRST);
        tier.awaitWritten();
      }
    }
    Thread.currentThread().interrupt();
    TestingTier.Setup patient = setup.withRetry(Duration.ofHours(1));
    TestingTier tier = new TestingTier(patient, SIZE, directory);
    try (tier) {
      assertThat(Thread.interrupted()).isTrue();
      Await.until("the writer opens it", () -> tier.state() == DiskStatistics.OK);
      for (int i = 0; i < 20; i++) {
        assertThat(tier.touch(extent(i), SECOND)).isEqualTo(Touch.RESIDENT);
      }
    }
  }

  @Test
  void leavesNothingOpenWhenItCannotBeMade() throws Exception {
    Path first = subdirectory("first");
    Path second = subdirectory("second");
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("list") && file.startsWith(second)) {
            throw new IllegalStateException("A fault of its own");
          }
        };
    assertThatThrownBy(() -> new TestingTier(setup, SIZE, first, second))
        .hasMessage("A fault of its own");
    try (StoreDirectory again = StoreDirectory.claim(first, DiskFiles.REAL)) {
      assertThat(again.path()).hasFileName("millrace-cache-0");
    }
    assertThat(System.getProperties().stringPropertyNames())
        .noneMatch(name -> name.contains(directory.toString()));
  }

  @Test
  void goesOnAfterAnErrorOfTheWriter() throws Exception {
    AtomicBoolean fails = new AtomicBoolean(true);
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("write") && fails.get()) {
            throw new StackOverflowError("made up");
          }
        };
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      for (int i = 0; i < 30; i++) {
        tier.touch(extent(i), FIRST);
      }
      tier.awaitWritten();
      Await.until(
          "nothing waits any more",
          () -> tier.memory.workingMemory().reserved() <= Math.max(64 << 10, 30 * 600));
      fails.set(false);
      Await.until("it is on again", () -> tier.state() == DiskStatistics.OK);
      tier.touch(extent(100), FIRST);
      tier.awaitWritten();
      assertThat(tier.disk.contains(extent(100))).isTrue();
    }
  }

  @Test
  void takesAQuarterOfTheMemoryForWhatWaits() throws Exception {
    long memory = 4 << 20;
    blockWrites();
    TestingTier.Setup compressed =
        setup.with(CompressionMode.AUTO).withMemory(memory, memory).withRetry(Duration.ofHours(1));
    try (TestingTier tier = new TestingTier(compressed, SIZE, directory)) {
      for (int i = 0; i < 300; i++) {
        tier.touch(extent(i), FIRST);
      }
      assertThat(tier.cache.statistics().disk().skips()).isPositive();
      assertThat(tier.memory.workingMemory().reserved())
          .isBetween(memory / 5, memory / 4 + (64 << 10));
      gate.countDown();
    }
  }

  /** A second reader pins the wrong bytes out of memory while the first one discards them. */
  @Test
  void writesNothingWrongThatIsPinnedWhileItIsDiscarded() throws Exception {
    AtomicReference<PinnedExtent> pinned = new AtomicReference<>();
    AtomicReference<TestingTier> made = new AtomicReference<>();
    HookedCache.Hook hook =
        extent -> {
          TestingTier tier = made.get();
          if (tier != null && pinned.get() == null) {
            pinned.set(tier.cache.acquire(extent, tier::fetch, SECOND));
          }
        };
    TestingTier.Setup hooked = setup.withBetween(memory -> new HookedCache(memory, hook));
    try (TestingTier tier = new TestingTier(hooked, SIZE, directory)) {
      tier.touch(extent(1), FIRST);
      tier.awaitWritten();
      made.set(tier);

      tier.cache.discard(extent(1));
      pinned.get().close();

      tier.awaitWritten();
      assertThat(pinned.get().touch()).as("the bytes that were wrong").isEqualTo(Touch.RESIDENT);
      assertThat(tier.disk.contains(extent(1))).isFalse();
    }
  }

  @Test
  void fetchesAnewWhatIsDiscardedWhileItIsReadFromDisk() throws Exception {
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      tier.touch(extent(1), FIRST);
      tier.awaitWritten();
      tier.memory.clear();
      AtomicBoolean discarded = new AtomicBoolean();
      files.fault =
          (operation, file, position) -> {
            if (operation.equals("read") && discarded.compareAndSet(false, true)) {
              tier.cache.discard(extent(1));
            }
          };
      assertThat(tier.touch(extent(1), SECOND)).isEqualTo(Touch.FETCHED);
      assertThat(discarded).isTrue();
      assertThat(tier.fetched).hasValue(2);
    }
  }

  @Test
  void clearsWhatWaitsToBeWritten() throws Exception {
    blockWrites();
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      for (int i = 0; i < 8; i++) {
        tier.touch(extent(i), FIRST);
      }
      assertThat(tier.cache.isResident(extent(0))).isTrue();

      tier.cache.clear();
      gate.countDown();
      tier.awaitWritten();

      for (int i = 0; i < 8; i++) {
        assertThat(tier.cache.isResident(extent(i))).as("%d", i).isFalse();
      }
      Await.until("its files are gone", () -> tier.cache.statistics().disk().bytes() == 0);
    }
  }

  @Test
  void findsExtentsInAnotherOrderOfDirectories() throws Exception {
    Path a = subdirectory("a");
    Path b = subdirectory("b");
    Path c = subdirectory("c");
    try (TestingTier tier = new TestingTier(setup, SIZE, a, b, c)) {
      writeSixty(tier);
    }
    try (TestingTier tier = new TestingTier(setup, SIZE, c, a, b)) {
      for (int i = 0; i < 60; i++) {
        assertThat(tier.touch(extent(i), SECOND)).isEqualTo(Touch.RESIDENT);
      }
      assertThat(tier.cache.statistics().disk().extents()).isEqualTo(60);
    }
    // Another directory instead of one of them: the others keep what they have.
    try (TestingTier tier = new TestingTier(setup, SIZE, a, subdirectory("d"), c)) {
      long there = tier.cache.statistics().disk().extents();
      assertThat(there).isBetween(25L, 50L);
      long found = 0;
      for (int i = 0; i < 60; i++) {
        found += tier.touch(extent(i), SECOND) == Touch.RESIDENT ? 1 : 0;
        tier.awaitWritten();
      }
      assertThat(found).isEqualTo(there);
      assertThat(tier.cache.statistics().disk().extents()).isEqualTo(60);
    }
  }

  private static void writeSixty(TestingTier tier) throws Exception {
    for (int i = 0; i < 60; i++) {
      tier.touch(extent(i), FIRST);
      tier.awaitWritten();
    }
  }

  @Test
  void findsWhatWasWrittenWhileADirectoryWasOff() throws Exception {
    Path a = subdirectory("a");
    Path b = subdirectory("b");
    AtomicBoolean broken = new AtomicBoolean(true);
    files.fault =
        (operation, file, position) -> {
          if (broken.get() && file.startsWith(b)) {
            fail("Input/output error");
          }
        };
    try (TestingTier tier = new TestingTier(setup, SIZE, a, b)) {
      writeSixty(tier);
      assertThat(tier.state()).isEqualTo(DiskStatistics.DEGRADED);
      broken.set(false);
      Await.until("both are on", () -> tier.state() == DiskStatistics.OK);
      tier.memory.clear();
      for (int i = 0; i < 60; i++) {
        assertThat(tier.touch(extent(i), SECOND)).isEqualTo(Touch.RESIDENT);
      }
      tier.awaitWritten();
      assertThat(tier.cache.statistics().disk().extents()).as("none twice").isEqualTo(60);
      for (int i = 60; i < 120; i++) {
        tier.touch(extent(i), FIRST);
        tier.awaitWritten();
      }
      assertThat(TestingStore.bytesOnDisk(b)).isPositive();
    }
  }

  /** What is compressed follows from the room of the moment. */
  @Test
  void compressesOnceRoomBecameShort() throws Exception {
    TestingTier.Setup auto =
        setup.with(CompressionMode.AUTO).withMemory(200_000, TestingTier.QUEUE_MEMORY);
    try (TestingTier tier = new TestingTier(auto, SIZE, directory)) {
      tier.plan.close();
      tier.cache.register(new TestingPlan(SIZE / 4));
      touchZeros(tier, 1);
      assertThat(tier.cache.expansion()).isLessThan(1.1);
      long before = tier.cache.retainableBytes();

      files.space = new DiskFiles.Space(SIZE / 8, 1 << 30);
      Await.until("it noticed", () -> tier.cache.retainableBytes() < before / 2);

      touchZeros(tier, 2);
      assertThat(tier.cache.expansion()).isGreaterThan(1.5);
    }
  }

  private static void touchZeros(TestingTier tier, int number) throws Exception {
    Extent extent = TestingStore.extent(number, 50_000);
    tier.cache.acquire(extent, (wanted, target) -> {}, FIRST).close();
    tier.awaitWritten();
  }

  @Test
  void staysOnWhenItsCareFailsNowAndThen() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger opened = new AtomicInteger();
    files.fault =
        (operation, file, position) -> {
          opened.addAndGet(operation.equals("lock") ? 1 : 0);
          if (operation.equals("space") && asked.incrementAndGet() % 4 != 1) {
            fail("Input/output error");
          }
        };
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      Await.until("it was asked often", () -> asked.get() > 60);
      assertThat(opened).as("how often it was opened").hasValue(1);
    }
  }

  @Test
  void goesOffWhenItsCareFailsAgainAndAgain() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("space") && fails.get()) {
            fail("Input/output error");
          }
        };
    TestingTier.Setup patient = setup.withRetry(Duration.ofHours(1));
    try (TestingTier tier = new TestingTier(patient, SIZE, directory)) {
      assertThat(tier.state()).isEqualTo(DiskStatistics.OK);
      fails.set(true);
      Await.until("it is off", () -> tier.state() == DiskStatistics.OFF);
    }
  }

  @Test
  void isNotHeldUpByADiskThatDoesNotAnswer() throws Exception {
    files.fault =
        (operation, file, position) -> {
          if (operation.equals("write") || operation.equals("close")) {
            awaitGate();
          }
        };
    TestingTier tier = new TestingTier(setup.withClose(Duration.ofMillis(100)), SIZE, directory);
    for (int i = 0; i < 5; i++) {
      tier.touch(extent(i), FIRST);
    }
    CompletableFuture<Void> closing = CompletableFuture.runAsync(tier::close);
    try {
      closing.get(20, TimeUnit.SECONDS);
      assertThat(tier.memory.workingMemory().reserved())
          .as("what waited was given up; one is being written, and the index")
          .isLessThanOrEqualTo(LENGTH + (64 << 10));
    } finally {
      gate.countDown();
    }
    Await.until(
        "it is closed once the disk answers",
        () ->
            System.getProperties().stringPropertyNames().stream()
                .noneMatch(name -> name.contains(directory.toString())));
  }

  @Test
  void discardsWhatIsOnADiskThatIsOff() throws Exception {
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      for (int i = 0; i < 20; i++) {
        tier.touch(extent(i), FIRST);
        tier.awaitWritten();
      }
      tier.memory.clear();
      files.readError = "Input/output error";
      AtomicBoolean opens = new AtomicBoolean();
      files.fault =
          (operation, file, position) -> {
            if (operation.equals("lock") && !opens.get()) {
              fail("Input/output error");
            }
          };
      for (int i = 0; i < 8; i++) {
        tier.touch(extent(i), SECOND);
      }
      Await.until("it is off", () -> tier.state() == DiskStatistics.OFF);
      tier.cache.discard(extent(19));
      files.readError = null;
      opens.set(true);
      Await.until("it is on again", () -> tier.state() == DiskStatistics.OK);
      assertThat(tier.disk.contains(extent(18))).isTrue();
      assertThat(tier.disk.contains(extent(19))).isFalse();
    }
  }

  @Test
  void countsOnWhenItIsOpenedAgain() throws Exception {
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      for (int i = 0; i < 20; i++) {
        tier.touch(extent(i), FIRST);
        tier.awaitWritten();
      }
      AtomicInteger opened = new AtomicInteger();
      files.fault =
          (operation, file, position) -> opened.addAndGet(operation.equals("lock") ? 1 : 0);
      files.readError = "Input/output error";
      tier.memory.clear();
      for (int i = 0; i < 20; i++) {
        tier.touch(extent(i), SECOND);
      }
      Await.until("it was off", () -> opened.get() > 0);
      files.readError = null;
      Await.until("it is on again", () -> tier.state() == DiskStatistics.OK);

      assertThat(tier.cache.statistics().disk().writes()).isGreaterThanOrEqualTo(20);

      tier.cache.resetStatistics();
      assertThat(tier.cache.statistics().disk().writes()).isZero();
    }
  }
}
