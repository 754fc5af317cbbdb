// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.mds;

/**
 * A column's stored bytes break its encoding. Says where in the value; the reader, which knows the
 * sample and the object, turns it into a {@link io.millrace.storage.CorruptObjectException}.
 */
final class MalformedValueException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long at;

  /**
   * @param at offset in the value, in bytes
   * @param problem what is wrong, with the offending value
   */
  MalformedValueException(long at, String problem) {
    super(problem);
    this.at = at;
  }

  MalformedValueException(long at, String problem, Throwable cause) {
    super(problem, cause);
    this.at = at;
  }

  long at() {
    return at;
  }
}
