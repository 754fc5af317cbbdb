// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import io.millrace.flink.scan.RecordFormat;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.prefetch.PrefetchTask;
import io.millrace.prefetch.Prefetcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Turns assigned splits into batches of samples, on Flink's fetcher thread. Waits only for the
 * bytes of the next unit, and returns an empty batch when Flink wakes it up meanwhile.
 *
 * @param <T> what the source emits
 */
final class MillraceSplitReader<T> implements SplitReader<Object, MillraceSplit> {

  /** A batch ends at this many samples … */
  private static final int BATCH_SAMPLES = 1024;

  private final Function<MillraceSplit, PrefetchTask<OpenUnit>> tasks;
  private final Prefetcher<OpenUnit> prefetcher;
  private final UnitWindow window;
  private final RecordFormat.Assembler<T> assembler;
  private final ByteBudget memory;
  private final Rereads rereads;

  /** … or at this many bytes. */
  private final long batchBytes;

  /** Memory of the batches that Flink has not recycled. */
  private final Set<ByteBudget.Reservation> batchMemory = ConcurrentHashMap.newKeySet();

  private final PauseSignal pauseSignal = new PauseSignal();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Held while units are read, so that their memory is not given back meanwhile. */
  private final ReentrantLock inUse = new ReentrantLock();

  /** What ended a batch that had samples before it: the next fetch throws it. */
  private @Nullable IOException failure;

  MillraceSplitReader(
      Function<MillraceSplit, PrefetchTask<OpenUnit>> tasks,
      Prefetcher<OpenUnit> prefetcher,
      UnitWindow window,
      RecordFormat.Assembler<T> assembler,
      ByteBudget memory,
      Rereads rereads,
      long batchBytes) {
    this.tasks = tasks;
    this.prefetcher = prefetcher;
    this.window = window;
    this.assembler = assembler;
    this.memory = memory;
    this.rereads = rereads;
    this.batchBytes = batchBytes;
  }

  @Override
  public RecordsWithSplitIds<Object> fetch() throws IOException {
    inUse.lock();
    try {
      if (closed.get()) {
        throw new IllegalStateException("Cannot fetch: the reader is closed");
      }
      return fetchBatch();
    } finally {
      inUse.unlock();
      if (closed.get()) {
        giveBackUnlessInUse();
      }
    }
  }

  private RecordsWithSplitIds<Object> fetchBatch() throws IOException {
    if (failure != null) {
      throw failure;
    }
    ByteBudget.Reservation held = memory.reserveNow(0);
    batchMemory.add(held);
    SampleBatch<T> batch = new SampleBatch<>(() -> release(held));
    boolean handedOver = false;
    try {
      if (window.fill()) {
        if (window.canDraw()) {
          drawUntilFailure(batch);
          window.countSamples();
          held.growNow(batch.bytes());
        } else {
          pauseSignal.await();
        }
      }
      handedOver = true;
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while waiting for the next unit");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      if (!handedOver) {
        release(held);
      }
    }
  }

  /** Samples before a failure are handed on; it shows at its place. */
  private void drawUntilFailure(SampleBatch<T> batch) throws IOException, InterruptedException {
    try {
      drawInto(batch);
    } catch (IOException e) {
      if (batch.isEmpty()) {
        throw e;
      }
      failure = e;
    }
  }

  /** Draws samples until the batch is full, or a unit ended and the next one is not there yet. */
  private void drawInto(SampleBatch<T> batch) throws IOException, InterruptedException {
    while (batch.places() < BATCH_SAMPLES && batch.bytes() < batchBytes) {
      UnitWindow.Entry entry = window.draw();
      OpenUnit unit = entry.unit();
      if (!unit.isExhausted()) {
        T record = unit.next(assembler);
        if (record == null) {
          batch.leaveOut(unit.splitId(), unit.leftOut());
        } else {
          batch.add(unit.splitId(), record, unit.bytesPerSample());
          entry.drew();
        }
      }
      if (unit.isExhausted()) {
        batch.finish(unit.splitId());
        window.finish(entry);
        if (prefetcher.head() != Prefetcher.Head.READY || !window.fill() || !window.canDraw()) {
          return;
        }
      }
    }
  }

  private void release(ByteBudget.Reservation held) {
    batchMemory.remove(held);
    held.close();
  }

  @Override
  public void handleSplitsChanges(SplitsChange<MillraceSplit> change) {
    if (!(change instanceof SplitsAddition)) {
      throw new UnsupportedOperationException(
          "Cannot handle " + change.getClass().getSimpleName() + ": splits are only ever added");
    }
    change.splits().forEach(split -> prefetcher.add(tasks.apply(split)));
  }

  @Override
  public void pauseOrResumeSplits(
      Collection<MillraceSplit> splitsToPause, Collection<MillraceSplit> splitsToResume) {
    window.pauseOrResume(splitsToPause, splitsToResume);
  }

  @Override
  public void wakeUp() {
    prefetcher.wakeUp();
    pauseSignal.wakeUp();
  }

  boolean isClosed() {
    return closed.get();
  }

  /**
   * Closing it twice is harmless. It may come from another thread while a fetch goes on: that is
   * interrupted, and gives the units back when it ends, if it is still using them.
   */
  @Override
  public void close() {
    closed.set(true);
    rereads.close();
    prefetcher.close();
    giveBackUnlessInUse();
  }

  private void giveBackUnlessInUse() {
    if (inUse.tryLock()) {
      try {
        window.close();
        batchMemory.forEach(ByteBudget.Reservation::close);
        batchMemory.clear();
      } finally {
        inUse.unlock();
      }
    }
  }
}
