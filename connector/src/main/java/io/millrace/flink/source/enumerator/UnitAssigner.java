// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.CacheIdentity;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.EpochProgressSnapshot;
import io.millrace.plan.Ownership;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which split a reader gets: those that came back and have their home in its cache, then
 * the next units of the epoch, or of the newest generation of a dataset that grows, that have;
 * then, if it is idle, what belongs to others. Used by the enumerator's thread alone.
 */
final class UnitAssigner {

  private final EpochSettings settings;
  private final CacheHomes homes;
  private final Supplier<Optional<UnitTable>> generations;
  private final ReturnedSplits returned;
  private UnitTable table;
  private SelectedUnits selected;

  /** The units of the epochs after the newest open one, if they are others. */
  private @Nullable SelectedUnits later;

  /** Shards that ownership knows of, but for those of the table. */
  private int shardsBefore;

  /** Selected samples of generations before the table's. */
  private long samplesBefore;

  private EpochProgress progress;
  private EpochOrder order;

  /** Selected units of the newest open epoch that are not assigned. */
  private long selectedLeft;

  /** Samples of the units that were assigned since the scan began or was restored. */
  private long samples;

  UnitAssigner(
      UnitTable table,
      EpochSettings settings,
      Ownership ownership,
      EpochProgressSnapshot progress) {
    this(table, settings, ownership, progress, Optional::empty);
  }

  /**
   * @param generations asked for the next generation when all units are assigned; empty if there is
   *     none yet
   */
  UnitAssigner(
      UnitTable table,
      EpochSettings settings,
      Ownership ownership,
      EpochProgressSnapshot progress,
      Supplier<Optional<UnitTable>> generations) {
    this.table = table;
    this.settings = settings;
    this.homes = new CacheHomes(ownership);
    this.returned = new ReturnedSplits(homes, table.start().shards());
    this.generations = generations;
    this.selected = new SelectedUnits(table, settings.selection());
    this.progress = EpochProgress.restore(progress);
    this.order = newOrder();
    homes.shardsAdded(selected.storedBytes());
    this.selectedLeft = countSelectedLeft();
  }

  /**
   * Lets epochs that are opened from now on have more units than the open one: the same, and after
   * them those of further shards.
   */
  void laterEpochsHave(UnitTable more) {
    later = new SelectedUnits(more, settings.selection());
  }

  private SelectedUnits selectedLater() {
    return later == null ? selected : later;
  }

  private long countSelectedLeft() {
    if (selected.isAll()) {
      return table.units() - this.progress.watermark();
    }
    long left = 0;
    for (long rank = this.progress.watermark(); rank < table.units(); rank++) {
      left += !this.progress.isAssigned(rank) && selected.has(order.unitAt(rank)) ? 1 : 0;
    }
    return left;
  }

  /** A generation that was added to the only epoch has an order of its own, as an epoch has. */
  private EpochOrder newOrder() {
    return settings.order(progress.epoch() + table.start().generation(), table.units());
  }

  /** Takes splits of a failed reader back. */
  void addBack(Collection<MillraceSplit> splits) {
    returned.add(splits);
  }

  /** Takes the rest of the unit that the scan begins in the middle of; it is assigned first. */
  void beginWithin(MillraceSplit rest) {
    returned.add(List.of(rest));
    samples += rest.samples() - rest.consumed();
  }

  /** As {@link #next(CacheIdentity, boolean, int)}, for a reader that is idle. */
  Optional<MillraceSplit> next(CacheIdentity cache, int maxEpoch) {
    return next(cache, true, maxEpoch);
  }

  /**
   * A split for a reader of this cache, of an epoch up to the given one; empty if there is none.
   *
   * @param idle whether the reader has nothing to do any more: only then may it have what belongs
   *     to other caches, which its own does not keep
   */
  Optional<MillraceSplit> next(CacheIdentity cache, boolean idle, int maxEpoch) {
    Optional<MillraceSplit> own = returned.takeOwn(cache, maxEpoch);
    if (own.isPresent()) {
      return own;
    }
    Optional<Ownership.Grant> grant = nextUnit(cache, idle, maxEpoch);
    boolean others = grant.isEmpty() || !grant.get().admit();
    Optional<MillraceSplit> back = idle && others ? returned.takeAny(maxEpoch) : Optional.empty();
    return back.isPresent() ? back : grant.map(this::assign);
  }

  private Optional<Ownership.Grant> nextUnit(CacheIdentity cache, boolean idle, int maxEpoch) {
    if (nothingLeftToSelect()) {
      return Optional.empty();
    }
    openNextEpochIfComplete(maxEpoch);
    advance();
    if (progress.epoch() > maxEpoch || progress.isComplete(table.units())) {
      return Optional.empty();
    }
    return homes.next(cache, idle, new Unassigned());
  }

  private MillraceSplit assign(Ownership.Grant grant) {
    progress.assign(grant.rank());
    selectedLeft--;
    MillraceSplit split =
        table.split(progress.epoch(), grant.rank(), order.unitAt(grant.rank()), grant.admit());
    samples += split.samples();
    return split;
  }

  /** Whether no unit or no epoch is selected at all, or enough were. */
  private boolean nothingLeftToSelect() {
    boolean nothing = selected.count() == 0 && selectedLater().count() == 0;
    boolean none = nothing && settings.discoveryInterval().isEmpty();
    return none || samples >= settings.selection().limit() || settings.from(0).isEmpty();
  }

  private void openNextEpochIfComplete(int maxEpoch) {
    skipUnselected();
    OptionalInt next = settings.from(progress.epoch() + 1);
    boolean may = next.isPresent() && next.getAsInt() <= maxEpoch;
    if (progress.isComplete(table.units()) && selectedLater().count() > 0 && may) {
      haveMoreUnits();
      open(next.getAsInt());
    }
  }

  /** Goes over to what the next epoch has. */
  private void haveMoreUnits() {
    SelectedUnits more = later;
    if (more == null) {
      return;
    }
    long[] bytes = more.storedBytes();
    homes.shardsAdded(Arrays.copyOfRange(bytes, table.shards().size(), bytes.length));
    table = more.table();
    selected = more;
    later = null;
  }

  /** Begins an epoch of the table, or the table in the only epoch. */
  private void open(int epoch) {
    progress = EpochProgress.start(epoch);
    order = newOrder();
    selectedLeft = selected.count();
    skipUnselected();
  }

  /** Lets the watermark pass over units that are not read, so that it reaches the epoch's end. */
  private void skipUnselected() {
    while (!selected.isAll()
        && !progress.isComplete(table.units())
        && !selected.has(order.unitAt(progress.watermark()))) {
      progress.assign(progress.watermark());
    }
  }

  /** Opens the next generation if there is one and all before it is assigned. */
  void advance() {
    skipUnselected();
    while (progress.isComplete(table.units())) {
      Optional<UnitTable> next = generations.get();
      if (next.isEmpty()) {
        return;
      }
      shardsBefore += table.shards().size();
      samplesBefore += selected.samples();
      table = next.get();
      selected = new SelectedUnits(table, settings.selection());
      homes.shardsAdded(selected.storedBytes());
      open(progress.epoch());
    }
  }

  private boolean onLastEpoch() {
    return settings.isLast(progress.epoch());
  }

  /** Whether every split of the scan is assigned: nothing will ever come again, failures aside. */
  boolean isExhausted() {
    if (settings.discoveryInterval().isPresent() && !nothingLeftToSelect()) {
      return false;
    }
    return returned.isEmpty()
        && (nothingLeftToSelect() || (progress.isComplete(table.units()) && onLastEpoch()));
  }

  /**
   * Splits that are left in the newest open epoch and, unless that is the last, in the one after
   * it: what a fair share is a share of. With a barrier all readers wait at each epoch's end, so
   * that the next one counts only when nothing is left of this.
   */
  long remaining() {
    long left = selectedLeft + returned.size();
    return onLastEpoch() || (settings.barrier() && left > 0)
        ? left
        : left + selectedLater().count();
  }

  /** Selected samples of generations before the newest one, where shards may be added. */
  long samplesBefore() {
    return samplesBefore;
  }

  /** Goes on counting them where a checkpoint was. */
  void samplesBefore(long samplesOfCheckpoint) {
    samplesBefore = samplesOfCheckpoint;
  }

  /** Selected samples of an epoch, as far as its shards are known. */
  long samplesOfEpoch() {
    return samplesBefore + selected.samples();
  }

  /** Lowest epoch of the splits that wait for a reader. */
  int oldestReturnedEpoch() {
    return returned.oldestEpoch();
  }

  int newestEpoch() {
    return progress.epoch();
  }

  CacheHomes ownership() {
    return homes;
  }

  /** The units of the newest open epoch, or of the newest generation. */
  UnitTable table() {
    return table;
  }

  EpochProgressSnapshot progress() {
    skipUnselected(); // so that an epoch that is wholly assigned can be told as such
    return progress.snapshot();
  }

  List<MillraceSplit> returned() {
    return returned.list();
  }

  private final class Unassigned implements Ownership.UnassignedRanks {
    @Override
    public int order() {
      return progress.epoch() + table.start().generation();
    }

    @Override
    public OptionalLong nextFrom(long rank) {
      OptionalLong found = progress.nextUnassigned(rank, table.units());
      while (found.isPresent() && !selected.has(order.unitAt(found.getAsLong()))) {
        found = progress.nextUnassigned(found.getAsLong() + 1, table.units());
      }
      return found;
    }

    @Override
    public int shardOf(long rank) {
      return shardsBefore + table.shardOf(order.unitAt(rank));
    }
  }
}
