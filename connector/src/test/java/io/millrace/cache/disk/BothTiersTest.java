// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cache.CacheProbe;
import io.millrace.cache.Extent;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.PinnedExtent;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations of some threads on both tiers, with a queue that is often full: fetches that
 * bring wrong bytes or fail, discards, clears, time that passes. Each fetch leaves its number in
 * what it brings.
 */
@Tag("unit")
@Timeout(120)
final class BothTiersTest {

  private static final int THREADS = 4;
  private static final int STEPS = 1_500;
  private static final int EXTENTS = 60;
  private static final long MEMORY = 250_000;
  private static final long SIZE = 1 << 20;
  private static final Duration TTL = Duration.ofMinutes(10);

  @TempDir Path directory;

  private final AtomicLong fetches = new AtomicLong();

  /** Fetches that brought wrong bytes. */
  private final Set<Long> wrong = ConcurrentHashMap.newKeySet();

  /** Those of them that a reader found, and discarded. */
  private final Set<Long> discarded = ConcurrentHashMap.newKeySet();

  private final List<Extent> extents = new ArrayList<>();

  private final TestingClock clock = new TestingClock();

  /** When the bytes of a fetch came, as those said who had them first. */
  private final ConcurrentHashMap<Long, Long> times = new ConcurrentHashMap<>();

  /** When those began who are getting an extent. */
  private final ConcurrentHashMap<Extent, Queue<Long>> underWay = new ConcurrentHashMap<>();

  private volatile boolean originIsRight;

  /** What a reader holds. */
  private record Held(PinnedExtent pin, Extent extent) {}

  /** Half text and half noise, so that it is compressed where it may be. */
  private void fetch(Extent extent, ByteChunks target) throws IOException {
    long number = fetches.incrementAndGet();
    Random random = new Random(~number);
    if (!originIsRight && random.nextInt(10) == 0) {
      throw new IOException("made up");
    }
    if (!originIsRight && random.nextInt(5) == 0) {
      wrong.add(number);
    }
    byte[] bytes = bytesOf(extent, number);
    for (ByteChunks.Segment s = target.first(0, target.length()); s != null; s = s.next()) {
      System.arraycopy(bytes, (int) s.position(), s.array(), s.offset(), s.length());
    }
  }

  private static byte[] bytesOf(Extent extent, long number) {
    byte[] noise = new byte[(int) extent.length() / 2];
    new Random(number).nextBytes(noise);
    return ByteBuffer.allocate((int) extent.length())
        .putLong(number)
        .putInt(extent.hashCode())
        .put(noise, 0, noise.length - 12)
        .array();
  }

  /** The number of the fetch that brought bytes, all of which must be there. */
  private static long numberOf(Extent extent, ByteChunks found) {
    byte[] bytes = found.copy(0, (int) found.length());
    long number = ByteBuffer.wrap(bytes).getLong();
    assertThat(Arrays.equals(bytes, bytesOf(extent, number))).as("%s", extent).isTrue();
    return number;
  }

  @ParameterizedTest
  @EnumSource(CompressionMode.class)
  void keepNothingThatWasDiscardedOrIsTooOld(CompressionMode mode) throws Exception {
    for (int i = 0; i < EXTENTS; i++) {
      extents.add(TestingStore.extent(i, 5_000 + 397L * i));
    }
    TestingTier.Setup setup =
        TestingTier.Setup.of(new TestingDisk())
            .with(mode)
            .withMemory(MEMORY, MEMORY)
            .withTime(clock.time(TTL));
    try (TestingTier tier = new TestingTier(setup, SIZE, directory)) {
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          int seed = i;
          readers.add(threads.submit(() -> read(tier, seed)));
        }
        for (Future<?> reader : readers) {
          reader.get();
        }
      } finally {
        threads.shutdownNow();
      }
      tier.awaitWritten();
      assertThat(tier.cache.statistics().disk().skips()).as("the queue was full").isPositive();
      assertThat(tier.cache.statistics().disk().writes()).isPositive();
      assertThat(tier.cache.statistics().disk().damages()).isZero();
      assertThat(discarded).hasSizeGreaterThan(20);
      Await.until("nobody holds any bytes", () -> CacheProbe.usedBytes(tier.memory) == 0);
      assertThat(tier.memory.workingMemory().reserved())
          .as("of the index")
          .isLessThanOrEqualTo(64 << 10);
      check(tier);
    }
  }

  /** What is served of either tier was not discarded. */
  private void check(TestingTier tier) throws Exception {
    originIsRight = true;
    long onDisk = 0;
    for (Extent extent : extents) {
      ByteChunks target = ByteChunks.allocate(extent.length());
      if (tier.disk.read(extent, target).isPresent()) {
        onDisk++;
        assertThat(discarded).as("on disk").doesNotContain(numberOf(extent, target));
      }
      try (PinnedExtent pin =
          tier.cache.acquire(extent, this::fetch, new Access("the end", true))) {
        assertThat(discarded).as("served").doesNotContain(numberOf(extent, pin.bytes()));
      }
    }
    assertThat(onDisk).isPositive();
    tier.awaitWritten();
    assertThat(extents).anyMatch(tier.cache::isResident);
    clock.pass(TTL);
    assertThat(extents).noneMatch(tier.cache::isResident);
    assertThat(tier.cache.statistics().expirations()).isPositive();
    assertThat(tier.cache.statistics().disk().expirations()).isPositive();
    tier.cache.clear();
    assertThat(extents).noneMatch(tier.cache::isResident);
  }

  private Void read(TestingTier tier, int seed) throws Exception {
    Random random = new Random(seed);
    Deque<Held> held = new ArrayDeque<>();
    for (int step = 0; step < STEPS; step++) {
      int draw = random.nextInt(1000);
      if (draw < 3) {
        tier.cache.clear();
      } else if (draw < 40) {
        tier.memory.clear();
      } else if (draw < 52) {
        clock.pass(Duration.ofMinutes(1));
      } else if (held.size() > 2 || (draw < 400 && !held.isEmpty())) {
        held.removeFirst().pin().close();
      } else {
        Extent extent = extents.get(random.nextInt(EXTENTS));
        Access access = new Access("epoch " + step / 300, random.nextInt(10) > 0);
        Queue<Long> beside = underWay.computeIfAbsent(extent, e -> new ConcurrentLinkedQueue<>());
        long begin = clock.ago(Duration.ZERO);
        beside.add(begin);
        // Who joins another's fetch gets what was young enough for that one.
        long before = beside.stream().mapToLong(other -> begin - other).max().orElseThrow();
        try {
          Held now = new Held(tier.cache.acquire(extent, this::fetch, access), extent);
          held.addLast(now);
          assertThat(begin - now.pin().fetchedNanos()).isLessThan(TTL.toNanos() + before);
          // Every other reader looks at none of the bytes that are wrong.
          if (random.nextBoolean()) {
            look(tier, now);
          }
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("made up");
        } finally {
          beside.remove(begin);
        }
      }
    }
    held.forEach(one -> one.pin().close());
    return null;
  }

  private void look(TestingTier tier, Held now) {
    long number = numberOf(now.extent(), now.pin().bytes());
    Long first = times.putIfAbsent(number, now.pin().fetchedNanos());
    assertThat(now.pin().fetchedNanos())
        .isEqualTo(first == null ? now.pin().fetchedNanos() : first);
    if (wrong.contains(number)) {
      tier.cache.discard(now.extent());
      discarded.add(number);
    }
  }
}
