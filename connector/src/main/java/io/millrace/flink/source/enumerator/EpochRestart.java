// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.source.split.SplitRequestEvent;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.EpochProgressSnapshot;
import java.util.OptionalInt;

/** Where a scan goes on of which the dataset has changed since its checkpoint. */
final class EpochRestart {

  private EpochRestart() {}

  /**
   * At the beginning of the oldest epoch that was not wholly read, or behind the last one.
   *
   * @param oldestHeld lowest epoch of splits that were not read to their end, {@link
   *     SplitRequestEvent#HOLDS_NONE} without any
   * @param now units of the dataset as it is now
   */
  static EpochProgressSnapshot progress(
      MillraceEnumeratorState checkpoint, int oldestHeld, EpochSettings settings, UnitTable now) {
    int newest = checkpoint.progress().epoch();
    if (oldestHeld != SplitRequestEvent.HOLDS_NONE) {
      return EpochProgress.start(Math.min(oldestHeld, newest)).snapshot();
    }
    if (!checkpoint.shards().isAssigned(checkpoint.progress())) {
      return EpochProgress.start(newest).snapshot();
    }
    OptionalInt next = settings.from(newest + 1);
    return next.isPresent()
        ? EpochProgress.start(next.getAsInt()).snapshot()
        : new EpochProgressSnapshot(newest, now.units(), new long[0]);
  }
}
