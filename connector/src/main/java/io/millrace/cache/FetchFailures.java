// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the failure of a fetch means to those who asked for the extent. */
final class FetchFailures {

  private FetchFailures() {}

  /** The failure itself, for each of those who waited: its type tells what may be done about it. */
  static IOException rethrown(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return (IOException) Objects.requireNonNull(failure);
  }

  /** Whether the fetch ended because its thread was interrupted; a time-out is no such thing. */
  static boolean isInterrupt(Throwable e) {
    return e instanceof IOException
        && (Thread.currentThread().isInterrupted()
            || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
            || e instanceof ClosedByInterruptException);
  }

  static InterruptedException interrupted(Extent extent, Throwable cause) {
    Thread.interrupted(); // the exception says it from here on
    InterruptedException e = new InterruptedException("Interrupted while fetching " + extent);
    e.initCause(cause);
    return e;
  }
}
