// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.ParallelReads;
import java.io.IOException;

/**
 * Pins an object that is one extent and, if that fetched it, checks at once that it is the version
 * that discovery saw.
 *
 * @param extent the whole object
 */
record WholeRead(UnitAccess access, ShardObject object, Extent extent)
    implements ParallelReads.Read<PinnedExtent> {

  @Override
  public PinnedExtent read() throws IOException, InterruptedException {
    PinnedExtent pinned = access.acquire(object, extent);
    boolean checked = false;
    try {
      if (pinned.touch() == PinnedExtent.Touch.FETCHED) {
        access.checkVersion(object);
      }
      checked = true;
      return pinned;
    } finally {
      if (!checked) {
        giveBack(pinned);
      }
    }
  }

  /** Bytes that nobody knows to be of the right version must not stay for others. */
  private void giveBack(PinnedExtent pinned) {
    try {
      access.cache().discard(extent);
    } finally {
      pinned.close();
    }
  }
}
