// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.flink;

/** A JobManager refused a request, or did not answer it; the message says which and why. */
public final class FlinkRestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FlinkRestException(String message) {
    super(message);
  }

  FlinkRestException(String message, Throwable cause) {
    super(message, cause);
  }
}
