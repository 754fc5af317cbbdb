// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.ByteBudget;
import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.format.DatasetFormat;
import io.millrace.format.ShardReader;
import io.millrace.plan.EpochOrder;
import io.millrace.plan.ShuffleKey;
import io.millrace.prefetch.PrefetchTask;
import io.millrace.sample.Schema;
import java.io.IOException;

/**
 * Opens one unit, ahead of time or on demand.
 *
 * @param format the dataset's format
 * @param projection fields to decode
 * @param epochs the order of the samples
 * @param access how its bytes are reached
 */
record UnitTask(DatasetFormat format, Schema projection, EpochSettings epochs, UnitAccess access)
    implements PrefetchTask<OpenUnit> {

  @Override
  public long bytes() {
    return access.split().shard().unitBytes();
  }

  @Override
  public OpenUnit open(ByteBudget.Reservation memory) throws IOException {
    MillraceSplit split = access.split();
    CachedShardInput input = new CachedShardInput(access, memory);
    boolean opened = false;
    try {
      ShardReader reader = format.open(split.shard(), split.unit(), input, projection);
      input.checkVersions();
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
    } finally {
      if (!opened) {
        input.close();
      }
    }
  }

  @Override
  public void discard(OpenUnit unit) {
    unit.close();
  }
}
