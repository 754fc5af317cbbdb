// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.flink.scan.EpochSettings;
import io.millrace.flink.scan.ScanStart;
import io.millrace.flink.source.split.MillraceSplit;
import io.millrace.plan.EpochProgress;
import io.millrace.plan.EpochProgressSnapshot;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a scan begins that goes on from no checkpoint. All of it goes into checkpoints, so that
 * what is restored from one does not depend on where the scan was started.
 *
 * @param progress units that are not read count as assigned
 * @param rest the unit that it begins in the middle of, if it does
 */
record ScanBeginning(EpochProgressSnapshot progress, Optional<MillraceSplit> rest) {

  /**
   * Where the settings say.
   *
   * @throws IllegalArgumentException if there is no such unit
   */
  static ScanBeginning of(UnitTable table, EpochSettings settings) {
    ScanStart start = settings.start();
    OptionalInt first = settings.first();
    if (first.isEmpty()) {
      // No epoch from there on is selected: it begins at the end of that one.
      return at(start.epoch(), settings.from(0).isPresent() ? table.units() : 0);
    }
    if (!settings.startsWithinEpoch()) {
      return at(first.getAsInt(), 0);
    }
    start.checkIn(table.units());
    return start.place() == 0
        ? at(start.epoch(), start.rank())
        : new ScanBeginning(at(start.epoch(), start.rank() + 1).progress, rest(table, settings));
  }

  private static ScanBeginning at(int epoch, long rank) {
    EpochProgressSnapshot progress =
        rank == 0
            ? EpochProgress.start(epoch).snapshot()
            : new EpochProgressSnapshot(epoch, rank, new long[0]);
    return new ScanBeginning(progress, Optional.empty());
  }

  private static Optional<MillraceSplit> rest(UnitTable table, EpochSettings settings) {
    ScanStart start = settings.start();
    long unitId = settings.order(start.epoch(), table.units()).unitAt(start.rank());
    MillraceSplit whole = table.split(start.epoch(), start.rank(), unitId, true);
    return start.place() < whole.samples()
            && new SelectedUnits(table, settings.selection()).has(unitId)
        ? Optional.of(whole.at(start.place()))
        : Optional.empty();
  }
}
