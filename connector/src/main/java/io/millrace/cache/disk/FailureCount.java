// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

/** Failures without a success in between. Thread-safe. */
final class FailureCount {

  private final int max;
  private int inARow;
  private boolean told;

  FailureCount(int max) {
    this.max = max;
  }

  /** Counts one; whether it is the first since {@link #reset}, which is worth a warning. */
  synchronized boolean failed() {
    inARow++;
    boolean first = !told;
    told = true;
    return first;
  }

  synchronized void worked() {
    inARow = 0;
  }

  synchronized void reset() {
    inARow = 0;
    told = false;
  }

  synchronized boolean none() {
    return inARow == 0;
  }

  synchronized boolean areTooMany() {
    return inARow >= max;
  }
}
