// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.CorruptObjectException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Tells what is wrong with the data itself from what is wrong with the way to it. */
public final class BadInput {

  private BadInput() {}

  /**
   * Whether a failure says that an object is damaged or missing, or that a sample is not what its
   * dataset says; rather than that a store cannot be reached, refuses, or has another version.
   */
  public static boolean is(IOException failure) {
    return failure instanceof CorruptObjectException
        || failure instanceof BadSampleException
        || isMissing(failure);
  }

  /** What a failure says, or what it is if it says nothing. */
  public static String messageOf(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** Whether a failure says that an object is not there. */
  public static boolean isMissing(IOException failure) {
    return failure instanceof FileNotFoundException || failure instanceof NoSuchFileException;
  }
}
