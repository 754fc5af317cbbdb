// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import java.io.IOException;

/**
 * One sample of a unit cannot be read, however often its bytes are fetched; others of the unit can.
 * The message names the sample's object and what is wrong with it.
 */
public final class BadSampleException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A sample whose bytes are sound, but hold something else than what its dataset does. */
  public BadSampleException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A sample whose object is damaged or missing.
   *
   * @param cause what says so; gives its message, too
   */
  public BadSampleException(IOException cause) {
    super(BadInput.messageOf(cause), cause);
  }
}
