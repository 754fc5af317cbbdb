// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cache.ByteBudget;
import io.millrace.cache.Extent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.ByteRange;
import io.millrace.format.ShardObject;
import io.millrace.storage.Await;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class CachedShardInputTest {

  @TempDir Path directory;

  private TestingUnits units;
  private ByteBudget.Reservation memory;
  private CachedShardInput input;
  private ShardObject object;

  @BeforeEach
  void open() throws IOException {
    units = TestingUnits.write(directory, 1, 3, "xxh64");
    reopen();
  }

  private void reopen() {
    MillraceSplit split = units.split(0, 0);
    object = split.shard().objects().get(0);
    memory = units.cache().workingMemory().reserveNow(100);
    input = new CachedShardInput(units.access(split), memory);
  }

  @AfterEach
  void close() {
    input.close();
    memory.close();
    assertThat(units.bytesInUse()).isZero();
    units.close();
  }

  @Test
  void pinsWhatItReadUntilItIsClosed() throws IOException {
    ByteChunks bytes = input.read(object, new ByteRange(10, 50));
    assertThat(input.read(object, new ByteRange(10, 50))).isSameAs(bytes);
    assertThat(input.memoryBytes()).isEqualTo(50);
    assertThat(memory.bytes()).as("declared").isEqualTo(100);
    input.read(object, new ByteRange(60, 200));
    assertThat(memory.bytes()).as("grown").isEqualTo(250);
    assertThat(units.origin.count(Operation.READ)).isEqualTo(2);

    units.cache().clear();
    assertThat(units.cache().isResident(extent(10, 50))).isTrue();
    input.close();
    units.cache().clear();
    assertThat(units.cache().isResident(extent(10, 50))).isFalse();
  }

  private Extent extent(long offset, long length) {
    return new Extent(input.location(object), object.version(), offset, length);
  }

  @Test
  void readsARangeThatIsCutIntoSeveralExtents() throws IOException {
    byte[] content = new byte[(int) (2 * ExtentLayout.CUT_LENGTH) + 12_345];
    new Random(5).nextBytes(content);
    Files.write(directory.resolve("large"), content);
    ShardObject large =
        new ShardObject(
            "large",
            units.origin.status(units.origin.location("large")).version(),
            java.util.Optional.empty());

    ByteRange range = new ByteRange(7, content.length - 8);
    ByteChunks bytes = input.read(large, range);

    assertThat(bytes.length()).isEqualTo(range.length());
    assertThat(units.origin.count(Operation.READ)).isEqualTo(3);
    int position = 7;
    for (var part = bytes.first(0, bytes.length()); part != null; part = part.next()) {
      for (int i = 0; i < part.length(); i++) {
        if (part.array()[part.offset() + i] != content[position++]) {
          throw new AssertionError("Wrong byte at " + (position - 1));
        }
      }
    }
    assertThat(position).isEqualTo(content.length - 1);
    assertThat(bytes.getByte(range.length() - 1)).isEqualTo(content[content.length - 2]);
  }

  @Test
  void fetchesThePartsOfALargeRangeSideBySide() throws IOException {
    int length = (int) (2 * ExtentLayout.CUT_LENGTH) + 12_345;
    Files.write(directory.resolve("large"), new byte[length]);
    ShardObject large =
        new ShardObject(
            "large",
            units.origin.status(units.origin.location("large")).version(),
            java.util.Optional.empty());
    CyclicBarrier allAtOnce = new CyclicBarrier(3);
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            try {
              allAtOnce.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
              throw new IOException("The others are not asked for at the same time", e);
            }
          }
        });

    assertThat(input.read(large, new ByteRange(0, length)).length()).isEqualTo(length);
    assertThat(input.touches()).hasSize(3);
    assertThat(input.memoryBytes()).isEqualTo(length);
    input.checkFetched();
    assertThat(units.origin.count(Operation.STATUS)).as("of the object, once").isEqualTo(2);
  }

  @Test
  void keepsNothingOfALargeRangeOfWhichAPartFails() throws IOException {
    int length = (int) (2 * ExtentLayout.CUT_LENGTH) + 12_345;
    Files.write(directory.resolve("large"), new byte[length]);
    ShardObject large =
        new ShardObject(
            "large",
            units.origin.status(units.origin.location("large")).version(),
            java.util.Optional.empty());
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ
              && request.position() == ExtentLayout.CUT_LENGTH) {
            throw new IOException("not this one");
          }
        });
    ByteRange range = new ByteRange(0, length);
    assertThatThrownBy(() -> input.read(large, range)).hasMessage("not this one");
    units.origin.setFault(request -> {});
    input.close();
    memory.close();
    Await.until("helpers have given back what they read", () -> units.bytesInUse() == 0);
    for (Extent extent : ExtentLayout.extents(input.location(large), large.version(), range)) {
      assertThat(units.cache().isResident(extent)).isFalse();
    }
  }

  @Test
  void keepsARangeOfUpToTwiceTheLengthWhole() {
    ByteRange range = new ByteRange(0, 2 * ExtentLayout.CUT_LENGTH);
    var version = new io.millrace.storage.ObjectVersion(1L << 40, 0, "");
    assertThat(ExtentLayout.extents(input.location(object), version, range)).hasSize(1);
    assertThat(
            ExtentLayout.extents(
                    input.location(object), version, new ByteRange(5, range.length() + 1))
                .stream()
                .map(extent -> extent.offset() + "+" + extent.length())
                .toList())
        .containsExactly(
            "5+" + ExtentLayout.CUT_LENGTH,
            5 + ExtentLayout.CUT_LENGTH + "+" + ExtentLayout.CUT_LENGTH,
            5 + 2 * ExtentLayout.CUT_LENGTH + "+1");
    assertThat(ExtentLayout.extents(input.location(object), version, new ByteRange(5, 0)))
        .isEmpty();
  }

  @Test
  void refusesARangeBeyondTheObject() {
    long length = object.version().length();
    assertThatThrownBy(() -> input.read(object, new ByteRange(length - 1, 2)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Corrupt object %s at offset %d: cannot read 2 bytes at offset %d: the object ends"
                + " before",
            input.location(object), length, length - 1);
  }

  @Test
  void countsScratchMemoryAndGivesItBack() throws IOException {
    ByteChunks scratch = input.allocate(1000);
    assertThat(scratch.length()).isEqualTo(1000);
    assertThat(input.memoryBytes()).isEqualTo(1000);
    assertThat(memory.bytes()).isEqualTo(1000);
    assertThat(units.bytesInUse()).isGreaterThan(2000);
  }

  @Test
  void refusesMoreScratchThanTheMemoryCanEverHold() {
    assertThatThrownBy(() -> input.allocate((32 << 20) + 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot open unit 0 of shard %s/shard.00000.mds (epoch 0): it needs 33554433 bytes of"
                + " memory, but half of cache.memory.size is 33554432; set cache.memory.size to at"
                + " least 67108866 bytes",
            units.manifest.root());
    assertThatThrownBy(() -> input.allocate(Long.MAX_VALUE)).isInstanceOf(IOException.class);
  }

  @Test
  void countsWhatItVerifiesAndThenReadsOnce() throws IOException {
    ByteRange all = new ByteRange(0, object.version().length());
    input.verify(object, List.of(all));
    input.read(object, all);
    input.verify(object, List.of(all));

    assertThat(input.touches())
        .containsExactly(new CachedShardInput.FirstTouch(0, all.length(), false));
    assertThat(units.origin.count(Operation.READ)).isEqualTo(1);
    assertThat(input.memoryBytes()).isEqualTo(all.length());
  }

  @Test
  void saysWhetherItVerifiedJustNow() throws IOException {
    List<ByteRange> all = List.of(new ByteRange(0, object.version().length()));
    assertThat(input.verifiesHashes()).isTrue();
    assertThat(input.verify(object, all)).isTrue();
    assertThat(input.verify(object, all)).as("verified before").isFalse();
    input.discard();
    assertThat(input.verify(object, all)).as("found wrong meanwhile").isTrue();
    input.discard();

    input.close();
    memory.close();
    units.withoutVerification();
    reopen();
    assertThat(input.verifiesHashes()).isFalse();
    assertThat(input.verify(object, all)).isFalse();
  }

  @Test
  void verifiesNothingWithoutAHash() throws IOException {
    ShardObject unhashed =
        new ShardObject(object.path(), object.version(), java.util.Optional.empty());
    assertThat(input.verify(unhashed, List.of(new ByteRange(0, object.version().length()))))
        .isFalse();
    assertThat(units.origin.requests()).isEmpty();
  }

  @Test
  void refusesWhatWasReadBeforeItWasVerifiedAndIsOtherBytes() throws IOException {
    long length = object.version().length();
    List<ByteRange> ranges = List.of(new ByteRange(0, 20), new ByteRange(20, length - 20));
    units.store.damageNext(1, request -> true);
    ByteChunks head = input.read(object, ranges.get(0));
    byte damaged = head.getByte(19);
    // Meanwhile another reader found that out and verified the object.
    units.cache().discard(extent(0, 20));
    ByteBudget.Reservation theirs = units.cache().workingMemory().reserveNow(0);
    CachedShardInput other = new CachedShardInput(units.access(units.split(0, 0)), theirs);
    other.verify(object, ranges);
    other.close();
    theirs.close();

    assertThatThrownBy(() -> input.verify(object, ranges))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageEndingWith(
            "at offset 0: 20 bytes read before it was verified do not match those that were");
    input.discard();
    assertThat(input.read(object, ranges.get(0)).getByte(19)).isNotEqualTo(damaged);
  }

  @Test
  void verifiesAnObjectOnceHoweverManyThreadsAsk() throws Exception {
    ByteRange all = new ByteRange(0, object.version().length());
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch gate = new CountDownLatch(1);
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                try (ByteBudget.Reservation held = units.cache().workingMemory().reserveNow(0);
                    CachedShardInput own =
                        new CachedShardInput(units.access(units.split(0, 0)), held)) {
                  gate.await();
                  own.verify(object, List.of(all));
                  own.read(object, all);
                } catch (IOException | InterruptedException | RuntimeException e) {
                  failures.add(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    gate.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(units.origin.count(Operation.READ)).isEqualTo(1);
  }

  @Test
  void saysThatItWasInterruptedWhileReading() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    units.origin.setFault(
        request -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("store");
          }
        });
    Thread reader = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              Await.until("it reads", () -> units.origin.inFlight() == 1);
              reader.interrupt();
            });
    interrupter.start();

    assertThatThrownBy(() -> input.read(object, new ByteRange(0, 10)))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("Interrupted while reading " + input.location(object));
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
  }
}
