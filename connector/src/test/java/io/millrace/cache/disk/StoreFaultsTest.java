// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.Extent;
import io.millrace.cache.compression.CompressionMode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose disk fails at one place: the rest goes on, and nothing is lost that is whole. */
@Tag("unit")
class StoreFaultsTest {

  private static final long CAPACITY = 2 << 20;

  /** How much the file system lacks in some tests. */
  private static final long LACK = 200_000;

  private static final int LENGTH = 10_000;
  private static final int COUNT = 60;

  @TempDir Path directory;

  private final TestingDisk disk = new TestingDisk();

  private TestingStore open() throws IOException {
    TestingStore store = TestingStore.open(directory, "lru", CAPACITY, disk);
    store.store.setPlans(List.of(extent -> 1));
    return store;
  }

  private static Extent extent(int number) {
    return TestingStore.extent(number, LENGTH);
  }

  /** Ten segments of six records each. */
  private List<Path> fill() throws IOException {
    try (TestingStore store = open()) {
      for (int i = 0; i < COUNT; i++) {
        assertThat(store.write(extent(i))).isTrue();
      }
      return store.directory.segments();
    }
  }

  private static long found(TestingStore store) throws IOException {
    long found = 0;
    for (int i = 0; i < COUNT; i++) {
      found += store.read(extent(i)) ? 1 : 0;
    }
    return found;
  }

  private void failOn(String operation, Path path, long from) {
    disk.fault =
        (done, file, position) -> {
          if (done.equals(operation) && file.equals(path) && position >= from) {
            throw new IOException("Input/output error");
          }
        };
  }

  private void works() {
    disk.fault = (operation, file, position) -> {};
  }

  @Test
  void losesNothingWhenItsOpeningIsInterrupted() throws Exception {
    List<Path> segments = fill();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(this::open).isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    // And not at the begin only.
    disk.fault =
        (operation, file, position) -> {
          if (operation.equals("read") && file.equals(segments.get(3))) {
            throw new ClosedByInterruptException();
          }
        };
    assertThatThrownBy(this::open).isInstanceOf(ClosedByInterruptException.class);
    works();
    try (TestingStore store = open()) {
      assertThat(found(store)).isEqualTo(COUNT);
    }
  }

  @Test
  void keepsASegmentThatCannotBeReadForNow() throws Exception {
    List<Path> segments = fill();
    failOn("read", segments.get(2), 0);
    try (TestingStore store = open()) {
      assertThat(found(store)).isBetween(50L, 58L);
      store.store.maintain();
      assertThat(segments).allMatch(Files::exists);
    }
    works();
    try (TestingStore store = open()) {
      assertThat(found(store)).isEqualTo(COUNT);
    }
  }

  @Test
  void keepsTheRestOfASegmentThatCannotBeReadToItsEnd() throws Exception {
    List<Path> segments = fill();
    failOn("read", segments.get(2), LENGTH);
    try (TestingStore store = open()) {
      assertThat(store.store.counts().extents()).isBetween(51L, 58L);
      store.store.maintain();
      for (int i = 0; i < COUNT; i++) {
        store.store.discard(extent(i));
      }
      store.store.maintain();
      assertThat(segments.get(2)).exists();
      assertThat(segments.get(1)).doesNotExist();
      store.store.clear();
      store.store.maintain();
      assertThat(store.store.counts().bytes()).isZero();
      assertThat(segments).noneMatch(Files::exists);
    }
  }

  @Test
  void goesOnWithoutASegmentThatCannotBeOpened() throws Exception {
    List<Path> segments = fill();
    Path last = segments.get(segments.size() - 1);
    failOn("open", last, 0);
    try (TestingStore store = open()) {
      assertThat(found(store)).isBetween(50L, 59L);
      long bytes = store.store.counts().bytes();
      assertThat(bytes).isGreaterThanOrEqualTo(TestingStore.bytesOnDisk(directory));
      for (int i = 100; i < 300; i++) {
        store.write(extent(i));
        assertThat(TestingStore.bytesOnDisk(directory)).isLessThanOrEqualTo(CAPACITY);
      }
      assertThat(store.write(extent(300))).as("there is room beside it").isTrue();
      assertThat(last).exists();
    }
    works();
    try (TestingStore store = open()) {
      assertThat(found(store)).as("what is in it").isPositive();
    }
    failOn("open", last, 0);
    try (TestingStore store = open()) {
      store.store.clear();
      store.store.maintain();
      assertThat(store.store.counts().bytes()).isZero();
      assertThat(last).doesNotExist();
    }
  }

  @Test
  void readsNothingOfSegmentsThatBelongToNobody() throws Exception {
    List<Path> segments = fill();
    Files.delete(segments.get(0).resolveSibling("identity"));
    AtomicInteger reads = new AtomicInteger();
    disk.fault = (operation, file, position) -> reads.addAndGet(operation.equals("read") ? 1 : 0);
    try (TestingStore store = open()) {
      assertThat(store.store.counts().bytes()).isZero();
      assertThat(segments).noneMatch(Files::exists);
      assertThat(reads).hasValue(0);
    }
  }

  @Test
  void dropsARecordThatCannotBeMoved() throws Exception {
    List<Path> segments = fill();
    try (TestingStore store = open()) {
      // Gaps everywhere, so that less room means moves.
      for (int i = 0; i < COUNT; i += 2) {
        store.store.discard(extent(i));
      }
      store.store.maintain();
      AtomicBoolean failed = new AtomicBoolean();
      disk.fault =
          (operation, file, position) -> {
            if (operation.equals("read") && position > 3 * LENGTH && position < 4 * LENGTH) {
              failed.set(true);
              throw new IOException("Input/output error");
            }
          };
      Files.newByteChannel(segments.get(4), StandardOpenOption.WRITE).truncate(LENGTH).close();
      long before = store.store.counts().bytes();
      disk.space = new DiskFiles.Space(-LACK, 1 << 30);

      store.store.maintain();

      works();
      assertThat(failed).isTrue();
      assertThat(store.store.counts().damages()).isPositive();
      assertThat(store.store.counts().writes()).as("moves").isPositive();
      long extents = store.store.counts().extents();
      assertThat(found(store)).isBetween(1L, extents);
      assertThat(store.store.counts().bytes()).isLessThanOrEqualTo(before - LACK);
    }
  }

  @Test
  void marksLaterWhatItCouldNotMarkAtOnce() throws Exception {
    List<Path> segments = fill();
    try (TestingStore store = open()) {
      for (int i = 0; i < COUNT; i += 3) {
        store.store.discard(extent(i));
      }
      failOn("write", segments.get(3), 0);
      assertThatThrownBy(store.store::maintain).hasMessage("Input/output error");
      works();
      store.store.maintain();
    }
    try (TestingStore store = open()) {
      for (int i = 0; i < COUNT; i++) {
        assertThat(store.read(extent(i))).as("%d", i).isEqualTo(i % 3 != 0);
      }
    }
  }

  @Test
  void keepsWhatIsWorthMostWhenThereIsLessRoomThanBefore() throws Exception {
    List<Extent> worth = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      worth.add(extent(i));
    }
    fill();
    List<Extent> most = worth.subList(0, 20);
    disk.space = new DiskFiles.Space(-LACK, 1 << 30);
    try (TestingStore store =
        TestingStore.open(
            directory,
            "plan",
            CAPACITY,
            disk,
            CompressionMode.NONE,
            List.of(extent -> most.contains(extent) ? 2 : 1))) {
      assertThat(store.store.counts().extents()).isBetween(20L, 45L);
      assertThat(most).allMatch(store.store::contains);
    }
  }

  @Test
  void tellsOfLessRoom() throws Exception {
    try (TestingStore store = open()) {
      long before = store.store.retainableBytes();
      assertThat(before).isGreaterThan(CAPACITY / 2);
      disk.space = new DiskFiles.Space(CAPACITY / 3, 1 << 30);
      store.store.maintain();
      assertThat(store.store.retainableBytes()).isBetween(1L, CAPACITY / 2);
    }
  }
}
