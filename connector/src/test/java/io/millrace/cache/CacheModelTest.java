// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget.Reservation;
import io.millrace.cache.ExtentCache.Access;
import io.millrace.cache.ExtentCache.Registration;
import io.millrace.cache.MemoryExtentCache.Held;
import io.millrace.cache.compression.ChunkSource;
import io.millrace.cache.compression.CompressionMode;
import io.millrace.cache.compression.ExtentCompression;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random sequences of operations, each step compared with {@link CacheModel}. */
@Tag("unit")
final class CacheModelTest {

  private static final int STEPS = 6_000;
  private static final int CHANCE = 1_000;

  /** So long that extents leave the cache for other reasons, too. */
  private static final Duration TTL = Duration.ofMillis(40);

  private final List<Extent> extents = new ArrayList<>();
  private final List<Pinned> pinned = new ArrayList<>();
  private final List<Reservation> reserved = new ArrayList<>();
  private final List<ByteChunks> lent = new ArrayList<>();

  private final List<Plan> plans = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(-1_000_000);
  private final Map<Extent, List<Integer>> forms = new HashMap<>();

  private CompressionMode compression = CompressionMode.NONE;
  private long changes;
  private long failures;
  private Random random = new Random(0);
  private boolean noisy;

  private record Pinned(PinnedExtent pin, CacheModel.Entry entry) {}

  private record Plan(ToDoubleFunction<Extent> reads, long bytes, Registration registration) {}

  /** A job whose reads in an epoch are known. */
  private record Job(ToDoubleFunction<Extent> reads, long bytes) implements AccessPlan {
    @Override
    public double readsPerEpoch(Extent extent) {
      return reads.applyAsDouble(extent);
    }
  }

  @ParameterizedTest
  @CsvSource({"plan, 1", "plan, 2", "plan, 3", "lru, 4", "lru, 5", "none, 6", "none, 7"})
  void doesWhatTheModelDoes(String policy, long seed) throws Exception {
    run(policy, seed, CompressionMode.NONE, STEPS);
  }

  @ParameterizedTest
  @CsvSource({"plan, 11", "plan, 12", "lru, 13", "none, 14"})
  void doesWhatTheModelDoesCompressed(String policy, long seed) throws Exception {
    run(policy, seed, CompressionMode.ZSTD, STEPS / 4);
  }

  /** Jobs come and go, and with them whether all they read fits as it is. */
  @ParameterizedTest
  @CsvSource({"plan, 21", "plan, 22", "lru, 23", "none, 24"})
  void doesWhatTheModelDoesWhereCompressionDependsOnRoom(String policy, long seed)
      throws Exception {
    run(policy, seed, CompressionMode.AUTO, STEPS / 3);
    assertThat(changes).as("changes between compressing and not").isGreaterThan(1);
  }

  private void run(String policy, long seed, CompressionMode mode, int steps) throws Exception {
    random = new Random(seed);
    compression = mode;
    noisy = mode != CompressionMode.NONE;
    for (int i = 0; i < 60; i++) {
      // Of three sizes: less than a chunk, a few chunks, and chunks without a remainder.
      long length =
          switch (i % 3) {
            case 0 -> 1L + random.nextInt(20_000);
            case 1 -> 200_000L + random.nextInt(500_000);
            default -> ByteChunks.CHUNK_SIZE;
          };
      extents.add(TestingExtents.extent(i, length));
    }
    long capacity = mode == CompressionMode.NONE ? 6_000_000 : 3_000_000;
    MemoryExtentCache cache =
        new MemoryExtentCache(new CacheSettings(capacity, policy, mode, TTL), nanos::get);
    CacheModel model =
        new CacheModel(capacity, policy, this::readsPerEpoch, e -> form(mode, e), TTL.toNanos());
    model.now = nanos.get();
    addPlan(cache, CacheModelTest::numbered);
    plansChanged(model, capacity);
    for (int i = 0; i < steps; i++) {
      step(cache, model);
      compare(cache, model, capacity);
    }
    assertThat(model.expirations).isPositive();
    assertThat(failures).as("failed fetches").isPositive();
    assertThat(policy.equals("none") ? 1 : model.evictions).isPositive();
    pinned.forEach(p -> p.pin().close());
    reserved.forEach(Reservation::close);
    lent.forEach(cache::release);
    assertThat(cache.held().used()).isZero();
    assertThat(cache.held().reserved()).isZero();
    cache.close();
  }

  /** Half of an extent is noise where it is compressed, so that its form takes half of it. */
  private void fill(Extent extent, ByteChunks target) {
    TestingExtents.fill(extent, target);
    if (!noisy) {
      return;
    }
    Random noise = new Random(extent.hashCode());
    byte[][] chunks = target.chunks();
    for (int i = 0; i < chunks.length; i++) {
      byte[] bytes = new byte[ByteChunks.chunkLength(target.length(), i) / 2];
      noise.nextBytes(bytes);
      System.arraycopy(bytes, 0, chunks[i], 0, bytes.length);
    }
  }

  private List<Integer> form(CompressionMode mode, Extent extent) {
    return forms.computeIfAbsent(
        extent,
        e -> {
          ByteChunks raw = ByteChunks.allocate(e.length());
          fill(e, raw);
          try (ExtentCompression compression = new ExtentCompression(mode)) {
            return compression.compress(raw, ChunkSource.ON_HEAP).stream()
                .flatMap(form -> Arrays.stream(form.chunks()))
                .map(array -> array.length)
                .toList();
          }
        });
  }

  private boolean isFilled(Extent extent, ByteChunks bytes) {
    ByteChunks expected = ByteChunks.allocate(extent.length());
    fill(extent, expected);
    int length = (int) extent.length();
    return Arrays.equals(bytes.copy(0, length), expected.copy(0, length));
  }

  private static int number(Extent extent) {
    return Integer.parseInt(extent.object().name().substring("shard.".length()));
  }

  /** Three extents are read twice, half of the others once, the rest never. */
  private static double numbered(Extent extent) {
    int number = number(extent);
    return number < 3 ? 2 : number % 2;
  }

  /** By all plans that are registered. */
  private double readsPerEpoch(Extent extent) {
    return plans.stream().mapToDouble(plan -> plan.reads().applyAsDouble(extent)).sum();
  }

  private void addPlan(MemoryExtentCache cache, ToDoubleFunction<Extent> reads) {
    long bytes = random.nextBoolean() ? 100_000 : Long.MAX_VALUE;
    plans.add(new Plan(reads, bytes, cache.register(new Job(reads, bytes))));
  }

  private void plansChanged(CacheModel model, long capacity) {
    double bytes = plans.stream().mapToDouble(Plan::bytes).sum();
    boolean fit = !plans.isEmpty() && bytes * 1.02 <= capacity / 2.0;
    boolean before = model.compresses;
    model.compresses =
        switch (compression) {
          case NONE -> false;
          case ZSTD -> true;
          case AUTO -> !fit;
        };
    changes += before == model.compresses ? 0 : 1;
  }

  /** A job comes or goes. */
  private void changePlans(MemoryExtentCache cache, CacheModel model) throws Exception {
    if (plans.size() > 3 || (!plans.isEmpty() && random.nextBoolean())) {
      Plan ended = plans.remove(random.nextInt(plans.size()));
      ended.registration().close();
      ended.registration().close();
    } else {
      int modulus = 2 + random.nextInt(5);
      double weight = 1 + random.nextInt(3);
      addPlan(cache, extent -> number(extent) % modulus == 0 ? weight : 0);
    }
    plansChanged(model, cache.statistics().capacityBytes());
    // The policy asks plans again a few at a time: with so many uses of an extent it has asked all.
    for (int i = 0; i < extents.size(); i += 16) {
      Extent used = model.anyRetained();
      if (used != null) {
        Access access = new Access("epoch", true);
        PinnedExtent pin = cache.acquire(used, this::fill, access);
        CacheModel.Entry entry = model.acquire(used, access);
        assertThat(pin.touch()).isEqualTo(model.touch);
        pin.close();
        model.release(entry);
      }
    }
  }

  private void passTime(MemoryExtentCache cache, CacheModel model) {
    model.now = nanos.addAndGet(Duration.ofMillis(random.nextInt(20)).toNanos());
    assertThat(cache.isResident(TestingExtents.extent(extents.size(), 1))).isFalse();
    model.expire();
  }

  private void step(MemoryExtentCache cache, CacheModel model) throws Exception {
    int rare = random.nextInt(CHANCE);
    if (rare < 15) {
      changePlans(cache, model);
      return;
    }
    if (rare < 60) {
      passTime(cache, model);
      return;
    }
    int draw = random.nextInt(100);
    if (draw < 40) {
      acquire(cache, model);
    } else if (draw < 75) {
      if (!pinned.isEmpty()) {
        Pinned released = pinned.remove(random.nextInt(pinned.size()));
        released.pin().close();
        released.pin().close();
        model.release(released.entry());
      }
    } else if (draw < 83) {
      reserve(cache, model);
    } else if (draw < 91) {
      if (!reserved.isEmpty()) {
        Reservation ended = reserved.remove(random.nextInt(reserved.size()));
        model.reserved -= ended.bytes();
        ended.close();
        ended.close();
      }
    } else if (draw < 94) {
      long length = 1L + random.nextInt(600_000);
      lent.add(cache.allocate(length));
      model.lend(length);
    } else if (draw < 98) {
      if (!lent.isEmpty()) {
        ByteChunks memory = lent.remove(random.nextInt(lent.size()));
        cache.release(memory);
        model.lent -= ChunkPool.chargeOf(memory.length());
      }
    } else if (draw < 99 || random.nextInt(10) > 0) {
      Extent extent = extents.get(random.nextInt(extents.size()));
      cache.discard(extent);
      model.discard(extent);
    } else {
      cache.clear();
      model.clear();
    }
  }

  private void acquire(MemoryExtentCache cache, CacheModel model) throws Exception {
    if (pinned.size() > 12) {
      return;
    }
    Extent extent = extents.get(random.nextInt(extents.size()));
    Access access = new Access("epoch " + random.nextInt(12), random.nextInt(10) > 0);
    if (random.nextInt(12) == 0 && !model.isResident(extent)) {
      failures++;
      assertThatThrownBy(() -> cache.acquire(extent, CacheModelTest::fail, access))
          .isInstanceOf(IOException.class)
          .hasMessage("made up");
      model.fail(extent);
      return;
    }
    model.age = random.nextInt(4) > 0 ? 0 : random.nextLong(TTL.toNanos());
    PinnedExtent pin = cache.acquire(extent, new Copy(nanos.get() - model.age), access);
    pinned.add(new Pinned(pin, model.acquire(extent, access)));
    assertThat(pin.touch()).isEqualTo(model.touch);
  }

  /** Brings bytes that left their origin at some time. */
  private final class Copy implements ExtentFetcher {
    private final long fetchedNanos;

    private Copy(long fetchedNanos) {
      this.fetchedNanos = fetchedNanos;
    }

    @Override
    public void fetch(Extent extent, ByteChunks target) {
      fill(extent, target);
    }

    @Override
    public OptionalLong fetchedNanos() {
      return OptionalLong.of(fetchedNanos);
    }
  }

  private static void fail(Extent extent, ByteChunks target) throws IOException {
    TestingExtents.fill(extent, target);
    throw new IOException("made up");
  }

  private void reserve(MemoryExtentCache cache, CacheModel model) {
    long bytes = random.nextInt(1_500_000);
    boolean fits = model.reserved + bytes <= cache.workingMemory().capacity();
    if (random.nextInt(4) == 0) {
      reserved.add(cache.workingMemory().reserveNow(bytes));
      model.reserve(bytes);
      return;
    }
    Optional<Reservation> got = cache.workingMemory().tryReserve(bytes);
    assertThat(got.isPresent()).isEqualTo(fits);
    if (fits) {
      reserved.add(got.get());
      model.reserve(bytes);
    }
  }

  private void compare(MemoryExtentCache cache, CacheModel model, long capacity) {
    Held held = cache.held();
    assertThat(held.retained()).isEqualTo(model.retainedBytes());
    assertThat(held.used()).isEqualTo(model.usedBytes());
    assertThat(held.reserved()).isEqualTo(model.reserved);
    assertThat(held.retained())
        .isLessThanOrEqualTo(Math.max(0, capacity - Math.max(held.reserved(), held.used())));
    assertThat(held.retained() + held.used() + held.pooled())
        .isLessThanOrEqualTo(Math.max(capacity, held.used()));
    CacheStatistics statistics = cache.statistics();
    assertThat(statistics.retainedExtents()).isEqualTo(model.retainedExtents());
    assertThat(statistics.fetches()).isEqualTo(model.fetches);
    assertThat(statistics.evictions()).isEqualTo(model.evictions);
    assertThat(statistics.rejections()).isEqualTo(model.rejections);
    assertThat(statistics.expirations()).isEqualTo(model.expirations);
    assertThat(statistics.workingPeakBytes()).isGreaterThanOrEqualTo(statistics.workingBytes());
    assertThat(statistics.bytesSaved()).isEqualTo(model.savedBytes());
    assertThat(cache.compressions()).isEqualTo(model.compressions);
    assertThat(extents.stream().filter(e -> cache.isResident(e) != model.isResident(e)))
        .as("extents that are in one of the two only")
        .isEmpty();
    if (random.nextInt(50) == 0) {
      for (Pinned one : pinned) {
        assertThat(isFilled(one.entry().extent, one.pin().bytes())).isTrue();
      }
    }
  }
}
