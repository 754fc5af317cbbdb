// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;

/**
 * The bytes of an object are not what its dataset's format, its index or its hash says. Trying
 * again does not help unless the object is replaced. The message names the object and the offset.
 */
public final class CorruptObjectException extends IOException {

  private static final long serialVersionUID = 1L;

  private final ObjectLocation object;
  private final long offset;

  /**
   * @param object the object with the fault
   * @param offset where in the object the fault shows, in bytes; for a compressed object an offset
   *     in the bytes that it inflates to where the message says so
   * @param problem what is wrong, with the offending value
   */
  public CorruptObjectException(ObjectLocation object, long offset, String problem) {
    super(messageOf(object, offset, problem));
    this.object = object;
    this.offset = offset;
  }

  public CorruptObjectException(
      ObjectLocation object, long offset, String problem, Throwable cause) {
    super(messageOf(object, offset, problem), cause);
    this.object = object;
    this.offset = offset;
  }

  private static String messageOf(ObjectLocation object, long offset, String problem) {
    return "Corrupt object " + object + " at offset " + offset + ": " + problem;
  }

  public ObjectLocation object() {
    return object;
  }

  public long offset() {
    return offset;
  }
}
