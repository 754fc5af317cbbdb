// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.cache.PinnedExtent;
import io.millrace.format.BadInput;
import io.millrace.format.ShardObject;
import io.millrace.prefetch.OriginRequests;
import io.millrace.prefetch.ParallelReads;
import io.millrace.storage.ByteChunks;
import java.io.IOException;

/**
 * Pins an object that is one extent and, if that fetched it, checks at once that it is the version
 * that discovery saw; unless whoever gets it is to verify it by its hash.
 *
 * @param requests for asking the origin
 * @param extent the whole object
 * @param lenient whether that the object is damaged or missing is a result like another
 */
record WholeRead(
    UnitAccess access, OriginRequests requests, ShardObject object, Extent extent, boolean lenient)
    implements ParallelReads.Read<WholeRead.Outcome> {

  /** A pinned object, or why there is none. */
  sealed interface Outcome permits Result, Failure {

    /** For who does not want it any more. */
    void giveBack();
  }

  /** What is wrong with an object. */
  record Failure(WholeRead read, IOException reason) implements Outcome {
    @Override
    public void giveBack() {}
  }

  /** A pinned object. */
  record Result(WholeRead read, PinnedExtent pinned) implements Outcome {

    /** Whether this fetched it and nothing is known of its bytes. */
    boolean isUnchecked() {
      return isFetched() && read.access.verifies(read.object);
    }

    private boolean isFetched() {
      return pinned.touch() == PinnedExtent.Touch.FETCHED;
    }

    @Override
    public void giveBack() {
      giveBack(isUnchecked());
    }

    /** Bytes that nobody knows to be of the right version must not stay for others. */
    private void giveBack(boolean discard) {
      try {
        if (discard) {
          read.access.cache().discard(read.extent);
        }
      } finally {
        pinned.close();
      }
    }
  }

  @Override
  public Outcome read() throws IOException, InterruptedException {
    if (!lenient) {
      return pinned();
    }
    try {
      return pinned();
    } catch (IOException e) {
      if (BadInput.is(e)) {
        return new Failure(this, e);
      }
      throw e;
    }
  }

  private Result pinned() throws IOException, InterruptedException {
    Result result = new Result(this, access.acquire(object, extent, requests));
    boolean right = false;
    try {
      if (result.isFetched() && !result.isUnchecked()) {
        check(result.pinned().bytes());
      }
      right = true;
      return result;
    } finally {
      if (!right) {
        result.giveBack(true);
      }
    }
  }

  private void check(ByteChunks bytes) throws IOException {
    VersionChecks versions = access.versions(object);
    if (!versions.passedBefore(extent, bytes)) {
      requests.look(
          () -> {
            access.checkVersion(object);
            return object;
          });
      versions.passed(extent, bytes);
    }
  }
}
