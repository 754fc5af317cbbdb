// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a replica is believed to work. After a failure it is avoided for 10 s; then one request
 * tries it, while the others go on avoiding it. If that fails it is avoided twice as long as
 * before, up to 5 min; if it succeeds all is well again. Failures that concern one object only,
 * such as its absence, say nothing of the replica. Thread-safe.
 *
 * <p>Many requests may be under way when a replica breaks or recovers. So that they count as one
 * failure, and none that began before takes the belief back, what comes of a turn counts only if
 * the belief has not changed since the turn began.
 */
final class ReplicaHealth {

  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(10);
  private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(5);

  private final ObjectLocation root;
  private final StorageClock clock;
  private final Logger log;

  /** Failures in a row, 0 while it is believed to work; guarded by this, as all below. */
  private int failures;

  /** When it may be tried again. */
  private long avoidedUntil;

  /** Whether a request is trying it again. */
  private boolean probing;

  /** How often the belief has changed. */
  private int beliefs;

  ReplicaHealth(ObjectLocation root, StorageClock clock) {
    this(root, clock, LoggerFactory.getLogger(ReplicaHealth.class));
  }

  /** As a test makes it, to see what operators are told. */
  ReplicaHealth(ObjectLocation root, StorageClock clock, Logger log) {
    this.root = root;
    this.clock = clock;
    this.log = log;
  }

  /** A turn of the next request, or null when it had better ask others first. */
  synchronized @Nullable Turn turn() {
    if (failures == 0) {
      return new Turn(false);
    }
    if (probing || clock.nanos() - avoidedUntil < 0) {
      return null;
    }
    probing = true;
    return new Turn(true);
  }

  /** A turn of a request that all others have failed. */
  synchronized Turn lastResort() {
    return new Turn(false);
  }

  private void believe(int newFailures) {
    failures = newFailures;
    probing = false;
    beliefs++;
  }

  private void avoid(int newFailures, IOException reason) {
    long pause = Math.min(FIRST_PAUSE << Math.min(newFailures - 1, 10), LONGEST_PAUSE);
    avoidedUntil = clock.nanos() + pause;
    believe(newFailures);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(pause);
    if (newFailures == 1) {
      log.warn("Avoiding replica {} for {} s: {}", root, seconds, Retries.messageOf(reason));
    } else {
      log.debug("Avoiding replica {} for {} s more: {}", root, seconds, Retries.messageOf(reason));
    }
  }

  private static boolean concernsOneObject(IOException failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof NoSuchFileException
        || failure instanceof NotDirectoryException
        || failure instanceof CorruptObjectException
        || failure instanceof ObjectChangedException;
  }

  /** One request at this replica. Closed when it has ended, however that was. */
  final class Turn implements AutoCloseable {

    private final boolean probe;
    private final int begunAt;

    private Turn(boolean probe) {
      this.probe = probe;
      this.begunAt = beliefs;
    }

    void succeeded() {
      synchronized (ReplicaHealth.this) {
        if (begunAt == beliefs && failures > 0) {
          believe(0);
          log.info("Replica {} answers again", root);
        }
      }
    }

    void failed(IOException reason) {
      if (concernsOneObject(reason)) {
        return;
      }
      synchronized (ReplicaHealth.this) {
        if (begunAt == beliefs && (probe || failures == 0)) {
          avoid(failures + 1, reason);
        }
      }
    }

    /** Lets the next request try where this one found nothing out. */
    @Override
    public void close() {
      synchronized (ReplicaHealth.this) {
        if (probe && begunAt == beliefs) {
          probing = false;
        }
      }
    }
  }
}
