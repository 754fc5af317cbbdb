// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.process;

/** A process ended, or did not do in time what a test waits for; the message has its log's tail. */
public final class ProcessFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProcessFailedException(String message) {
    super(message);
  }
}
