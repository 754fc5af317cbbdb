// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.Extent;
import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was torn, flipped, cut or replaced on disk is never served. */
@Tag("unit")
class SegmentStoreDamageTest {

  private static final long CAPACITY = 4 << 20;

  @TempDir Path directory;

  private TestingStore open(Path parent, DiskFiles files) throws IOException {
    TestingStore store = TestingStore.open(parent, "plan", CAPACITY, files);
    store.store.setPlans(List.of(extent -> 1));
    return store;
  }

  /** A hundred processes that die at a random byte of what they write, move and mark. */
  @Test
  void servesNothingWrongAfterADeathAtAnyByte() throws Exception {
    Map<String, Integer> deaths = new HashMap<>();
    long evictions = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      String policy = seed % 2 == 0 ? "plan" : "lru";
      Path parent = Files.createDirectory(directory.resolve("seed-" + seed));
      TestingDisk disk = new TestingDisk();
      List<Extent> all = new ArrayList<>();
      TestingStore store = TestingStore.open(parent, policy, 1 << 20, disk);
      store.store.setPlans(List.of(extent -> 1));
      disk.dieAfter(random.nextInt(2_600_000));
      for (int i = 0; i < 200 && !disk.isDead(); i++) {
        Extent extent = TestingStore.extent(i, 1 + random.nextInt(25_000));
        all.add(extent);
        try {
          store.write(extent);
          store.store.discard(all.get(random.nextInt(all.size())));
          store.store.maintain();
        } catch (IOException e) {
          assertThat(disk.isDead()).isTrue();
          deaths.merge(placeOf(e), 1, Integer::sum);
        }
      }
      Set<Extent> whole = new HashSet<>(all);
      whole.removeIf(extent -> !store.store.contains(extent));
      evictions += store.store.counts().evictions();
      store.close();

      try (TestingStore next = TestingStore.open(parent, policy, 1 << 20, DiskFiles.REAL)) {
        for (Extent extent : all) {
          boolean found = next.read(extent);
          if (whole.contains(extent)) {
            assertThat(found).as("seed %d: %s was whole", seed, extent).isTrue();
          }
        }
        assertThat(next.store.counts().damages()).isLessThanOrEqualTo(1);
        assertThat(TestingStore.bytesOnDisk(parent)).isLessThanOrEqualTo(1 << 20);
        Extent another = TestingStore.extent(1000, 10_000);
        next.store.clear();
        assertThat(next.write(another)).isTrue();
        assertThat(next.read(another)).isTrue();
      }
    }
    assertThat(evictions).isGreaterThan(100);
    assertThat(deaths.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(60);
    assertThat(deaths).containsKeys("write", "move");
  }

  /** What a process did when it died. */
  private static String placeOf(IOException death) {
    List<String> calls =
        Arrays.stream(death.getStackTrace()).map(StackTraceElement::getMethodName).toList();
    return calls.contains("move") ? "move" : calls.contains("markDead") ? "mark" : "write";
  }

  @Test
  void findsOneFlippedByteInEachOfAHundredExtents() throws Exception {
    Random random = new Random(1);
    List<Extent> all = new ArrayList<>();
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      for (int i = 0; i < 150; i++) {
        all.add(TestingStore.extent(i, 5_000 + random.nextInt(15_000)));
        assertThat(store.write(all.get(i))).isTrue();
      }
    }
    Map<Extent, Path> files = new HashMap<>();
    Map<Extent, Long> offsets = new HashMap<>();
    locate(files, offsets);
    List<Extent> damaged = all.subList(0, 100);
    for (int i = 0; i < 100; i++) {
      Extent extent = damaged.get(i);
      // Every other one in the header, where it could hide what follows.
      int headerLength = 80 + extent.object().uri().length() + extent.version().tag().length();
      long at = i % 2 == 0 ? random.nextInt(headerLength) : headerLength + random.nextInt(5_000);
      flip(files.get(extent), offsets.get(extent) + at, 1 << random.nextInt(8));
    }

    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      for (Extent extent : all) {
        assertThat(store.read(extent)).as("%s", extent).isEqualTo(!damaged.contains(extent));
        assertThat(store.store.contains(extent)).isEqualTo(!damaged.contains(extent));
      }
      assertThat(store.store.counts().damages()).isBetween(60L, 100L);
      for (Extent extent : damaged) {
        assertThat(store.write(extent)).as("fetched again").isTrue();
        assertThat(store.read(extent)).isTrue();
      }
    }
  }

  private void locate(Map<Extent, Path> files, Map<Extent, Long> offsets) throws IOException {
    try (StoreDirectory claimed = StoreDirectory.claim(directory, DiskFiles.REAL)) {
      for (Path path : claimed.segments()) {
        try (DiskFile file = DiskFiles.REAL.open(path)) {
          new SegmentScan(file, claimed.identity())
              .run(
                  (header, offset) -> {
                    files.put(header.extent(), path);
                    offsets.put(header.extent(), offset);
                  });
        }
      }
    }
  }

  private static void flip(Path path, long at, int bit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ bit);
    }
  }

  @Test
  void servesNothingOfAnotherVersion() throws Exception {
    Extent before = TestingStore.extent(1, 1000);
    Extent after = new Extent(before.object(), new ObjectVersion(1007, 5678, "tag"), 7, 1000);
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      store.write(before);
      assertThat(store.read(after)).isFalse();
      assertThat(store.write(after)).isTrue();
      assertThat(store.read(after)).isTrue();
      assertThat(store.store.contains(before)).as("it was replaced").isFalse();
    }
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      assertThat(store.read(after)).isTrue();
      assertThat(store.read(before)).isFalse();
    }
  }

  @Test
  void findsNothingDiscardedAfterARestart() throws Exception {
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      store.write(TestingStore.extent(1, 1000));
      store.write(TestingStore.extent(2, 1000));
      store.store.discard(TestingStore.extent(1, 1000));
      store.store.maintain();
    }
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      assertThat(store.read(TestingStore.extent(1, 1000))).isFalse();
      assertThat(store.read(TestingStore.extent(2, 1000))).isTrue();
    }
  }

  @Test
  void takesNoRecordOutOfAnObjectsBytes() throws Exception {
    Extent poisoned = TestingStore.extent(9, 1000);
    Extent carrier = TestingStore.extent(1, 4096);
    ByteChunks bytes = ByteChunks.allocate(4096);
    // A record of another store, at a place where one is searched for.
    Path other = Files.createDirectory(directory.resolve("other"));
    try (TestingStore store = open(other, DiskFiles.REAL)) {
      store.write(poisoned);
      byte[] record = Files.readAllBytes(store.directory.segments().get(0));
      int headerLength = 72 + carrier.object().uri().length() + carrier.version().tag().length();
      System.arraycopy(record, 0, bytes.chunks()[0], 128 - headerLength, record.length);
    }
    Path mine = Files.createDirectory(directory.resolve("mine"));
    Path segment;
    try (TestingStore store = open(mine, DiskFiles.REAL)) {
      store.store.write(carrier, bytes, System.nanoTime(), List.of());
      segment = store.directory.segments().get(0);
    }
    flip(segment, 20, 1);

    try (TestingStore store = open(mine, DiskFiles.REAL)) {
      assertThat(store.store.contains(poisoned)).isFalse();
      assertThat(store.store.counts().extents()).isZero();
    }
  }

  @Test
  void goesOnForOthersWhenAReaderIsInterrupted() throws Exception {
    Extent extent = TestingStore.extent(1, 100_000);
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      store.write(extent);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                try {
                  store.read(extent);
                  failure.complete(new AssertionError("not interrupted"));
                } catch (IOException e) {
                  failure.complete(e);
                }
              });
      reader.start();
      assertThat(failure.get()).isInstanceOf(ClosedByInterruptException.class);
      reader.join();

      assertThat(store.read(extent)).isTrue();
      assertThat(store.write(TestingStore.extent(2, 10))).isTrue();
      assertThat(store.store.counts().damages()).isZero();
    }
  }

  @Test
  void keepsAFilesReadersWhileItIsReclaimed() throws Exception {
    Extent extent = TestingStore.extent(1, 50_000);
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      CompletableFuture<Void> reading =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 500; i++) {
                    store.read(extent);
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      while (!reading.isDone()) {
        store.write(extent);
        store.store.discard(extent);
        store.store.maintain();
      }
      reading.get();
      assertThat(store.store.counts().damages()).isZero();
      store.store.maintain();
      Await.until("all is reclaimed", () -> store.store.counts().bytes() == 0);
    }
  }

  @Test
  void keepsToWhatTheDiskHasToGive() throws Exception {
    TestingDisk disk = new TestingDisk();
    try (TestingStore store = open(directory, disk)) {
      for (int i = 0; i < 50; i++) {
        store.write(TestingStore.extent(i, 50_000));
      }
      assertThat(store.store.isNarrow()).isFalse();
      long before = store.store.counts().bytes();
      disk.space = new DiskFiles.Space(-(1 << 20), 1 << 30);

      store.store.maintain();

      assertThat(store.store.isNarrow()).isTrue();
      assertThat(store.store.counts().bytes()).isLessThanOrEqualTo(before - (1 << 20));
      assertThat(TestingStore.bytesOnDisk(directory)).isLessThanOrEqualTo(before - (1 << 20));
      assertThat(store.store.counts().extents()).isPositive();
    }
  }

  @Test
  void cutsOffWhatDidNotFit() throws Exception {
    TestingDisk disk = new TestingDisk();
    try (TestingStore store = open(directory, disk)) {
      assertThat(store.write(TestingStore.extent(1, 10_000))).isTrue();
      disk.roomToGrow.set(5_000);
      assertThatThrownBy(() -> store.write(TestingStore.extent(2, 10_000)))
          .hasMessage("No space left on device");
      disk.roomToGrow.set(Long.MAX_VALUE);
      assertThat(store.write(TestingStore.extent(3, 10_000))).isTrue();
    }
    try (TestingStore store = open(directory, DiskFiles.REAL)) {
      assertThat(store.read(TestingStore.extent(1, 10_000))).isTrue();
      assertThat(store.read(TestingStore.extent(2, 10_000))).isFalse();
      assertThat(store.read(TestingStore.extent(3, 10_000))).isTrue();
      assertThat(store.store.counts().damages()).isZero();
    }
  }
}
