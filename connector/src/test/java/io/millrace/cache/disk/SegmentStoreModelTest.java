// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.AccessPlan;
import io.millrace.cache.CachePolicies;
import io.millrace.cache.CachePolicy;
import io.millrace.cache.Extent;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.ByteChunks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random sequences of operations against a map that keeps what the policy says. */
@Tag("unit")
final class SegmentStoreModelTest {

  private static final long CAPACITY = 1 << 20;

  /** Half of them are read twice an epoch. Nothing is worth nothing: use then does not matter. */
  private static final AccessPlan PLAN =
      extent -> 1 + Math.floorMod(extent.object().uri().hashCode(), 2);

  /** So long that extents leave the store for other reasons, too. */
  private static final Duration TTL = Duration.ofMinutes(10);

  @TempDir Path directory;

  private final TestingClock clock = new TestingClock();
  private long expired;
  private long expiredWhileClosed;

  private final List<Extent> extents = new ArrayList<>();

  /** What a store should hold: no files, no segments, the same policy. */
  private static final class Model {
    private final long bound = StoreLimits.of(CAPACITY, true, 1 << 30).liveBound(CAPACITY);
    private final Map<Extent, Long> kept = new HashMap<>();
    private final Map<Extent, Integer> minuteOfFetch = new HashMap<>();
    private CachePolicy policy;
    private long evictions;
    private long rejections;
    private long expirations;
    private int minute;

    Model(String name) {
      policy = CachePolicies.named(name);
      policy.onPlans(List.of(PLAN));
    }

    /** Something that was fetched some minutes ago. */
    void write(Extent extent, int age) {
      if (kept.containsKey(extent)) {
        return;
      }
      long bytes = TestingStore.recordBytes(extent);
      while (bytes() + bytes > bound) {
        Extent victim = policy.victim(extent);
        if (victim == null) {
          rejections++;
          return;
        }
        remove(victim);
        evictions++;
      }
      kept.put(extent, bytes);
      minuteOfFetch.put(extent, minute - age);
      policy.onUnpinned(extent);
    }

    void use(Extent extent) {
      if (kept.containsKey(extent)) {
        policy.onUnpinned(extent);
      }
    }

    void remove(Extent extent) {
      if (kept.remove(extent) != null) {
        policy.onPinnedOrRemoved(extent);
      }
    }

    void pass(int minutes) {
      minute += minutes;
      for (Extent extent : List.copyOf(kept.keySet())) {
        if (minute - minuteOfFetch.get(extent) >= TTL.toMinutes()) {
          remove(extent);
          expirations++;
        }
      }
    }

    long bytes() {
      return kept.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void holdsWhatTheModelHolds(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 150; i++) {
      extents.add(TestingStore.extent(i, 1 + random.nextInt(i % 10 == 0 ? 120_000 : 20_000)));
    }
    Model model = new Model("plan");
    TestingStore store = open();
    for (int step = 0; step < 1500; step++) {
      Extent extent = extents.get(random.nextInt(extents.size()));
      int draw = random.nextInt(1000);
      if (draw < 500) {
        int age = random.nextInt(3);
        store.write(extent, clock.ago(Duration.ofMinutes(age)));
        model.write(extent, age);
      } else if (draw < 900) {
        assertThat(store.read(extent)).isEqualTo(model.kept.containsKey(extent));
        store.store.use(extent, "epoch");
        model.use(extent);
      } else if (draw < 960) {
        store.store.discard(extent);
        model.remove(extent);
      } else if (draw < 988) {
        int minutes = random.nextInt(3);
        clock.pass(Duration.ofMinutes(minutes));
        model.pass(minutes);
      } else if (draw < 990) {
        store.store.clear();
        List.copyOf(model.kept.keySet()).forEach(model::remove);
      } else {
        store.store.maintain();
        assertThat(store.store.counts().evictions()).isEqualTo(model.evictions);
        assertThat(store.store.counts().rejections()).isEqualTo(model.rejections);
        assertThat(store.store.counts().expirations()).isEqualTo(model.expirations);
        store.close();
        pass(model, random.nextInt(3));
        store = open();
      }
      compare(store, model);
    }
    for (Extent extent : extents) {
      assertThat(store.read(extent)).isEqualTo(model.kept.containsKey(extent));
    }
    assertThat(store.store.counts().damages()).isZero();
    assertThat(expired).isGreaterThan(50);
    assertThat(expiredWhileClosed).isPositive();
    store.close();
  }

  /** While no process has the store. */
  private void pass(Model model, int minutes) {
    expired += model.expirations;
    model.evictions = 0;
    model.rejections = 0;
    model.expirations = 0;
    clock.pass(Duration.ofMinutes(minutes));
    clock.restart();
    model.pass(minutes);
    expiredWhileClosed += model.expirations;
  }

  private TestingStore open() throws Exception {
    TestingStore store =
        TestingStore.open(
            directory,
            "plan",
            CAPACITY,
            DiskFiles.REAL,
            CompressionMode.NONE,
            List.of(),
            clock.ttl(TTL));
    store.store.setPlans(List.of(PLAN));
    // The policy asks the plan about a few at a time; of those that are used it knows at once.
    extents.forEach(extent -> store.store.use(extent, "begin"));
    return store;
  }

  private void compare(TestingStore store, Model model) throws Exception {
    SegmentStore.Counts counts = store.store.counts();
    assertThat(counts.extents()).isEqualTo(model.kept.size());
    assertThat(counts.liveBytes()).isEqualTo(model.bytes());
    assertThat(counts.bytes()).isLessThanOrEqualTo(CAPACITY);
    assertThat(TestingStore.bytesOnDisk(directory)).isLessThanOrEqualTo(counts.bytes());
    assertThat(extents.stream().filter(e -> store.store.contains(e) != model.kept.containsKey(e)))
        .as("extents that are in one of the two only")
        .isEmpty();
  }

  @Test
  void removesWhatWasUsedLongestAgoUnderLru() throws Exception {
    try (TestingStore store = TestingStore.open(directory, "lru", CAPACITY, DiskFiles.REAL)) {
      for (int i = 0; i < 5; i++) {
        store.write(TestingStore.extent(i, 100_000));
      }
      store.store.use(TestingStore.extent(0, 100_000), "epoch");
      for (int i = 5; i < 8; i++) {
        assertThat(store.write(TestingStore.extent(i, 100_000))).isTrue();
      }
      assertThat(store.read(TestingStore.extent(0, 100_000))).isTrue();
      assertThat(store.read(TestingStore.extent(1, 100_000))).isFalse();
      assertThat(store.read(TestingStore.extent(7, 100_000))).isTrue();
    }
  }

  /**
   * Four times as much as it holds goes by, in a random order, for some epochs. Of what was let in
   * little is moved; once the set is found nothing is written any more.
   */
  @Test
  void writesLittleMoreThanWhatItLetsIn() throws Exception {
    Random random = new Random(5);
    long capacity = 8 << 20;
    for (int i = 0; i < 3000; i++) {
      extents.add(TestingStore.extent(i, 10_000));
    }
    try (TestingStore store = TestingStore.open(directory, "plan", capacity, DiskFiles.REAL)) {
      store.store.setPlans(List.of(extent -> 1));
      long admitted = 0;
      for (int epoch = 0; epoch < 2; epoch++) {
        Collections.shuffle(extents, random);
        for (Extent extent : extents) {
          if (!store.store.contains(extent) && store.write(extent)) {
            admitted += TestingStore.recordBytes(extent);
          }
        }
        if (epoch == 0) {
          SegmentStore.Counts counts = store.store.counts();
          assertThat((double) counts.writtenBytes() / admitted).isBetween(1.0, 1.5);
          store.store.resetCounters();
        }
      }
      assertThat(store.store.counts().writes()).as("the second epoch").isZero();
      assertThat(store.store.counts().liveBytes())
          .isGreaterThan(store.store.retainableBytes() * 98 / 100);
    }
  }

  @Test
  void takesLessRoomForWhatCanBeCompressed() throws Exception {
    Extent extent = TestingStore.extent(1, 300_000);
    byte[][] chunks = {new byte[ByteChunks.CHUNK_SIZE], new byte[37_920]};
    var zeros = ByteChunks.over(chunks, 300_000);
    try (TestingStore store =
        TestingStore.open(directory, "plan", CAPACITY, DiskFiles.REAL, CompressionMode.ZSTD)) {
      assertThat(store.store.write(extent, zeros, System.nanoTime(), List.of())).isTrue();
      assertThat(store.store.counts().liveBytes()).isLessThan(10_000);
    }
    try (TestingStore store =
        TestingStore.open(directory, "plan", CAPACITY, DiskFiles.REAL, CompressionMode.NONE)) {
      var target = TestingStore.bytesOf(extent);
      assertThat(store.store.read(extent, target)).isPresent();
      assertThat(target.copy(0, 300_000)).containsOnly(0);
    }
  }
}
