// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.scan.OnError;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.prefetch.BackgroundPrefetcher;
import io.millrace.prefetch.PrefetchSettings;
import io.millrace.sample.Sample;
import io.millrace.storage.Await;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.TestingObjectStore.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class MillraceSplitReaderTest {

  private static final int SAMPLES = 4;

  @TempDir Path directory;

  private final Set<Long> ids = new TreeSet<>();
  private final List<String> finished = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private TestingUnits units;
  private MillraceSplitReader<Sample> reader;

  private void open(int shards, int window, long batchBytes) throws IOException {
    open(TestingUnits.write(directory, shards, SAMPLES, "xxh64"), window, batchBytes);
  }

  private void open(TestingUnits dataset, int window, long batchBytes) {
    units = dataset;
    BackgroundPrefetcher<OpenUnit> prefetcher =
        new BackgroundPrefetcher<>(
            PrefetchSettings.DEFAULT, units.cache().workingMemory(), "millrace-reader-test");
    reader =
        new MillraceSplitReader<>(
            units::task,
            prefetcher,
            new UnitWindow(prefetcher, units.cache().workingMemory(), units.statistics, window, 1),
            units.records(),
            units.cache().workingMemory(),
            units.rereads(),
            batchBytes);
  }

  @AfterEach
  void close() {
    reader.close();
    assertThat(units.bytesInUse()).isZero();
    units.close();
  }

  private void add(MillraceSplit... splits) {
    reader.handleSplitsChanges(new SplitsAddition<>(List.of(splits)));
  }

  /** Reads a batch as Flink does; returns the number of its samples. */
  private int fetch() throws IOException {
    RecordsWithSplitIds<Object> batch = reader.fetch();
    int count = 0;
    for (String split = batch.nextSplit(); split != null; split = batch.nextSplit()) {
      Object record = batch.nextRecordFromSplit();
      while (record != null) {
        if (record instanceof LeftOut) {
          leftOut.add(split);
          record = batch.nextRecordFromSplit();
          continue;
        }
        Sample sample = (Sample) record;
        assertThat(split).isEqualTo("0-" + sample.getLong("id") / SAMPLES);
        assertThat(ids.add(sample.getLong("id"))).isTrue();
        count++;
        record = batch.nextRecordFromSplit();
      }
    }
    finished.addAll(batch.finishedSplits());
    batch.recycle();
    return count;
  }

  @Test
  void readsEverySampleAndFinishesEverySplit() throws IOException {
    open(6, 3, 1 << 20);
    for (int unit = 0; unit < 6; unit++) {
      add(units.split(0, unit));
    }
    while (finished.size() < 6) {
      fetch();
    }
    assertThat(ids).containsExactlyElementsOf(LongStream.range(0, 24).boxed().toList());
    assertThat(finished).containsExactlyInAnyOrder("0-0", "0-1", "0-2", "0-3", "0-4", "0-5");
    assertThat(units.statistics.totals().samples()).isEqualTo(24);
    assertThat(units.cache().workingMemory().reserved()).isZero();
  }

  @Test
  void endsABatchAtItsBytes() throws IOException {
    open(1, 1, 150_000);
    add(units.split(0, 0));

    assertThat(fetch()).as("samples of 100 kB in batches of 150 kB").isEqualTo(2);
    assertThat(fetch()).isEqualTo(2);
    assertThat(finished).containsExactly("0-0");
  }

  @Test
  void countsABatchUntilFlinkRecyclesIt() throws IOException {
    open(1, 1, 1 << 20);
    add(units.split(0, 0));

    RecordsWithSplitIds<Object> batch = reader.fetch();

    assertThat(batch.finishedSplits()).containsExactly("0-0");
    assertThat(units.cache().workingMemory().reserved()).isBetween(400_000L, 410_000L);
    batch.recycle();
    assertThat(units.cache().workingMemory().reserved()).isZero();
  }

  @Test
  void goesOnAtTheCursorAndEndsASplitThatWasReadToItsEnd() throws IOException {
    open(2, 1, 1 << 20);
    add(units.split(0, 0).at(3), units.split(0, 1).at(4));
    while (finished.size() < 2) {
      fetch();
    }
    assertThat(ids).containsExactly(3L);
  }

  @Test
  void returnsAnEmptyBatchWhenWokenUpAndLosesNothing() throws Exception {
    open(1, 1, 1 << 20);
    CountDownLatch gate = new CountDownLatch(1);
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ) {
            pass(gate);
          }
        });
    add(units.split(0, 0));
    Await.until("the prefetcher reads", () -> units.origin.inFlight() == 1);
    Thread waker = wakeUpWhenWaiting(Thread.currentThread());

    assertThat(fetch()).isZero();
    assertThat(finished).isEmpty();

    waker.join();
    gate.countDown();
    while (finished.isEmpty()) {
      fetch();
    }
    assertThat(ids).containsExactly(0L, 1L, 2L, 3L);
  }

  private Thread wakeUpWhenWaiting(Thread fetcher) {
    Thread waker =
        new Thread(
            () -> {
              Await.until(
                  "the reader waits",
                  () ->
                      fetcher.getState() == Thread.State.WAITING
                          || fetcher.getState() == Thread.State.TIMED_WAITING);
              reader.wakeUp();
            });
    waker.start();
    return waker;
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void waitsWhileAllSplitsArePaused() throws Exception {
    open(1, 1, 150_000);
    add(units.split(0, 0));
    fetch();
    reader.pauseOrResumeSplits(List.of(units.split(0, 0)), List.of());
    Thread waker = wakeUpWhenWaiting(Thread.currentThread());
    assertThat(fetch()).isZero();
    waker.join();

    reader.pauseOrResumeSplits(List.of(), List.of(units.split(0, 0)));
    assertThat(fetch()).isEqualTo(2);
    assertThat(ids).hasSize(4);
  }

  @Test
  void handsOnWhatComesBeforeAFailureAndThenFails() throws IOException {
    open(3, 1, 1 << 20);
    units.store.damageNext(
        Integer.MAX_VALUE, request -> request.location().uri().endsWith("shard.00001.mds"));
    add(units.split(0, 0), units.split(0, 1), units.split(0, 2));

    List<Long> before = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (finished.size() < 3) {
                fetch();
                before.clear();
                before.addAll(ids);
              }
            })
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("shard.00001.mds at offset 0: the xxh64 hash of its");
    assertThat(before).containsExactly(0L, 1L, 2L, 3L);
    assertThat(finished).containsExactly("0-0");
  }

  /** Inverts the length of each sample's bytes, the first thing of it. */
  private void damageSamples(String shard) throws IOException {
    Path file = directory.resolve(shard);
    FileTime modified = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer table = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int sample = 0; sample < SAMPLES; sample++) {
      bytes[table.getInt(Integer.BYTES * (1 + sample))] ^= (byte) 0xff;
    }
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
  }

  @Test
  void handsOnWhatIsLeftOutAtItsPlaceAndFinishesTheSplit() throws IOException {
    open(TestingUnits.write(directory, 3, SAMPLES).onError(OnError.SKIP_SAMPLE), 1, 1 << 20);
    damageSamples("shard.00001.mds");
    add(units.split(0, 0), units.split(0, 1), units.split(0, 2));
    while (finished.size() < 3) {
      fetch();
    }
    assertThat(ids).containsExactly(0L, 1L, 2L, 3L, 8L, 9L, 10L, 11L);
    assertThat(leftOut).containsExactly("0-1", "0-1", "0-1", "0-1");
    assertThat(finished).containsExactlyInAnyOrder("0-0", "0-1", "0-2");
    assertThat(units.statistics.totals().samples()).isEqualTo(8);
    assertThat(units.cache().workingMemory().reserved()).isZero();
  }

  @Test
  void closingInterruptsAUnitThatIsReadAgain() throws Exception {
    open(TestingUnits.write(directory, 1, SAMPLES).onError(OnError.SKIP_SAMPLE), 1, 1 << 20);
    damageSamples("shard.00000.mds");
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch never = new CountDownLatch(1);
    units.origin.setFault(
        request -> {
          if (request.operation() == Operation.READ && reads.incrementAndGet() == 2) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException("interrupted as it should be");
            }
          }
        });
    add(units.split(0, 0));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread fetcher =
        new Thread(
            () -> {
              try {
                while (true) {
                  fetch();
                }
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    fetcher.start();
    Await.until("the unit is read again", () -> reads.get() == 2);

    reader.close();
    fetcher.join();

    assertThat(thrown.get()).hasStackTraceContaining("interrupted as it should be");
    assertThat(units.bytesInUse()).isZero();
  }

  @Test
  void givesAllMemoryBackWhenItIsClosedInTheMiddle() throws IOException {
    open(6, 3, 150_000);
    for (int unit = 0; unit < 6; unit++) {
      add(units.split(0, unit));
    }
    RecordsWithSplitIds<Object> queued = reader.fetch();
    fetch();
    assertThat(units.cache().workingMemory().reserved()).isPositive();

    reader.close();

    assertThat(units.bytesInUse()).isZero();
    queued.recycle();
    assertThat(units.bytesInUse()).isZero();
  }

  @Test
  void refusesToRemoveSplits() throws IOException {
    open(1, 1, 1 << 20);
    assertThatThrownBy(
            () -> reader.handleSplitsChanges(new SplitsRemoval<>(List.of(units.split(0, 0)))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("Cannot handle SplitsRemoval: splits are only ever added");
  }

  @Test
  void saysThatItWasInterrupted() throws IOException {
    open(1, 1, 1 << 20);
    Thread.currentThread().interrupt();
    assertThatThrownBy(reader::fetch).hasMessage("Interrupted while waiting for the next unit");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void mayBeClosedByAnotherThreadAndTwice() throws Exception {
    // FLINK-40660: a fetcher that never comes to close its split reader; the source reader does.
    open(4, 2, 1);
    for (int unit = 0; unit < 4; unit++) {
      add(units.split(0, unit));
    }
    assertThat(fetch()).isEqualTo(1);
    assertThat(units.bytesInUse()).isPositive();

    Thread other = new Thread(reader::close);
    other.start();
    other.join();
    reader.close();

    assertThat(reader.isClosed()).isTrue();
    assertThat(units.bytesInUse()).isZero();
    assertThat(units.cache().workingMemory().reserved()).isZero();
  }
}
