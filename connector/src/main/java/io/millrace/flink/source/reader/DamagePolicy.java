// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.flink.scan.MillraceOptions;
import io.millrace.flink.scan.OnError;
import io.millrace.format.BadInput;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;

/**
 * What a reader does about units and samples that are damaged or missing.
 *
 * @param onError what the option says
 * @param rereads reads units again in which a sample is damaged
 */
record DamagePolicy(OnError onError, Rereads rereads) {

  /** Whether it leaves anything out. */
  boolean skips() {
    return onError != OnError.FAIL;
  }

  /** Whether a failure is one of what it leaves out. */
  boolean leavesOut(IOException failure) {
    return skips() && BadInput.is(failure);
  }

  /** Whether, after a sample that is left out, the rest of its unit is, too. */
  boolean leavesOutRest() {
    return onError == OnError.SKIP_SHARD;
  }

  /** Whether opening a unit is tried a second time: the fault may have been on the way. */
  boolean opensAgain(IOException failure) {
    return failure instanceof CorruptObjectException || (skips() && BadInput.isMissing(failure));
  }

  /** What fails the job if a unit cannot be opened of which only samples may be left out. */
  static IOException tooLarge(String unit, IOException reason) {
    return new IOException(
        "Cannot leave out single samples of "
            + unit
            + ", because all of it is affected; set "
            + MillraceOptions.SCAN_ON_ERROR.key()
            + " = "
            + OnError.SKIP_SHARD.option()
            + " to leave out what cannot be opened: "
            + BadInput.messageOf(reason),
        reason);
  }
}
