// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request again while its errors may pass. Waits 100 ms, then twice as long each time up to
 * 20 s, each wait shortened at random by up to half so that clients that failed together do not
 * come back together, and never past the timeout. Thread-safe.
 */
final class Retries {

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private static final long FIRST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(20);

  /** So many failures of one request are worth telling the operator, once. */
  private static final int NOTABLE_ATTEMPTS = 4;

  private final long timeout;
  private final StorageClock clock;
  private final DoubleSupplier jitter;
  private final OriginCounters counters;

  /**
   * @param timeout for all attempts of one request together; zero for one attempt
   * @param jitter numbers in [0, 1)
   */
  Retries(Duration timeout, StorageClock clock, DoubleSupplier jitter, OriginCounters counters) {
    this.timeout = timeout.toNanos();
    this.clock = clock;
    this.jitter = jitter;
    this.counters = counters;
  }

  /**
   * Runs a request until it succeeds, fails for good or has no time left.
   *
   * @param stop once open, a failure is final and a wait ends
   * @throws InterruptedIOException if the thread is interrupted; its flag stays set
   */
  <T> T run(StorageRequest request, CountDownLatch stop, StorageCall<T> call) throws IOException {
    long begin = clock.nanos();
    for (int attempt = 1; ; attempt++) {
      try {
        return call.run();
      } catch (IOException e) {
        if (timeout == 0 || stop.getCount() == 0 || isPermanent(e)) {
          throw e;
        }
        pause(request, attempt, begin, stop, e);
      }
      counters.countRetry();
    }
  }

  private void pause(
      StorageRequest request, int attempt, long begin, CountDownLatch stop, IOException failure)
      throws IOException {
    long elapsed = clock.nanos() - begin;
    if (elapsed >= timeout) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot %s: gave up after %d attempts in %d ms: %s",
              request,
              attempt,
              TimeUnit.NANOSECONDS.toMillis(elapsed),
              messageOf(failure)),
          failure);
    }
    if (attempt == NOTABLE_ATTEMPTS) {
      LOG.warn(
          "{} attempts to {} failed; trying on for up to {} s: {}",
          attempt,
          request,
          TimeUnit.NANOSECONDS.toSeconds(timeout - elapsed),
          messageOf(failure));
    }
    try {
      clock.sleep(Math.min(waitAfter(attempt, failure), timeout - elapsed), stop);
    } catch (InterruptedException e) {
      InterruptedIOException interrupted = Interrupts.asIoException(request, e);
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
    if (stop.getCount() == 0) {
      throw failure;
    }
  }

  private long waitAfter(int attempt, IOException failure) {
    long doubled = FIRST_WAIT << Math.min(attempt - 1, 10);
    long full = Math.min(doubled, LONGEST_WAIT);
    long shortened = full - (long) (jitter.getAsDouble() * full / 2);
    return failure instanceof ThrottledException throttled
        ? Math.max(shortened, throttled.retryAfter().toNanos())
        : shortened;
  }

  /** What a failure says, or what it is if it says nothing. */
  static String messageOf(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** Whether sending the request again is no use. */
  static boolean isPermanent(IOException e) {
    return Interrupts.isInterrupt(e)
        || e instanceof FileNotFoundException
        || e instanceof NoSuchFileException
        || e instanceof NotDirectoryException
        || e instanceof AccessDeniedException
        || e instanceof PermanentStorageException
        || e instanceof CorruptObjectException
        || e instanceof ObjectChangedException;
  }
}
