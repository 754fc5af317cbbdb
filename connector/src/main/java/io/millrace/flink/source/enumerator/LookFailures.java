// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.enumerator;

import io.millrace.format.DatasetChangedException;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.PermanentStorageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which failed looks at a dataset fail the job: those that another look cannot mend, and
 * any when looks have failed for too long. Used by the enumerator's thread alone.
 */
final class LookFailures {

  private static final Logger LOG = LoggerFactory.getLogger(LookFailures.class);

  private final ObjectLocation location;
  private final Duration patience;
  private final LongSupplier nanoClock;
  private boolean failing;
  private long failingSince;

  /**
   * @param patience how long looks may fail one after the other
   */
  LookFailures(ObjectLocation location, Duration patience, LongSupplier nanoClock) {
    this.location = location;
    this.patience = patience;
    this.nanoClock = nanoClock;
  }

  void succeeded() {
    if (failing) {
      failing = false;
      LOG.info("Looking for new shards of {} succeeds again", location);
    }
  }

  /** Of an object that is missing there may be only a name yet. */
  private static boolean isPermanent(Throwable failure) {
    return failure instanceof DatasetChangedException
        || failure instanceof AccessDeniedException
        || failure instanceof PermanentStorageException;
  }

  /**
   * Logs a failure of which there may be none next time.
   *
   * @throws IllegalStateException if the job must fail
   */
  void failed(Throwable failure) {
    if (!(failure instanceof IOException) || isPermanent(failure)) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
    if (failure instanceof InterruptedIOException) {
      LOG.debug("A look was interrupted: the enumerator is being closed", failure);
      return;
    }
    long now = nanoClock.getAsLong();
    if (!failing) {
      failing = true;
      failingSince = now;
    }
    Duration since = Duration.ofNanos(now - failingSince);
    if (since.compareTo(patience) >= 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot look for new shards of %s: no look has succeeded for %d s (storage.retry.timeout = %d s): %s",
              location,
              since.toSeconds(),
              patience.toSeconds(),
              failure.getMessage()),
          failure);
    }
    LOG.warn(
        "Cannot look for new shards of {}, looking again after scan.discovery.interval: {}",
        location,
        failure.getMessage());
    LOG.debug("The look failed with", failure);
  }
}
