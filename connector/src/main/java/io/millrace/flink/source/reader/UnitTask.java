// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.ShardOpener;
import io.millrace.format.ShardReader;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.ShuffleKey;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.PrefetchTask;
import io.millrace.sample.Schema;
import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectChangedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens one unit, ahead of time or on demand. */
final class UnitTask implements PrefetchTask<OpenUnit> {

  private static final Logger LOG = LoggerFactory.getLogger(UnitTask.class);

  private final ShardOpener opener;
  private final Schema projection;
  private final EpochSettings epochs;
  private final UnitAccess access;
  private final DamagePolicy damage;
  private final PreparedUnit prepared;

  /**
   * @param opener opens the dataset's shards
   * @param projection fields to decode
   * @param epochs the order of the samples
   * @param access how its bytes are reached
   * @param damage what to do about what cannot be read
   */
  UnitTask(
      ShardOpener opener,
      Schema projection,
      EpochSettings epochs,
      UnitAccess access,
      DamagePolicy damage) {
    this.opener = opener;
    this.projection = projection;
    this.epochs = epochs;
    this.access = access;
    this.damage = damage;
    this.prepared = new PreparedUnit(access);
  }

  @Override
  public long bytes() {
    return opener.unitBytes(access.split().shard(), projection);
  }

  /** What is one unit has all that it needs to know in itself. */
  @Override
  public boolean prepares() {
    return access.split().shard().units() > 1;
  }

  @Override
  public void prepare(OriginRequests requests) throws IOException {
    Optional<ShardOpener.FirstRead> first = opener.readFirst(access.split().shard());
    if (first.isPresent()) {
      prepared.fetch(first.get(), requests);
    }
  }

  @Override
  public void abandon() {
    prepared.close();
  }

  @Override
  public OpenUnit open(ByteBudget.Reservation memory, OriginRequests requests) throws IOException {
    try {
      return unit(open(preparedInput(memory, requests)), memory);
    } catch (IOException e) {
      if (!damage.opensAgain(e)) {
        throw e;
      }
      // Nothing of it is left in the cache, and the fault may have been on the way: once more.
      LOG.warn("Reading {} again: {}", access.describe(), e.getMessage());
    }
    try {
      return unit(open(new CachedShardInput(access, memory, requests)), memory);
    } catch (IOException e) {
      return unit(orUnreadable(reasonOf(e), memory), memory);
    }
  }

  /**
   * Opens the unit once more for one of whose samples its bytes are damaged, as far as it seems.
   */
  private OpenedUnit openAgain(ByteBudget.Reservation memory) throws IOException {
    LOG.warn("Reading {} again: a sample is damaged", access.describe());
    try {
      return open(new CachedShardInput(access, memory));
    } catch (IOException e) {
      return orUnreadable(reasonOf(e), memory);
    }
  }

  private OpenedUnit orUnreadable(IOException reason, ByteBudget.Reservation memory)
      throws IOException {
    if (!damage.leavesOut(reason)) {
      throw reason;
    }
    if (!damage.leavesOutRest()) {
      throw DamagePolicy.tooLarge(access.describe(), reason);
    }
    return new OpenedUnit(
        new UnreadableUnit(access.split().samples(), reason), new CachedShardInput(access, memory));
  }

  private CachedShardInput preparedInput(ByteBudget.Reservation memory, OriginRequests requests)
      throws IOException {
    CachedShardInput input = new CachedShardInput(access, memory, requests);
    boolean done = false;
    try {
      requests.share(
          () -> {
            prepared.passTo(input);
            return input;
          });
      done = true;
      return input;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("Interrupted while preparing " + access.describe());
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      if (!done) {
        input.close();
      }
    }
  }

  /** Objects that were replaced after discovery look corrupt, too: then that is the reason. */
  private IOException reasonOf(IOException e) {
    if (!(e instanceof CorruptObjectException)) {
      return e;
    }
    try {
      access.checkVersions(access.split().shard().objects());
    } catch (ObjectChangedException changed) {
      changed.addSuppressed(e);
      return changed;
    } catch (IOException unknown) {
      e.addSuppressed(unknown);
    }
    return e;
  }

  private OpenUnit unit(OpenedUnit opened, ByteBudget.Reservation memory) {
    MillraceSplit split = access.split();
    EpochOrder order = epochs.order(split.epoch(), split.units());
    return new OpenUnit(
        split,
        opened,
        order.samplesOf(split.unitId(), split.samples()),
        new ShuffleKey(epochs.seed(), split.epoch()),
        damage,
        () -> openAgain(memory));
  }

  private OpenedUnit open(CachedShardInput input) throws IOException {
    MillraceSplit split = access.split();
    ShardReader reader = null;
    boolean opened = false;
    try {
      reader =
          damage.skips()
              ? opener.openLeniently(split.shard(), split.unit(), input, projection)
              : opener.open(split.shard(), split.unit(), input, projection);
      input.checkFetched();
      opened = true;
      return new OpenedUnit(reader, input);
    } catch (CorruptObjectException e) {
      input.discard();
      throw e;
    } finally {
      if (!opened) {
        if (reader != null) {
          reader.close();
        }
        input.close();
      }
    }
  }

  @Override
  public void discard(OpenUnit unit) {
    unit.close();
  }
}
