// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends a reader's read, which its caller's thread is in, when it takes too long or when the reader
 * is closed meanwhile: closes what is read from on a worker, since some streams make that wait for
 * the read, and interrupts the reading thread if it is still there a second (or, if that is
 * shorter, one more timeout) later.
 *
 * <p>An interrupt of its own is taken back when the read has ended. One that somebody else sends
 * within that time is indistinguishable and may be taken back with it; who cancels a read closes
 * its reader, which is never lost.
 */
final class ReadWatch {

  /** Time for a stream to notice that it was closed. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final RequestTimer timer;
  private final Runnable closeReader;

  /** The read in progress; guarded by this. */
  private @Nullable Read current;

  private boolean closed;

  private static final class Read {
    final StorageRequest request;
    final Thread thread = Thread.currentThread();
    boolean expired;
    boolean interrupted;

    Read(StorageRequest request) {
      this.request = request;
    }
  }

  /**
   * @param closeReader makes reads fail; may hang
   */
  ReadWatch(RequestTimer timer, Runnable closeReader) {
    this.timer = timer;
    this.closeReader = closeReader;
  }

  /** Runs a read on the calling thread. */
  <T> T run(StorageRequest request, StorageCall<T> call) throws IOException {
    Read read = new Read(request);
    begin(read);
    try {
      Future<?> alarm = timer.schedule(request, () -> expire(read), timer.timeout());
      try {
        return call.run();
      } finally {
        alarm.cancel(false);
      }
    } catch (IOException e) {
      throw explain(read, e);
    } finally {
      end(read);
    }
  }

  /**
   * Makes further reads fail.
   *
   * @return whether a read was in progress, so that the reader is being closed; else the caller has
   *     yet to do that
   */
  boolean close() throws IOException {
    Read read;
    synchronized (this) {
      closed = true;
      read = current;
    }
    if (read == null) {
      return false;
    }
    breakOff(read);
    return true;
  }

  private synchronized void begin(Read read) throws PermanentStorageException {
    if (closed) {
      throw new PermanentStorageException("Cannot " + read.request + ": the reader is closed");
    }
    current = read;
  }

  private void expire(Read read) {
    synchronized (this) {
      if (current != read) {
        return;
      }
      read.expired = true;
    }
    try {
      breakOff(read);
    } catch (IOException e) {
      interrupt(read); // the timer is closed, and this is all that is left
    }
  }

  private void breakOff(Read read) throws IOException {
    timer.execute(read.request, closeReader);
    Duration timeout = timer.timeout();
    Duration grace = timeout.compareTo(GRACE) < 0 ? timeout : GRACE;
    Future<?> unused = timer.schedule(read.request, () -> interrupt(read), grace);
  }

  private synchronized void interrupt(Read read) {
    if (current == read && !read.thread.isInterrupted()) {
      read.interrupted = true;
      read.thread.interrupt();
    }
  }

  private synchronized void end(Read read) {
    current = null;
    if (read.interrupted) {
      boolean unused = Thread.interrupted();
    }
  }

  private synchronized IOException explain(Read read, IOException failure) {
    if (closed) {
      return new PermanentStorageException(
          "Cannot " + read.request + ": the reader was closed meanwhile", failure);
    }
    return read.expired
        ? new RequestTimeoutException(read.request, timer.timeout(), failure)
        : failure;
  }
}
