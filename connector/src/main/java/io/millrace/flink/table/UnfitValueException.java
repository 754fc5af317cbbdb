// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table;

/** A value that the declared type of its column cannot hold; the message says which and why. */
final class UnfitValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnfitValueException(String message) {
    super(message);
  }
}
