// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.ParallelReads;
import java.io.IOException;

/**
 * Pins one part of a large object. Whoever asks for the parts checks, once all are there, that they
 * are of the version that discovery saw.
 *
 * @param requests for asking the origin
 * @param extent the part
 */
record PartRead(UnitAccess access, OriginRequests requests, ShardObject object, Extent extent)
    implements ParallelReads.Read<PartRead.Result> {

  /**
   * A pinned part.
   *
   * @param unchecked whether this fetched it and nothing is known of its bytes
   */
  record Result(PartRead read, PinnedExtent pinned, boolean unchecked) {

    /** For who does not want it any more: bytes that nobody will check must not stay for others. */
    void giveBack() {
      try {
        if (unchecked) {
          read.access.cache().discard(read.extent);
        }
      } finally {
        pinned.close();
      }
    }
  }

  @Override
  public Result read() throws IOException, InterruptedException {
    // Before it is acquired: what is fetched meanwhile may be other bytes.
    boolean verified = access.cache().checksums().isVerified(extent.object(), extent.version());
    PinnedExtent pinned = access.acquire(object, extent, requests);
    boolean fetched = pinned.touch() == PinnedExtent.Touch.FETCHED;
    return new Result(this, pinned, fetched && !verified);
  }
}
