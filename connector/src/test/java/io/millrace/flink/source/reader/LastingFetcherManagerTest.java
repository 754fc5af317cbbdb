// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.Await;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fetcher that outlives its splits, beside what Flink does without it. */
@Timeout(60)
@Tag("unit")
class LastingFetcherManagerTest {

  /** More than the queue between fetcher and reader holds, so that the fetcher has to wait. */
  private static final int BATCHES_PER_SPLIT = 4;

  private final LastingFetcherManager<String, Numbered> manager =
      new LastingFetcherManager<>(ManyBatches::new, new Configuration());

  private final FutureCompletingBlockingQueue<RecordsWithSplitIds<String>> queue =
      manager.getQueue();

  private final String testThread = Thread.currentThread().getName();

  private final AtomicInteger made = new AtomicInteger();
  private int added;
  private int finished;

  @AfterEach
  void close() throws Exception {
    manager.close(10_000);
  }

  private record Numbered(int number) implements SourceSplit {
    @Override
    public String splitId() {
      return "split " + number;
    }
  }

  /** Makes some batches without records of each split, the last of which finishes it. */
  private final class ManyBatches implements SplitReader<String, Numbered> {

    private final Queue<Numbered> splits = new ArrayDeque<>();

    @Override
    public RecordsWithSplitIds<String> fetch() {
      boolean last = made.incrementAndGet() % BATCHES_PER_SPLIT == 0;
      return new NoRecords(last ? Set.of(splits.remove().splitId()) : Set.of());
    }

    @Override
    public void handleSplitsChanges(SplitsChange<Numbered> change) {
      splits.addAll(change.splits());
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {}
  }

  private record NoRecords(Set<String> finishedSplits) implements RecordsWithSplitIds<String> {
    @Override
    public @Nullable String nextSplit() {
      return null;
    }

    @Override
    public @Nullable String nextRecordFromSplit() {
      return null;
    }
  }

  private void addSplit() {
    manager.addSplits(List.of(new Numbered(added++)));
  }

  /** What the reader does when its task has time for it. */
  private void poll() {
    RecordsWithSplitIds<String> batch = queue.poll();
    if (batch == null) {
      manager.maybeShutdownFinishedFetchers();
    } else {
      finished += batch.finishedSplits().size();
      batch.recycle();
    }
  }

  private void pollUntilAllAreFinished() {
    Await.until(
        "all splits are read",
        () -> {
          poll();
          return finished == added;
        });
    for (int i = 0; i < 100; i++) {
      poll();
    }
  }

  /** Until the fetcher waits for room. */
  private void awaitFullQueue() {
    Await.until("the queue is full", this::isFetcherWaiting);
  }

  private boolean isFetcherWaiting() {
    return Thread.getAllStackTraces().entrySet().stream().anyMatch(this::isWaitingToPut);
  }

  private boolean allBatchesAreMade() {
    return made.get() == added * BATCHES_PER_SPLIT;
  }

  /** Flink names fetchers after the thread that made them. */
  private boolean isWaitingToPut(Map.Entry<Thread, StackTraceElement[]> thread) {
    return thread.getKey().getName().endsWith(" for " + testThread)
        && thread.getKey().getState() == Thread.State.WAITING
        && Arrays.stream(thread.getValue()).anyMatch(f -> f.getMethodName().equals("waitOnPut"));
  }

  /** Without it the second round stands still: Flink wakes the fetcher of the first one. */
  @Test
  void goesOnAfterItWasWokenOftenWhileItsReaderWasSlow() {
    for (int i = 0; i < 20; i++) {
      addSplit();
      awaitFullQueue();
    }
    while (finished < added) {
      Await.until("the fetcher is ahead", () -> allBatchesAreMade() || isFetcherWaiting());
      poll();
    }
    pollUntilAllAreFinished();
    addSplit();
    awaitFullQueue();
    pollUntilAllAreFinished();
    assertThat(finished).isEqualTo(21);
  }

  @Test
  void endsTheFetcherOnceNothingComesAnyMore() {
    addSplit();
    pollUntilAllAreFinished();
    assertThat(manager.getNumAliveFetchers()).isEqualTo(1);
    assertThat(manager.maybeShutdownFinishedFetchers()).isFalse();

    manager.noMoreSplits();
    Await.until("the fetcher has ended", manager::maybeShutdownFinishedFetchers);
    assertThat(manager.getNumAliveFetchers()).isZero();
  }
}
