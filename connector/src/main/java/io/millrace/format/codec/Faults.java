// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.codec;

import io.millrace.storage.CorruptObjectException;
import io.millrace.storage.ObjectLocation;

/** The faults that every compression has in common. */
final class Faults {

  private Faults() {}

  /**
   * Refuses to believe in more than a length can inflate to.
   *
   * @param most bytes that the format can make of the source, or more
   */
  static void checkMost(String name, ObjectLocation object, long stored, long declared, long most)
      throws CorruptObjectException {
    if (declared > most) {
      throw new CorruptObjectException(
          object,
          0,
          "the "
              + name
              + " stream of "
              + stored
              + " bytes can hold at most "
              + most
              + " bytes where "
              + declared
              + " are declared");
    }
  }

  /** There is more than was declared. */
  static CorruptObjectException excess(String name, CompressedSource in, InflatedTarget out) {
    return in.corrupt(
        "the " + name + " stream inflates to more than the declared " + out.length() + " bytes");
  }

  /** Refuses a stream that came to its end before the target was full. */
  static void checkFull(String name, CompressedSource in, InflatedTarget out)
      throws CorruptObjectException {
    if (out.remaining() > 0) {
      throw in.corrupt(
          "the "
              + name
              + " stream ends after "
              + out.position()
              + " of the declared "
              + out.length()
              + " bytes");
    }
  }

  /** The source is at its end, and the stream is not. */
  static CorruptObjectException cut(String name, CompressedSource in) {
    return in.corrupt("the " + name + " stream is cut");
  }
}
