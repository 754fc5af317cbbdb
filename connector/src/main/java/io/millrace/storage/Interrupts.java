// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/** How an interrupt of a waiting thread becomes the error that the contracts name. */
final class Interrupts {

  private Interrupts() {}

  /** Whether a request ended because its thread was interrupted, rather than by a fault. */
  static boolean isInterrupt(IOException e) {
    return (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))
        || e instanceof ClosedByInterruptException;
  }

  /** Sets the thread's interrupt flag again, so that callers above see it too. */
  static InterruptedIOException asIoException(StorageRequest request, InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException error =
        new InterruptedIOException("Cannot " + request + ": interrupted");
    error.initCause(cause);
    return error;
  }
}
