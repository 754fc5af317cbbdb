// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.metrics.FinishedSplits;
import io.millrace.flink.scan.ScanContext;
import io.millrace.flink.source.split.IncarnationEvent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.MillraceSplitState;
import io.millrace.flink.source.split.OwnedBytesEvent;
import io.millrace.flink.source.split.SkipsCountedEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads the splits that the enumerator assigns, with one fetcher thread. Asks for more while it
 * reads, so that the next units can be fetched ahead.
 *
 * @param <T> what the source emits
 */
@Internal
public final class MillraceSourceReader<T>
    extends SourceReaderBase<Object, T, MillraceSplit, MillraceSplitState> {

  private final LastingFetcherManager<Object, MillraceSplit> fetchers;
  private final ReaderResources<T> resources;
  private final SplitDemand demand;
  private final FinishedSplits finishedSplitMetrics;
  private final SkipReports skips;
  private final RestoredSplits restored;

  /** Ids of dropped splits for which Flink has an output that holds watermarks back. */
  private final Set<String> withoutSplit = new HashSet<>();

  private boolean started;
  private boolean noMoreSplits;

  /** Whether there is nothing to do any more but wait for the enumerator's answer. */
  private boolean ended;

  private MillraceSourceReader(
      SourceReaderContext context,
      ReaderResources<T> resources,
      LastingFetcherManager<Object, MillraceSplit> fetchers,
      SkipReports skips) {
    super(fetchers, new MillraceRecordEmitter<>(skips), context.getConfiguration(), context);
    this.fetchers = fetchers;
    this.resources = resources;
    this.demand = resources.newSplitDemand();
    this.skips = skips;
    this.restored = resources.newRestoredSplits();
    this.finishedSplitMetrics = new FinishedSplits(context.metricGroup());
  }

  /** Opens a reader and leases its process's cache. */
  public static <T> MillraceSourceReader<T> create(
      SourceReaderContext context, ScanContext<T> scan) {
    ReaderResources<T> resources = ReaderResources.open(context, scan);
    return new MillraceSourceReader<>(
        context,
        resources,
        new LastingFetcherManager<>(resources::newSplitReader, context.getConfiguration()),
        resources.newSkipReports(context));
  }

  @Override
  public void start() {
    started = true;
    restored.report().ifPresent(context::sendSourceEventToCoordinator);
    if (!restored.isWaiting()) {
      send(demand.first());
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    withoutSplit.forEach(output::releaseOutputForSplit);
    withoutSplit.clear();
    try {
      InputStatus status = super.pollNext(output);
      ended = status == InputStatus.END_OF_INPUT && !skips.allAnswered().isDone();
      return ended ? InputStatus.NOTHING_AVAILABLE : status;
    } catch (IOException | RuntimeException e) {
      resources.failed(e);
      throw e;
    }
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return ended ? skips.allAnswered() : super.isAvailable();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof SkipsCountedEvent answer) {
      skips.answered(answer);
    } else if (event instanceof OwnedBytesEvent owned) {
      resources.owns(owned);
    } else if (event instanceof IncarnationEvent incarnation) {
      goOn(incarnation);
    } else {
      super.handleSourceEvents(event);
    }
  }

  /** Reads those of the restored splits that are to be read, and asks for more. */
  private void goOn(IncarnationEvent incarnation) {
    if (!restored.isWaiting()) {
      return;
    }
    List<MillraceSplit> released = new ArrayList<>();
    List<MillraceSplit> dropped = new ArrayList<>();
    restored.release(incarnation.current(), released, dropped);
    dropped.forEach(split -> withoutSplit.add(split.splitId()));
    read(released);
    send(demand.first());
  }

  @Override
  public void addSplits(List<MillraceSplit> splits) {
    read(started ? splits : restored.restored(splits));
  }

  private void read(List<MillraceSplit> splits) {
    if (!splits.isEmpty()) {
      splits.forEach(split -> withoutSplit.remove(split.splitId()));
      demand.added(splits);
      super.addSplits(splits);
    }
  }

  @Override
  public List<MillraceSplit> snapshotState(long checkpointId) {
    List<MillraceSplit> splits = new ArrayList<>(super.snapshotState(checkpointId));
    splits.addAll(restored.aside());
    return splits;
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    fetchers.noMoreSplits();
    super.notifyNoMoreSplits();
  }

  @Override
  protected void onSplitFinished(Map<String, MillraceSplitState> finishedSplits) {
    skips.finished(finishedSplits.values());
    demand.finished(finishedSplits.keySet());
    finishedSplitMetrics.add(finishedSplits.size());
    if (!noMoreSplits) {
      demand.due().ifPresent(this::send);
    }
  }

  private void send(SplitRequestEvent request) {
    context.sendSourceEventToCoordinator(request);
  }

  @Override
  protected MillraceSplitState initializedState(MillraceSplit split) {
    return new MillraceSplitState(split);
  }

  @Override
  protected MillraceSplit toSplitType(String splitId, MillraceSplitState state) {
    return state.toSplit();
  }

  @Override
  public void close() throws Exception {
    skips.logSums();
    try {
      super.close();
    } finally {
      resources.close();
    }
  }
}
