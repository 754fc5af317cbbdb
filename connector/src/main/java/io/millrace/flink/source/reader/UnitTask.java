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
  private final PreparedUnit prepared;

  /**
   * @param opener opens the dataset's shards
   * @param projection fields to decode
   * @param epochs the order of the samples
   * @param access how its bytes are reached
   */
  UnitTask(ShardOpener opener, Schema projection, EpochSettings epochs, UnitAccess access) {
    this.opener = opener;
    this.projection = projection;
    this.epochs = epochs;
    this.access = access;
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
      return open(preparedInput(memory, requests));
    } catch (CorruptObjectException e) {
      // Nothing of it is left in the cache, and the fault may have been on the way: once more.
      LOG.warn("Reading {} again: {}", access.describe(), e.getMessage());
    }
    try {
      return open(new CachedShardInput(access, memory, requests));
    } catch (CorruptObjectException e) {
      throw reasonOf(e);
    }
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
  private IOException reasonOf(CorruptObjectException e) {
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

  private OpenUnit open(CachedShardInput input) throws IOException {
    MillraceSplit split = access.split();
    ShardReader reader = null;
    boolean opened = false;
    try {
      reader = opener.open(split.shard(), split.unit(), input, projection);
      input.checkFetched();
      EpochOrder order = epochs.order(split.epoch(), split.units());
      OpenUnit unit =
          new OpenUnit(
              split,
              reader,
              input,
              order.samplesOf(split.unitId(), split.samples()),
              new ShuffleKey(epochs.seed(), split.epoch()));
      opened = true;
      return unit;
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
