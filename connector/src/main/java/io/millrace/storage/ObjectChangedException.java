// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import java.io.IOException;

/** An object was replaced after the dataset's manifest was made: it changed while being read. */
public final class ObjectChangedException extends IOException {

  private static final long serialVersionUID = 1L;

  public ObjectChangedException(
      ObjectLocation object, ObjectVersion expected, ObjectVersion found) {
    super(
        "Object "
            + object
            + " changed while being read: expected "
            + expected
            + ", found "
            + found);
  }

  /** That no replica has it at the expected version any more. */
  ObjectChangedException(ObjectLocation object, String problem, ObjectChangedException cause) {
    super("Object " + object + " changed while being read: " + problem, cause);
  }
}
