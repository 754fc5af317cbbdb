// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.InterruptedIOException;

/** How an interrupt of a waiting thread becomes the error that the contracts name. */
final class Interrupts {

  private Interrupts() {}

  /** Sets the thread's interrupt flag again, so that callers above see it too. */
  static InterruptedIOException asIoException(StorageRequest request, InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException error =
        new InterruptedIOException("Cannot " + request + ": interrupted");
    error.initCause(cause);
    return error;
  }
}
