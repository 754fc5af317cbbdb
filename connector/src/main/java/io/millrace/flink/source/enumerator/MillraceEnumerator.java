// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.Assignment;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ErrorSettings;
import io.millrace.flink.scan.OnChange;
import io.millrace.flink.source.split.IncarnationEvent;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.flink.source.split.RestoredSplitsEvent;
import io.millrace.flink.source.split.SkippedSamplesEvent;
import io.millrace.flink.source.split.SkipsCountedEvent;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.format.DatasetManifest;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.FirstComeOwnership;
import io.millrace.plan.Ownership;
import io.millrace.plan.RendezvousOwnership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.api.connector.source.SupportsBatchSnapshot;
import org.apache.flink.api.connector.source.SupportsHandleExecutionAttemptSourceEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the dataset's shards when it starts, and those that are added to one that grows each
 * interval, on a worker thread; answers the readers' requests from then on. A request is answered
 * with as many splits as the reader wants, but near the end with no more than its fair share, so
 * that all readers finish together; one that cannot be answered yet is kept until something
 * changes. Where shards have homes, a reader gets those of its cache, and only if it is idle one of
 * another's at a time; what its cache owns it is told whenever that changes.
 *
 * <p>At most two epochs are open: nothing of an epoch is assigned while a reader may still hold a
 * split of the epoch before the last. With a barrier it is one: of the epoch before, either.
 */
@Internal
public final class MillraceEnumerator
    implements SplitEnumerator<MillraceSplit, MillraceEnumeratorState>,
        SupportsHandleExecutionAttemptSourceEvent,
        SupportsBatchSnapshot {

  private static final Logger LOG = LoggerFactory.getLogger(MillraceEnumerator.class);

  /**
   * An answer ends with the split that reaches this many objects: it must fit a message of Flink's
   * (10 MB unless configured otherwise), and an object takes 10 to 40 bytes, long paths more.
   */
  private static final int MOST_OBJECTS = 16_384;

  private final SplitEnumeratorContext<MillraceSplit> context;
  private final UnitFeed units;
  private final EpochSettings settings;
  private final MillraceEnumeratorState restored;
  private final Assignment assignment;
  private final CachesAwaited caches;
  private final ReaderRegistry readers = new ReaderRegistry();
  private final OwnedBytesNews news;
  private final boolean isRestored;

  /** Whether readers may have splits out of the checkpoint that this was restored from. */
  private final boolean readersAreRestored;

  private final RestoredReaders restoredReaders = new RestoredReaders();
  private final OnChange onChange;
  private boolean checkpointed;
  private final List<MillraceSplit> returnedBeforeDiscovery = new ArrayList<>();
  private final SkippedSamples skipped;
  private @Nullable UnitAssigner assigner;

  /**
   * Of a dataset that does not change.
   *
   * @param discovery finds the dataset; called once, on a worker thread
   * @param errors what readers do about what cannot be read
   * @param assignment which reader gets which shard
   * @param state where to go on; a scan begins with progress of its first epoch and no manifest
   */
  public MillraceEnumerator(
      SplitEnumeratorContext<MillraceSplit> context,
      Callable<DatasetManifest> discovery,
      EpochSettings settings,
      ErrorSettings errors,
      Assignment assignment,
      MillraceEnumeratorState state) {
    this(
        context,
        new FixedUnits(context, new EpochDiscovery(discovery, null, OnChange.FAIL), state),
        settings,
        errors,
        assignment,
        OnChange.FAIL,
        state);
  }

  /** Of a dataset that does not change, of which nothing is left out, for whoever comes first. */
  public MillraceEnumerator(
      SplitEnumeratorContext<MillraceSplit> context,
      Callable<DatasetManifest> discovery,
      EpochSettings settings,
      MillraceEnumeratorState state) {
    this(context, discovery, settings, ErrorSettings.FAIL, Assignment.FIRST_COME, state);
  }

  private MillraceEnumerator(
      SplitEnumeratorContext<MillraceSplit> context,
      UnitFeed units,
      EpochSettings settings,
      ErrorSettings errors,
      Assignment assignment,
      OnChange onChange,
      MillraceEnumeratorState state) {
    this.context = context;
    this.news = new OwnedBytesNews(context, readers);
    this.units = units;
    this.settings = settings;
    this.assignment = assignment;
    this.caches =
        assignment == Assignment.STICKY ? CachesAwaited.by(context) : CachesAwaited.none(context);
    this.onChange = onChange;
    this.restored = state;
    this.skipped = new SkippedSamples(errors, state.skipped());
    this.isRestored = state.isBegun();
    this.readersAreRestored = isRestored && state.readersHold();
    returnedBeforeDiscovery.addAll(state.returned());
  }

  /**
   * Of a dataset that does not change while it is read, but perhaps before it is restored.
   *
   * @param discovery finds the dataset; called on a worker thread
   * @param errors what readers do about what cannot be read
   * @param assignment which reader gets which shard
   * @param state where to go on; a scan begins with progress of its first epoch and no manifest
   */
  public static MillraceEnumerator ofEpochs(
      SplitEnumeratorContext<MillraceSplit> context,
      EpochDiscovery discovery,
      EpochSettings settings,
      ErrorSettings errors,
      Assignment assignment,
      MillraceEnumeratorState state) {
    FixedUnits units = new FixedUnits(context, discovery, state);
    return new MillraceEnumerator(
        context, units, settings, errors, assignment, discovery.onChange(), state);
  }

  /**
   * Of a dataset to which shards are added, which it looks for each {@link
   * EpochSettings#discoveryInterval}. Nothing of it is read twice: shards need no home, and go to
   * whoever comes first.
   *
   * @param discovery looks at the dataset, on a worker thread
   * @param errors what readers do about what cannot be read
   * @param patience how long looks may fail one after the other
   */
  public static MillraceEnumerator ofGrowing(
      SplitEnumeratorContext<MillraceSplit> context,
      GenerationDiscovery discovery,
      EpochSettings settings,
      ErrorSettings errors,
      Duration patience,
      MillraceEnumeratorState state) {
    GrowingUnits units =
        new GrowingUnits(
            context,
            discovery,
            settings.discoveryInterval().orElseThrow(),
            new LookFailures(discovery.location(), patience, System::nanoTime),
            state.generations().orElse(Generations.NONE));
    return new MillraceEnumerator(
        context, units, settings, errors, Assignment.FIRST_COME, OnChange.FAIL, state);
  }

  @Override
  public void start() {
    units.start(this::onFound);
  }

  private void onFound() {
    if (assigner == null) {
      units.first().filter(table -> knowWhereToBegin()).ifPresent(this::begin);
    }
    answerRestored();
    answerWaiting();
  }

  /** The oldest epoch that is not wholly read is that of a split which some reader restored. */
  private boolean knowWhereToBegin() {
    if (units.isChanged() && !restored.readersHold()) {
      throw new IllegalStateException(
          "Cannot restore from the checkpoint: dataset changed since the checkpoint, and a batch job"
              + " cannot begin an epoch anew ("
              + onChange.setting()
              + "), because what its tasks have written stays: run it once more from the start");
    }
    return !units.isChanged() || restoredReaders.haveTold(context.currentParallelism());
  }

  private ScanBeginning beginning(UnitTable table) {
    if (units.isChanged()) {
      int oldest =
          restoredReaders.oldestEpoch(restored.shards().incarnation(), returnedBeforeDiscovery);
      return new ScanBeginning(
          EpochRestart.progress(restored, oldest, settings, table), Optional.empty());
    }
    return isRestored || settings.start().isBeginning()
        ? new ScanBeginning(restored.progress(), Optional.empty())
        : ScanBeginning.of(table, settings);
  }

  private void begin(UnitTable table) {
    ScanBeginning beginning = beginning(table);
    if (units.isChanged()) {
      skipped.restarted(beginning.progress().epoch());
      LOG.warn(
          "The dataset has changed since the checkpoint: what was not wholly read of it begins anew"
              + " ({})",
          onChange.setting());
    }
    UnitAssigner newAssigner =
        new UnitAssigner(table, settings, newOwnership(), beginning.progress(), units::next);
    beginning.rest().ifPresent(newAssigner::beginWithin);
    units.later().ifPresent(newAssigner::laterEpochsHave);
    newAssigner.addBack(current(returnedBeforeDiscovery, newAssigner));
    returnedBeforeDiscovery.clear();
    newAssigner.samplesBefore(restored.skipped().samplesBefore());
    assigner = newAssigner;
    checkSkipped();
    LOG.info("Going on at {}", beginning.progress());
  }

  private Ownership newOwnership() {
    return switch (assignment) {
      case STICKY -> new RendezvousOwnership();
      case FIRST_COME -> new FirstComeOwnership();
    };
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    throw new IllegalStateException(
        "Reader " + subtask + " asked for a split without naming its cache");
  }

  @Override
  public void handleSourceEvent(int subtask, int attempt, SourceEvent event) {
    if (event instanceof SkippedSamplesEvent report) {
      count(report);
      Map<Integer, ReaderInfo> attempts = context.registeredReadersOfAttempts().get(subtask);
      if (attempts != null && attempts.containsKey(attempt)) {
        context.sendEventToSourceReader(subtask, attempt, new SkipsCountedEvent(report.number()));
      }
    } else {
      requested(subtask, attempt, event);
    }
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof SkippedSamplesEvent report) {
      count(report);
      if (context.registeredReaders().containsKey(subtask)) {
        context.sendEventToSourceReader(subtask, new SkipsCountedEvent(report.number()));
      }
      return;
    }
    requested(subtask, ReaderRegistry.NO_ATTEMPT, event);
  }

  private void requested(int subtask, int attempt, SourceEvent event) {
    if (event instanceof RestoredSplitsEvent splits) {
      restored(subtask, splits);
    } else if (event instanceof SplitRequestEvent request) {
      restoredReaders.requested(subtask);
      readers.requested(subtask, attempt, request);
      caches.named(readers.named(), this::answerWaiting);
    } else {
      throw new IllegalArgumentException("Cannot handle event " + event + " of reader " + subtask);
    }
    onFound();
  }

  /** Only readers of a scan that may restart wait to be told what to read. */
  private void restored(int subtask, RestoredSplitsEvent splits) {
    if (onChange == OnChange.RESTART_EPOCH) {
      restoredReaders.restored(subtask, splits);
    } else if (splits.hasBefore(restored.shards().incarnation())) {
      throw new IllegalStateException(
          "Cannot restore from the checkpoint: reader "
              + subtask
              + " has splits of the dataset as it was before it changed, which only "
              + OnChange.RESTART_EPOCH.setting()
              + " drops: go on with that");
    }
  }

  /** Tells readers which of their restored splits are of the dataset as it is. */
  private void answerRestored() {
    if (assigner == null) {
      return;
    }
    IncarnationEvent answer = new IncarnationEvent(incarnation(assigner));
    for (int subtask : restoredReaders.answered()) {
      if (context.registeredReaders().containsKey(subtask)) {
        context.sendEventToSourceReader(subtask, answer);
      }
    }
  }

  private int incarnation(UnitAssigner of) {
    return units.shards(of.table()).incarnation();
  }

  private void count(SkippedSamplesEvent report) {
    skipped.reported(report);
    checkSkipped();
  }

  private void checkSkipped() {
    if (assigner != null && skipped.isToBeChecked()) {
      skipped.check(assigner.samplesOfEpoch());
    }
  }

  private void answerWaiting() {
    if (assigner == null || !caches.isOver()) {
      return;
    }
    assigner.advance();
    assigner.ownership().present(readers.caches());
    news.tell(assigner.ownership());
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int subtask : readers.waiting()) {
        // While a region restarts, its readers are gone before their splits come back one by one.
        if (context.registeredReaders().containsKey(subtask)) {
          // What one takes may let others go on, to the next epoch.
          changed |= answer(subtask, assigner);
        }
      }
    }
  }

  /** Whether something was assigned. */
  private boolean answer(int subtask, UnitAssigner from) {
    from.advance();
    CacheIdentity cache = readers.cacheOf(subtask);
    int most = Math.min(readers.wantedBy(subtask), fairShare(from, cache));
    List<MillraceSplit> granted = new ArrayList<>();
    int objects = 0;
    while (granted.size() < most && objects < MOST_OBJECTS) {
      boolean idle = granted.isEmpty() && readers.isIdle(subtask);
      Optional<MillraceSplit> split = from.next(cache, idle, maxEpoch(from, granted));
      if (split.isEmpty()) {
        break;
      }
      granted.add(split.get());
      objects += split.get().shard().objects().size();
      if (!split.get().admit()) {
        break; // of what belongs to others one at a time, so that it stays theirs if they come
      }
    }
    if (!granted.isEmpty()) {
      int lowest = granted.stream().mapToInt(MillraceSplit::epoch).min().getAsInt();
      readers.assigned(subtask, granted.size(), lowest);
      context.assignSplits(new SplitsAssignment<>(Map.of(subtask, granted)));
    } else if (from.isExhausted()) {
      readers.dismissed(subtask);
      context.signalNoMoreSplits(subtask);
    }
    return !granted.isEmpty();
  }

  /**
   * Half of an even share of what is left: large at first, one at the end. Of a cache's own part,
   * which is taken to be as far as the others', where shards have homes.
   */
  private int fairShare(UnitAssigner from, CacheIdentity cache) {
    long owned = from.ownership().ownedBytes(cache);
    long all = from.ownership().bytes();
    boolean apart = owned < all;
    double left = apart ? (double) from.remaining() * owned / all : from.remaining();
    int sharers = apart ? readers.readersOf(cache) : context.currentParallelism();
    return (int) Math.max(1, left / (2.0 * Math.max(1, sharers))); // an int at most, as a cast is
  }

  /**
   * Whether no reader can hold splits out of a checkpoint that it has not told of. All readers run
   * where there are checkpoints; a batch job runs some after the others have ended, and nothing may
   * wait for those.
   */
  private boolean knowWhatReadersHold() {
    if (!readersMayRestore()) {
      return true;
    }
    boolean all = checkpointed || settings.barrier();
    return readers.haveReported(all ? context.currentParallelism() : 0);
  }

  private boolean readersMayRestore() {
    return checkpointed || readersAreRestored;
  }

  /**
   * At most two epochs are open at a time, or one, whatever readers hold that have not told yet.
   *
   * @param granted what the reader that is answered gets
   */
  private int maxEpoch(UnitAssigner from, List<MillraceSplit> granted) {
    if (!knowWhatReadersHold()) {
      return from.newestEpoch();
    }
    int oldest = Math.min(readers.oldestEpoch(), from.oldestReturnedEpoch());
    if (settings.barrier()) {
      // An answer must not go beyond the end of the epoch that it begins in.
      oldest = granted.isEmpty() ? oldest : Math.min(oldest, granted.get(0).epoch());
      if (oldest != SplitRequestEvent.HOLDS_NONE) {
        return oldest;
      }
    }
    int open = oldest == SplitRequestEvent.HOLDS_NONE ? from.newestEpoch() : oldest;
    return settings.from(open + 1).orElse(open + 1);
  }

  @Override
  public void addReader(int subtask) {
    readers.started(subtask);
    restoredReaders.started(subtask);
  }

  @Override
  public void addSplitsBack(List<MillraceSplit> splits, int subtask) {
    readers.failed(subtask, readersMayRestore());
    restoredReaders.started(subtask);
    List<MillraceSplit> current = assigner == null ? splits : current(splits, assigner);
    skipped.returned(current);
    if (assigner == null) {
      returnedBeforeDiscovery.addAll(current);
    } else {
      assigner.addBack(current);
      answerWaiting();
    }
  }

  /** Those of the dataset as it is. */
  private List<MillraceSplit> current(List<MillraceSplit> splits, UnitAssigner of) {
    int incarnation = incarnation(of);
    return splits.stream().filter(split -> split.incarnation() == incarnation).toList();
  }

  @Override
  public MillraceEnumeratorState snapshotState(long checkpointId) {
    checkpointed |= checkpointId >= 0; // a batch job's snapshots, which have no readers, are below
    return new MillraceEnumeratorState(
        restored.fingerprint(),
        assigner == null ? restored.manifest() : units.manifest(),
        units.generations(),
        assigner == null ? restored.progress() : assigner.progress(),
        assigner == null ? returnedBeforeDiscovery : assigner.returned(),
        checkpointId >= 0,
        skipped.snapshot(
            checkpointId,
            assigner == null ? restored.skipped().samplesBefore() : assigner.samplesBefore()),
        assigner == null ? restored.shards() : units.shards(assigner.table()));
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    skipped.checkpointCompleted(checkpointId);
  }

  @Override
  public void close() {}
}
