// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;
import java.time.Duration;

/** A store did not answer within the request timeout. Trying again may help. */
public final class RequestTimeoutException extends IOException {

  private static final long serialVersionUID = 1L;

  RequestTimeoutException(StorageRequest request, Duration timeout) {
    super("Cannot " + request + ": timeout, no answer within " + timeout.toMillis() + " ms");
  }

  RequestTimeoutException(StorageRequest request, Duration timeout, Throwable cause) {
    this(request, timeout);
    initCause(cause);
  }
}
